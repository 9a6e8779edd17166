"""Where the system's own template is: at the top of the checkout, or in the wheel with the functions beside it."""

import json
from pathlib import Path
from typing import Any, Final

PACKED: Final = "packed"
"""The folder of this package in which the wheel has the template and the functions, as they lie in the checkout."""
TRANSLATION: Final = "template.json"
"""The wheel's translation of the template, which reads without the libraries that made it."""
_PACKAGE: Final = Path(__file__).resolve().parents[1]
_PACKED: Final = _PACKAGE / PACKED

TEMPLATE: Final = (_PACKED if _PACKED.is_dir() else _PACKAGE.parents[1]) / "template.yaml"


def own_translation() -> dict[str, Any]:
    """The template as AWS's transform makes CloudFormation of it (see translate), with no parameter given.

    Raises ImportError in a checkout without the libraries of the extra `local`.
    """
    made = _PACKED / TRANSLATION
    if made.is_file():
        translated: dict[str, Any] = json.loads(made.read_text(encoding="utf-8"))
        return translated
    # Imported here, because what was translated before needs none of it.
    from tracelode_local.template.translation import translate

    return translate(TEMPLATE, {})
