"""What is said of a failure: its kind and its place in the code, and never what a file says or is called.

A message may hold what a supplier wrote: AWS's own quote keys, and the readers' quote cells. Lambda's runtime prints
the message of whatever a handler raises and hands it to X-Ray, so what is raised in the end is an error of this module.
"""

from collections.abc import Iterator
from pathlib import Path
from traceback import extract_tb

from aws_lambda_powertools import Logger

_PACKAGE = Path(__file__).parents[1]
_OWN_ROOM = Path(__file__).parent


class FunctionFailedError(RuntimeError):
    """What a function fails with as a whole, in words that anybody may read."""


def log_failure(logger: Logger, error: Exception, **names: str | int) -> str:
    """Log what failed under the names given, a line for each error of a group; returns the same in one line.

    Of an error its class, AWS's code and the place in the code are told; of a group of errors each, with what its group
    is called.
    """
    failures = [_told(of, each) for of, each in _each(error)]
    for told in failures:
        logger.error("failed", extra={**names, **told})
    return "; ".join(" ".join(told.values()) for told in failures)


def _told(of: str, error: BaseException) -> dict[str, str]:
    told = {"error": type(error).__name__, "code": _code(error), "at": _place(error), "of": of}
    return {name: value for name, value in told.items() if value}


def _each(error: BaseException, of: str = "") -> Iterator[tuple[str, BaseException]]:
    if not isinstance(error, BaseExceptionGroup):
        yield of, error
        return
    for inner in error.exceptions:
        yield from _each(inner, error.message)


def _code(error: BaseException) -> str:
    """What AWS answered, of the SDK's own errors, which carry it in `response`; "" for any other."""
    answered = getattr(error, "response", None)
    return str(answered.get("Error", {}).get("Code", "")) if isinstance(answered, dict) else ""


def _place(error: BaseException) -> str:
    """The innermost line of the package that raised it, or that called what did; "" for none."""
    own = [
        f"{Path(frame.filename).name}:{frame.lineno}"
        for frame in extract_tb(error.__traceback__)
        if _PACKAGE in Path(frame.filename).parents and _OWN_ROOM not in Path(frame.filename).parents
    ]
    return own[-1] if own else ""
