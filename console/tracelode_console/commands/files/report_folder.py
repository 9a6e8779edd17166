"""The folder that a report lies in, where the command line names one or not."""

from pathlib import Path


class NoReportError(Exception):
    """No report set is there, or not a whole one."""


def report_folder(given: Path | None, file: str) -> Path:
    """The folder that holds a file of a report: the one given, or the newest beneath it that has one.

    Raises NoReportError where there is none.
    """
    start = given or Path()
    if start.is_file():
        return start.parent
    patterns = ("", "latest", "*/latest") if given else ("", "latest", "out/*/latest", "*/latest")
    for pattern in patterns:
        found = sorted(start.glob(f"{pattern}/{file}" if pattern else file))
        if found:
            return found[-1].parent
    raise NoReportError(
        f"{start.resolve() if given is None else start}: no {file} is here; name the report's folder with --in"
    )
