"""A word in the log for what failed: what kind of error it was and where, and never what a file says."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

from aws_lambda_powertools import Logger


@contextmanager
def failures_logged(logger: Logger, **names: str | int) -> Iterator[None]:
    """Log whatever fails in the context, once, under the names given; the failure goes on as it was.

    Of an error its class, AWS's code and the place in the code are told. Its message is not: it may hold what a
    supplier wrote, or the name of a file. Of a group of errors each is told, with what its group is called.
    """
    try:
        yield
    except Exception as error:
        for of, each in _each(error):
            told = {"error": type(each).__name__, "code": _code(each), "at": _place(each), "of": of}
            logger.error("failed", extra={**names, **{name: value for name, value in told.items() if value}})
        raise


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
    folder = Path(__file__).parent
    own = [
        f"{Path(frame.filename).name}:{frame.lineno}"
        for frame in extract_tb(error.__traceback__)
        if folder in Path(frame.filename).parents and frame.filename != __file__
    ]
    return own[-1] if own else ""
