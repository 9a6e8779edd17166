"""Files of the team are answered in words as well, however much their parsers would make of them."""

import pytest

from tracelode.lists.problems import ReferenceRefusedError
from tracelode.reference.kinds import take

PROFILE = b'year = 2025\nvocabulary = "rmap"\n'
LIST = b"metal,cid,name,country,status,as_of"


@pytest.mark.parametrize(
    ("file", "data", "said"),
    [
        pytest.param("program.toml", PROFILE + b"x = " + b"[" * 5_000 + b"]" * 5_000, "nested", id="nested lists"),
        pytest.param("program.toml", PROFILE + b"x = " + b"{a=" * 5_000 + b"1" + b"}" * 5_000, "nested", id="tables"),
        pytest.param("program.toml", b"year = " + b"9" * 5_000, "digits", id="a number of thousands of digits"),
        pytest.param("program.toml", PROFILE + b"a." * 20_000 + b"b = 1", "parts", id="a key of countless parts"),
        pytest.param("program.toml", PROFILE + b"a . " * 20_000 + b"b = 1", "parts", id="the same, spaced"),
        pytest.param("program.toml", PROFILE + b"# no end\n" * 50_000, "larger than", id="a profile of any size"),
        pytest.param("smelter-list.csv", LIST + b",x" * 60_000 + b"\n", "twice", id="columns"),
        pytest.param("smelter-list.csv", b",".join(b"c%d" % n for n in range(60_000)), "missing", id="columns apart"),
        pytest.param("smelter-list.csv", LIST + b"\n" + b"," * 5_000_000, "cells", id="cells"),
    ],
)
def test_a_file_of_the_team_that_would_cost_too_much_is_refused_in_words(file: str, data: bytes, said: str):
    with pytest.raises(ReferenceRefusedError, match=said):
        take(file, data)


def test_a_profile_whose_prose_has_many_full_stops_is_taken():
    prose = '[narrative]\ncompany_overview = "' + "We make things. And so on... " * 200 + '"\n'
    take("program.toml", PROFILE + prose.encode())
