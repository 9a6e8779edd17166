"""S3's rules for a form upload (POST policy, Signature Version 4): whether a form may put what it brings.

moto stores whatever a form brings. The local cloud asks here first, so that a link refuses on this machine what it
refuses in an account. Source: Amazon S3 API reference, "Creating a POST policy" and "Authenticating requests: browser
uploads".
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

_NEED_NO_CONDITION: Final = frozenset({"policy", "x-amz-signature", "file", "awsaccesskeyid"})
FILE_NAME: Final = "${filename}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why S3 does not take a form: the HTTP status, its code, and what it says."""

    status: int
    code: str
    message: str


def refusal(
    form: Mapping[str, str], *, bucket: str, file_name: str, size: int, secret_key: str, now: datetime
) -> Refusal | None:
    """Why a form is not taken, None if it is. `size` is the file's, in bytes; names of fields know no case."""
    fields = {name.lower(): value for name, value in form.items() if name.lower() != "file"}
    fields["bucket"] = bucket
    fields["key"] = fields.get("key", "").replace(FILE_NAME, file_name)
    encoded = fields.get("policy", "")
    if not hmac.compare_digest(_signature(encoded, fields, secret_key), fields.get("x-amz-signature", "")):
        return Refusal(403, "SignatureDoesNotMatch", "The policy is not one that was signed.")
    try:
        policy = json.loads(base64.b64decode(encoded, validate=True))
        expiration = datetime.fromisoformat(policy["expiration"].replace("Z", "+00:00"))
    except (binascii.Error, ValueError, KeyError):
        return Refusal(400, "InvalidPolicyDocument", "The policy cannot be read.")
    if now >= expiration.astimezone(UTC):
        return Refusal(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
    return _broken_condition(policy["conditions"], fields, size)


def _broken_condition(conditions: list[Any], fields: Mapping[str, str], size: int) -> Refusal | None:
    named: set[str] = set()
    for condition in conditions:
        match condition:
            case ["content-length-range", low, high]:
                if size < int(low):
                    return Refusal(400, "EntityTooSmall", "The file is smaller than the least allowed.")
                if size > int(high):
                    return Refusal(400, "EntityTooLarge", "The file is larger than the most allowed.")
                continue
            case [operator, field, value]:
                name = str(field).removeprefix("$").lower()
            case dict():
                ((name, value),) = condition.items()
                operator, name = "eq", name.lower()
            case _:
                return Refusal(400, "InvalidPolicyDocument", "The policy has a condition of no known form.")
        named.add(name)
        held = fields.get(name, "")
        if not (held.startswith(value) if operator == "starts-with" else held == value):
            return Refusal(403, "AccessDenied", f"Invalid according to Policy: Policy Condition failed: {name}")
    extra = sorted(set(fields) - named - _NEED_NO_CONDITION - {"bucket"})
    if extra:
        return Refusal(403, "AccessDenied", f"Invalid according to Policy: Extra input fields: {', '.join(extra)}")
    return None


def _signature(encoded_policy: str, fields: Mapping[str, str], secret_key: str) -> str:
    """The signature of a policy under the credential scope that the form states (date/region/service/aws4_request)."""
    key = f"AWS4{secret_key}".encode()
    for part in fields.get("x-amz-credential", "").split("/")[1:]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, encoded_policy.encode(), hashlib.sha256).hexdigest()
