"""JSON for programs that read a command's output, and for whoever looks at it in a terminal."""

import json
import re

from rich.console import Console

_CONTROLLING = re.compile(
    "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""What a terminal obeys or hides; characters below 0x7f are escaped by the JSON encoder itself."""


def print_json(out: Console, value: object) -> None:
    """Write a value as indented JSON: letters of every script as they are, what could control a terminal escaped.

    Escapes mean the same characters to whoever parses it.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False)
    out.file.write(_CONTROLLING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
