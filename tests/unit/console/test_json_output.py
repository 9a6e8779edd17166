"""JSON that commands print: the same values to a program, nothing that a terminal obeys."""

import io
import json

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tracelode.printing.printable import printable
from tracelode_console.json_output import print_json

HIDING = st.sampled_from("\x1b\x7f\x85\x9b\u200b\u200f\u2028\u2029\u202e\u2066\u2069\ufeff\ud800\u061c")
TEXTS = st.text(st.one_of(st.characters(), HIDING))


def printed(value: object) -> str:
    file = io.StringIO()
    print_json(Console(file=file), value)
    return file.getvalue()


@given(st.recursive(TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)))
def test_whoever_parses_it_reads_the_same_and_no_character_of_it_controls_a_terminal(value) -> None:
    # WHEN
    text = printed(value)
    # THEN
    assert json.loads(text) == value
    for character in set("".join(text.splitlines())):
        assert printable(f"x{character}x") == f"x{character}x"


def test_letters_of_every_script_can_be_read() -> None:
    assert printed({"name": "江西钨业 Ömer"}) == '{\n  "name": "江西钨业 Ömer"\n}\n'
