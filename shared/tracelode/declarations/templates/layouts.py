"""Positions by template version: the facts of a kind's data (cmrt.toml) as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from tracelode.declarations.templates.questions import Question, Scope
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.declarations.templates.vocabulary import mineral_of, spelled_minerals
from tracelode.minerals import Mineral, RegisteredMineral
from tracelode.template_kind import TemplateKind
from tracelode.workbooks.addresses import column_number

DECLARATION = "Declaration"
REVISION = "Revision"
SMELTER_LIST = "Smelter List"
PRODUCT_LIST = "Product List"
LOOK_UP = "Smelter Look-up"
CHECKER = "Checker"
LANGUAGE_CELL = (3, 4)
"""Where every version of every template has the language in which it shows itself (Declaration D3)."""

LISTS = ("smelter_list", "product_list", "look_up")
"""The lists of a template, as its data calls them."""

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
    """A list on a sheet: its rows, and the letter of the column that holds each field it has.

    `headers` are the texts above its columns, by field: in English and, for the lists that a supplier fills, in the
    other languages of the template; "*" stands for any ending.
    """

    first_row: int
    last_row: int
    columns: Mapping[str, str]
    sheet: str = ""
    header_row: int = 0
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def column(self, field: str) -> int:
        """The column of a field, counted from 1. Raises KeyError for a field that this list lacks."""
        return column_number(self.columns[field])


@dataclass(frozen=True, slots=True)
class Layout:
    """What one version of a template asks, and where it keeps what (sources: the official templates, sheet by sheet).

    `minerals` are those that it asks about, in its order; `spelled` has their spellings, for `mineral_of`. `labels` are
    the English labels of the company block by field; "*" stands for any ending.
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
    minerals: tuple[Mineral, ...]
    spelled: Mapping[str, Mineral]
    labels: Mapping[str, tuple[str, ...]]
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
    def kind(self) -> TemplateKind:
        """The kind of the template."""
        return self.version.kind

    def mineral_of(self, text: str) -> Mineral | None:
        """Which of its minerals a text names: "Gold", "gold (Au)", "Au", "Or"; None if it names none of them."""
        return mineral_of(text, self.spelled)

    @property
    def asked(self) -> Mapping[Question, QuestionLayout]:
        """The questions that the family asks."""
        return {question: place for question, place in self.questions.items() if place.number}

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that hold what a declaration consists of, the indispensable ones first."""
        lists = (self.smelter_list, self.product_list, *self.look_ups)
        return (DECLARATION, *(place.sheet for place in lists if place.sheet))


Translations: TypeAlias = Mapping[str, Mapping[str, Mapping[str, list[str]]]]
"""Headers of lists in other languages, by list, field and language (headers.toml)."""


def read_layouts(
    kind: TemplateKind,
    document: Mapping[str, Any],
    minerals: Mapping[Mineral, RegisteredMineral],
    translated: Translations,
) -> tuple[Layout, ...]:
    """The layouts of a kind from its data, oldest version first.

    Raises ValueError where the data names a mineral that the registry does not know, or a version that is none.
    """
    reader = _Reader(kind, document, minerals, translated)
    return tuple(sorted(map(reader.layout, document["layout"]), key=lambda layout: layout.version))


def version_in(kind: TemplateKind, text: str) -> TemplateVersion:
    """A version as the data of a kind writes it. Raises ValueError for what is none."""
    version = TemplateVersion.parse(kind, text)
    if version is None:
        raise ValueError(f"data of the {kind}: {text!r} is not a version")
    return version


@dataclass(frozen=True, slots=True)
class _Reader:
    kind: TemplateKind
    document: Mapping[str, Any]
    known: Mapping[Mineral, RegisteredMineral]
    translated: Translations

    def layout(self, entry: Mapping[str, Any]) -> Layout:
        family = self._family(entry["family"])
        minerals = tuple(map(Mineral, family["minerals"]))
        unknown = [mineral for mineral in minerals if mineral not in self.known]
        if unknown:
            raise ValueError(f"data of the {self.kind}: not in the registry of minerals: {', '.join(unknown)}")
        products = {"sheet": PRODUCT_LIST, **family["product_list"]} if "product_list" in family else _NO_PRODUCT_LIST
        return Layout(
            version=version_in(self.kind, entry["version"]),
            released=entry["released"],
            documented=family["documented"],
            minerals=minerals,
            spelled=spelled_minerals(self.known[mineral] for mineral in minerals),
            labels=_texts(self.document["labels"]),
            label_column=family["label_column"],
            answer_column=family["answer_column"],
            comment_column=family["comment_column"],
            scopes={choice: Scope(meaning) for choice, meaning in family["scopes"].items()},
            company=family["company"],
            date_cells=family.get("date_cells", {}),
            questions={
                question: self._question(family["questions"][question.value], len(minerals))
                if question.value in family["questions"]
                else _NOT_ASKED
                for question in Question
            },
            company_questions={
                letter: CompanyQuestionLayout(question["row"], tuple(question["choices"]))
                for letter, question in family["company_questions"].items()
            },
            smelter_list=self._list("smelter_list", {"sheet": SMELTER_LIST, **family["smelter_list"]}),
            shows_names=family["shows_names"],
            recycled_choices=tuple(family["recycled_choices"]),
            product_list=self._list(
                "product_list", {**products, "last_row": entry.get("product_last_row", products["last_row"])}
            ),
            look_ups=tuple(
                self._list("look_up", {"last_row": 9_999, **look_up}) for look_up in family.get("look_ups", ())
            ),
            demanded=tuple(family.get("demanded", ())),
            fills_known_unlisted_smelters=entry.get("fills_known_unlisted_smelters", True),
        )

    def _family(self, name: str) -> Mapping[str, Any]:
        own: Mapping[str, Any] = self.document["families"][name]
        return {**(self._family(own["like"]) if "like" in own else {}), **own}

    def _question(self, data: Mapping[str, Any], minerals: int) -> QuestionLayout:
        row, choices = data["row"], tuple(data["choices"])
        means = {**self.document.get("equivalents", {}), **data.get("means", {})}
        return QuestionLayout(
            data["number"],
            row,
            tuple(range(row + 1, row + 1 + minerals)),
            choices,
            {choice: means[choice] for choice in choices if choice in means},
        )

    def _list(self, name: str, data: Mapping[str, Any]) -> ListLayout:
        first = data["first_row"]
        return ListLayout(
            first_row=first,
            last_row=data["last_row"],
            columns=data["columns"],
            sheet=data["sheet"],
            header_row=data.get("header_row", first - 1),
            headers=headers_in(self.document, self.translated, name),
        )


def headers_in(document: Mapping[str, Any], translated: Translations, of_list: str) -> Mapping[str, tuple[str, ...]]:
    """What the columns of a list ("smelter_list", "product_list", "look_up") are called by a kind's data, by field."""
    spelled = translated.get(of_list, {})
    return {
        name: (*texts, *(text for texts_ in spelled.get(name, {}).values() for text in texts_))
        for name, texts in _texts(document["headers"][of_list]).items()
    }


def _texts(data: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(texts) for name, texts in data.items()}
