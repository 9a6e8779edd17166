"""The page on the filing names every option, section, filter and word that there is."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from tracelode.own_text.claims import Claims
from tracelode.own_text.language import FILTERS
from tracelode.own_text.own_sections import parse_own_section
from tracelode.own_text.sections import SECTIONS
from tracelode.picture.edition import Words
from tracelode.smelters.status import Vocabulary
from tracelode.sources.program import EDITION_OF, Edition
from tracelode.sources.stated_facts import Actions

PAGE = (Path(__file__).parents[3] / "docs" / "FILING.md").read_text("utf-8")


@pytest.mark.parametrize("option", [field.name for field in fields(Edition)])
def test_every_option_has_its_row_with_what_it_is_by_default(option: str) -> None:
    (row,) = re.findall(rf"^\| `{option}` \| ([\w ]+) \|", PAGE, re.MULTILINE)
    default = getattr(EDITION_OF[Vocabulary.RMAP], option)
    unset = "by the year" if option == "exhibits_item" else "none"
    assert row == {"True": "on", "False": "off"}.get(str(default), unset)
    assert not getattr(EDITION_OF[Vocabulary.CFSP_2016], option)


@pytest.mark.parametrize(
    "name", [*SECTIONS, *(field.name for field in (*fields(Words),)), *(field.name for field in fields(Actions))]
)
def test_every_name_is_named(name: str) -> None:
    assert name in PAGE


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_named(name: str) -> None:
    assert f"`{name}" in PAGE


def test_the_claims_of_the_page_are_claims_and_its_example_is_taken() -> None:
    assert {"everybody_responded", "some_indeterminable", "last_year_known"} <= set(Claims.names())
    (example,) = [text for language, text in re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL) if not language]
    assert parse_own_section("future-steps", "section-future-steps.txt", example.encode()).text
