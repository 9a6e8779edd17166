"""Positions by template version: facts from layouts.toml as values."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from tracelode.declarations.templates.questions import Question, Scope
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.metals import Metal
from tracelode.workbooks.addresses import column_number

DECLARATION = "Declaration"
REVISION = "Revision"
SMELTER_LIST = "Smelter List"
PRODUCT_LIST = "Product List"
LOOK_UP = "Smelter Look-up"
CHECKER = "Checker"

_NO_PRODUCT_LIST = {
    "sheet": "",
    "first_row": 6,
    "last_row": 5,
    "columns": {"number": "B", "name": "C", "comments": "D"},
}


@dataclass(frozen=True, slots=True)
class QuestionLayout:
    """A question: its number in this version, its label's row, its metals' rows, and its choices in English.

    `means` says what a choice comes to in the words of the newest template, where those are others. A question that a
    family does not ask has number and row 0, and no metals' rows.
    """

    number: int
    row: int
    metal_rows: tuple[int, ...]
    choices: tuple[str, ...]
    means: Mapping[str, str] = field(default_factory=dict)


_NOT_ASKED = QuestionLayout(0, 0, (), ())


@dataclass(frozen=True, slots=True)
class CompanyQuestionLayout:
    """A company-level question: the row of its answer and comment, and its choices in English."""

    row: int
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListLayout:
    """A list on a sheet: its rows, and the letter of the column that holds each field it has."""

    first_row: int
    last_row: int
    columns: Mapping[str, str]
    sheet: str = ""
    header_row: int = 0

    def column(self, field: str) -> int:
        """The column of a field, counted from 1. Raises KeyError for a field that this list lacks."""
        return column_number(self.columns[field])


@dataclass(frozen=True, slots=True)
class Layout:
    """Where one version of the CMRT keeps what (sources: the official templates, sheet by sheet).

    `documented` says whether these positions were compared with a template of the family. `shows_names` says that name
    and country of a smelter stand in cells that a supplier sees and may change. `date_cells` is where day, month and
    year of the date stand, if apart. `product_list` has no sheet and no rows before there was one.
    `fills_known_unlisted_smelters` says whether the sheet's formulas complete a line "Smelter not listed" whose name is
    known to the look-up after all (Smelter List column V: from 6.22). `demanded` are the fields of the company block
    and the letters of company-level questions that the family's own Checker asks for, beyond those that CMRT 6 does.
    """

    version: TemplateVersion
    released: date
    documented: bool
    metals: tuple[Metal, ...]
    label_column: str
    answer_column: str
    comment_column: str
    scopes: Mapping[str, Scope]
    company: Mapping[str, int]
    date_cells: Mapping[str, str]
    questions: Mapping[Question, QuestionLayout]
    company_questions: Mapping[str, CompanyQuestionLayout]
    smelter_list: ListLayout
    shows_names: bool
    recycled_choices: tuple[str, ...]
    product_list: ListLayout
    look_ups: tuple[ListLayout, ...]
    fills_known_unlisted_smelters: bool
    demanded: tuple[str, ...]

    @property
    def asked(self) -> Mapping[Question, QuestionLayout]:
        """The questions that the family asks."""
        return {question: place for question, place in self.questions.items() if place.number}

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that hold what a declaration consists of, the indispensable ones first."""
        lists = (self.smelter_list, self.product_list, *self.look_ups)
        return (DECLARATION, *(place.sheet for place in lists if place.sheet))


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout, oldest version first."""
    families = {name: _family(name) for name in _data()["families"]}
    return tuple(
        sorted(
            (_layout(entry, families[entry["family"]]) for entry in _data()["layout"]),
            key=lambda layout: layout.version,
        )
    )


def newest_layout() -> Layout:
    """The layout of the newest version that is known."""
    return layouts()[-1]


def layout_for(version: TemplateVersion) -> Layout | None:
    """The layout to read a version with: its own, the one known to be the same, or the newest one before it.

    A version of a family that is not known yet gets the newest layout of all; None is for what came before the first
    template.
    """
    version = _same_as().get(version, version)
    before = [layout for layout in layouts() if layout.version <= version]
    if not before:
        return None
    of_family = [layout for layout in layouts() if layout.version.family == version.family]
    return before[-1] if not of_family or before[-1] in of_family else of_family[0]


def is_known(version: TemplateVersion) -> bool:
    """Whether exactly this version has been released, so that its family's positions are its own."""
    return version in _same_as() or any(layout.version == version for layout in layouts())


def printed_version(version: TemplateVersion) -> str:
    """A version as RMI prints it: 4.20 for what counts as 4.2; one that RMI has not released as it counts."""
    return _printed().get(version, str(version))


def labels() -> Mapping[str, tuple[str, ...]]:
    """The English labels of the company block by field; "*" stands for any ending."""
    return _texts(_data()["labels"])


def headers(of_list: str) -> Mapping[str, tuple[str, ...]]:
    """The column headers of a list ("smelter_list", "product_list", "look_up") by field.

    They are in English and, for the lists that a supplier fills, in the other languages of the template; "*" stands for
    any ending.
    """
    translated = _translated_headers().get(of_list, {})
    return {
        name: (*texts, *(text for spelled in translated.get(name, {}).values() for text in spelled))
        for name, texts in _texts(_data()["headers"][of_list]).items()
    }


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("tracelode.declarations.templates").joinpath("layouts.toml").read_text(encoding="utf-8"))


@cache
def _translated_headers() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    return tomllib.loads(files("tracelode.declarations.templates").joinpath("headers.toml").read_text(encoding="utf-8"))


def _texts(data: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(texts) for name, texts in data.items()}


def _family(name: str) -> Mapping[str, Any]:
    own: Mapping[str, Any] = _data()["families"][name]
    return {**(_family(own["like"]) if "like" in own else {}), **own}


@cache
def _printed() -> Mapping[TemplateVersion, str]:
    return {_version(entry["version"]): entry["version"] for entry in _data()["layout"]}


@cache
def _same_as() -> Mapping[TemplateVersion, TemplateVersion]:
    return {_version(version): _version(same) for version, same in _data()["same_as"].items()}


def _version(text: str) -> TemplateVersion:
    version = TemplateVersion.parse(text)
    if version is None:
        raise ValueError(f"layouts.toml: {text!r} is not a version")
    return version


def _layout(entry: Mapping[str, Any], family: Mapping[str, Any]) -> Layout:
    metals = tuple(Metal(name) for name in family["metals"])
    products = {"sheet": PRODUCT_LIST, **family["product_list"]} if "product_list" in family else _NO_PRODUCT_LIST
    return Layout(
        version=_version(entry["version"]),
        released=entry["released"],
        documented=family["documented"],
        metals=metals,
        label_column=family["label_column"],
        answer_column=family["answer_column"],
        comment_column=family["comment_column"],
        scopes={choice: Scope(meaning) for choice, meaning in family["scopes"].items()},
        company=family["company"],
        date_cells=family.get("date_cells", {}),
        questions={
            question: _question(family["questions"][question.value], len(metals))
            if question.value in family["questions"]
            else _NOT_ASKED
            for question in Question
        },
        company_questions={
            letter: CompanyQuestionLayout(question["row"], tuple(question["choices"]))
            for letter, question in family["company_questions"].items()
        },
        smelter_list=_list({"sheet": SMELTER_LIST, **family["smelter_list"]}),
        shows_names=family["shows_names"],
        recycled_choices=tuple(family["recycled_choices"]),
        product_list=_list({**products, "last_row": entry.get("product_last_row", products["last_row"])}),
        look_ups=tuple(_list({"last_row": 9_999, **look_up}) for look_up in family.get("look_ups", ())),
        demanded=tuple(family.get("demanded", ())),
        fills_known_unlisted_smelters=entry.get("fills_known_unlisted_smelters", True),
    )


def _question(data: Mapping[str, Any], metals: int) -> QuestionLayout:
    row, choices = data["row"], tuple(data["choices"])
    means = {**_data()["equivalents"], **data.get("means", {})}
    return QuestionLayout(
        data["number"],
        row,
        tuple(range(row + 1, row + 1 + metals)),
        choices,
        {choice: means[choice] for choice in choices if choice in means},
    )


def _list(data: Mapping[str, Any]) -> ListLayout:
    first = data["first_row"]
    return ListLayout(first, data["last_row"], data["columns"], data["sheet"], data.get("header_row", first - 1))
