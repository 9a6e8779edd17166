"""JSON with one form for one value."""

import json
from typing import Any


def to_json(value: Any) -> bytes:
    """Readable JSON with one form for one value: sorted names, UTF-8, a final line break."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n").encode(
        "utf-8", "replace"
    )
