"""Positions by template version: facts from layouts.toml as values."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from openpyxl.utils import column_index_from_string

from tracelode.cmrt.declaration import Question
from tracelode.cmrt.versions import TemplateVersion
from tracelode.metals import Metal

DECLARATION = "Declaration"
REVISION = "Revision"
SMELTER_LIST = "Smelter List"
PRODUCT_LIST = "Product List"
LOOK_UP = "Smelter Look-up"


@dataclass(frozen=True, slots=True)
class QuestionLayout:
    """A question: its number in this version, its label's row (the metals' rows follow), and its choices in English."""

    number: int
    row: int
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompanyQuestionLayout:
    """A company-level question: the row of its answer and comment, and its choices in English."""

    row: int
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListLayout:
    """A list on a sheet: its rows, and the letter of the column that holds each field."""

    first_row: int
    last_row: int
    columns: Mapping[str, str]

    def column(self, field: str) -> int:
        """The column of a field, counted from 1."""
        return column_index_from_string(self.columns[field])


@dataclass(frozen=True, slots=True)
class Layout:
    """Where one version of the CMRT keeps what (sources: the official templates, sheet by sheet).

    `fills_known_unlisted_smelters` says whether the sheet's formulas complete a line "Smelter not listed" whose name is
    known to the look-up after all (Smelter List column V: from 6.22).
    """

    version: TemplateVersion
    released: date
    metals: tuple[Metal, ...]
    label_column: str
    answer_column: str
    comment_column: str
    scopes: tuple[str, ...]
    company: Mapping[str, int]
    questions: Mapping[Question, QuestionLayout]
    company_questions: Mapping[str, CompanyQuestionLayout]
    smelter_list: ListLayout
    recycled_choices: tuple[str, ...]
    product_list: ListLayout
    look_up: ListLayout
    fills_known_unlisted_smelters: bool


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout, oldest version first."""
    data = _data()
    return tuple(
        sorted(
            (_layout(entry, data["families"][str(entry["family"])]) for entry in data["layout"]),
            key=lambda layout: layout.version,
        )
    )


def newest_layout() -> Layout:
    """The layout of the newest version that is known."""
    return layouts()[-1]


def layout_for(version: TemplateVersion) -> Layout | None:
    """The layout to read a version with: its own, the one known to be the same, or the newest before it.

    None for a family without layouts (1.x to 5.x, and whatever comes after 6.x).
    """
    version = _same_as().get(version, version)
    family = [layout for layout in layouts() if layout.version.family == version.family]
    before = [layout for layout in family if layout.version <= version]
    return before[-1] if before else (family[0] if family else None)


def is_known(version: TemplateVersion) -> bool:
    """Whether the positions of exactly this version are known."""
    return version in _same_as() or any(layout.version == version for layout in layouts())


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("tracelode.cmrt").joinpath("layouts.toml").read_text(encoding="utf-8"))


@cache
def _same_as() -> Mapping[TemplateVersion, TemplateVersion]:
    return {_version(version): _version(same) for version, same in _data()["same_as"].items()}


def _version(text: str) -> TemplateVersion:
    version = TemplateVersion.parse(text)
    if version is None:
        raise ValueError(f"layouts.toml: {text!r} is not a version")
    return version


def _layout(entry: Mapping[str, Any], family: Mapping[str, Any]) -> Layout:
    products = family["product_list"]
    return Layout(
        version=_version(entry["version"]),
        released=entry["released"],
        metals=tuple(Metal(name) for name in family["metals"]),
        label_column=family["label_column"],
        answer_column=family["answer_column"],
        comment_column=family["comment_column"],
        scopes=tuple(family["scopes"]),
        company=family["company"],
        questions={
            Question(meaning): QuestionLayout(question["number"], question["row"], tuple(question["choices"]))
            for meaning, question in family["questions"].items()
        },
        company_questions={
            letter: CompanyQuestionLayout(question["row"], tuple(question["choices"]))
            for letter, question in family["company_questions"].items()
        },
        smelter_list=_list(family["smelter_list"]),
        recycled_choices=tuple(family["smelter_list"]["recycled_choices"]),
        product_list=_list({**products, "last_row": entry.get("product_last_row", products["last_row"])}),
        look_up=_list({"last_row": 9_999, **family["look_up"]}),
        fills_known_unlisted_smelters=entry.get("fills_known_unlisted_smelters", True),
    )


def _list(data: Mapping[str, Any]) -> ListLayout:
    return ListLayout(data["first_row"], data["last_row"], data["columns"])
