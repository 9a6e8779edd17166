"""What AWS refuses, and what to do about it, in a sentence."""

from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004  botocore's own, which is none of Python's
    NoCredentialsError,
    SSOError,
)

_DENIED: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "AccessDeniedFault"}
)
_STALE: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId"})
_SKEWED: Final = frozenset({"RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException"})


def denied(error: ClientError) -> bool:
    """Whether the caller lacks a right."""
    return error.response.get("Error", {}).get("Code", "") in _DENIED


def explained(error: ClientError | BotoCoreError) -> str:
    """What went wrong between here and AWS, and what to do about it."""
    if isinstance(error, ClientError):
        return _refused(error)
    if isinstance(error, NoCredentialsError):
        return "there are no credentials: run `aws configure` or `aws sso login`, or give --profile"
    if isinstance(error, SSOError):
        return f"the sign-on has ended: run `aws sso login` ({error})"
    if isinstance(error, ConnectionError):
        return f"no connection: {error}"
    return str(error)


def _refused(error: ClientError) -> str:
    said = error.response.get("Error", {})
    code, message = said.get("Code", ""), said.get("Message", "")
    if code in _DENIED:
        return f"you lack the right to {error.operation_name}: {message or code}"
    if code in _STALE:
        return f"the credentials have ended or are not known: sign in again ({code})"
    if code in _SKEWED:
        return f"the signature is refused ({code}): is this machine's clock right, and is the secret key?"
    return f"{error.operation_name}: {code} {message}"
