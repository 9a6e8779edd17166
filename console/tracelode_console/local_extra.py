"""The extra `local` of the package: what the system on this machine needs and the plain install leaves out."""

from importlib.util import find_spec
from typing import Final

LIBRARIES: Final = ("flask", "moto", "samtranslator", "watchdog")
"""What the extra brings, by the names that are imported."""


def what_to_install() -> str:
    """What to do about libraries of the extra that are missing, "" where none is."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if not missing:
        return ""
    return f"this needs the extra `local` (no {', '.join(missing)} here): pip install 'tracelode[local]'"
