"""What a rule is: an id, a weight, a source, words, and a check that says where it is broken."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from string import Formatter
from typing import TypeAlias

from tracelode.declarations.declaration import Answer, Declaration, Entry, Reading, SmelterLine
from tracelode.declarations.look_up import LookUp
from tracelode.declarations.templates.catalogue import TEMPLATES, Templates
from tracelode.declarations.templates.layouts import DECLARATION, LOOK_UP, Layout
from tracelode.declarations.templates.questions import Question
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.findings import CELLS_APART, Finding, Severity
from tracelode.minerals import Mineral
from tracelode.review.rules.demands import Demands
from tracelode.review.rules.plausible import names_a_mine
from tracelode.template_kind import CMRT, TemplateKind
from tracelode.workbooks.limits import MAX_FOUND

MAX_HITS = 100
"""Findings that one rule makes on one declaration at most, and cells that one finding names: the Smelter List has 2,500
rows.
"""

COMPANY_QUESTIONS_OF_FAMILY = 6
"""The family whose company-level questions the letters A to H mean: older families ask others under these letters."""

FIRST_FAMILY_WITH_CIDS = 3
"""The family whose look-up tab first has CIDs: before it, a known smelter is one without a CID."""

_CELLS: Mapping[str, Callable[[SmelterLine], str]] = {
    "cid": lambda line: line.typed_cid,
    "metal": lambda line: line.typed_metal,
    "look_up": lambda line: line.typed_lookup,
    "name": lambda line: line.typed_name,
    "country": lambda line: line.typed_country or line.country,
    "identification": lambda line: line.typed_identification,
    "mine": lambda line: line.mine,
    "mine_country": lambda line: line.mine_country,
    "recycled": lambda line: line.recycled,
    "comments": lambda line: line.comments,
}
"""What stands in a line's cell, by the layout's name for the column. An empty country shows what its formula fills."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule looks at: a declaration as it was read, its layout, and what the program year demands.

    What the reading or the demands do not know is None: rules that need it are then silent. `layout` is where this very
    workbook has its fields. `minerals` are those that the declaration is asked about, and `lines` the Smelter List's
    lines of each; both of a rule's own minerals alone, where it has some. `templates` are those that are known.
    """

    declaration: Declaration
    layout: Layout
    minerals: tuple[Mineral, ...]
    lines: Mapping[Mineral, tuple[SmelterLine, ...]]
    demands: Demands
    look_up: LookUp | None = None
    checker_count: int | None = None
    templates: Templates = TEMPLATES

    def about(self, minerals: tuple[Mineral, ...]) -> "Case":
        """The case as far as it is about some minerals."""
        kept = tuple(mineral for mineral in self.minerals if mineral in minerals)
        return replace(self, minerals=kept, lines={mineral: self.lines[mineral] for mineral in kept})

    @property
    def version(self) -> TemplateVersion | None:
        """The template's version."""
        return TemplateVersion.parse(self.declaration.kind, self.declaration.template_version)

    def answer(self, question: Question, metal: Mineral) -> Answer | None:
        """The answer to a question for a metal; None if this template does not ask it.

        Where one question decides alone whether a metal counts (1.x, 2.x), it is the first.
        """
        answer = self.declaration.answers[question][metal]
        first = self.declaration.answers[Question.INTENTIONALLY_ADDED][metal]
        if question is not Question.INTENTIONALLY_ADDED and answer.entry.cell in ("", first.entry.cell):
            return None
        return answer

    def value(self, question: Question, metal: Mineral) -> str | None:
        """The answer's choice; None if there is none, or none of the choices."""
        answer = self.answer(question, metal)
        return answer.value if answer else None

    def company_answer(self, letter: str) -> Answer | None:
        """The answer to a company-level question of CMRT 6; None if this template does not ask it."""
        if self.layout.version.family != COMPANY_QUESTIONS_OF_FAMILY:
            return None
        return self.declaration.company_answers.get(letter)

    def metals(self, question: Question) -> Iterator[tuple[Mineral, Answer]]:
        """The metals in the products, each with its answer to a question."""
        for metal in self.minerals:
            answer = self.answer(question, metal)
            if answer and self.declaration.in_scope(metal):
                yield metal, answer

    @property
    def knows_cids(self) -> bool:
        """Whether this template's look-up tab has CIDs, so that a smelter that it knows has one."""
        return self.layout.version.family >= FIRST_FAMILY_WITH_CIDS

    def lists(self, column: str) -> bool:
        """Whether the Smelter List of this template has a column, by the layout's name for it."""
        return column in self.layout.smelter_list.columns

    def on_line(self, line: SmelterLine, column: str, **words: object) -> "Hit":
        """A cell of a line of the Smelter List, by the layout's name for the column; its metal's if there is none."""
        found = _CELLS[column](line)
        place = self.layout.smelter_list
        return Hit(place.sheet, f"{place.columns.get(column, place.columns['metal'])}{line.row}", found, words)

    def naming(self, line: SmelterLine, **words: object) -> "Hit":
        """The cell of a line that names its smelter."""
        return self.on_line(line, "cid" if line.typed_cid else "look_up", **words)


def case_of(reading: Reading, declaration: Declaration, demands: Demands, templates: Templates = TEMPLATES) -> Case:
    """The case of a reading's declaration, with the layout that it was read with, else its version's."""
    version = TemplateVersion.parse(declaration.kind, declaration.template_version)
    of_version = templates.layout_for(version) if version else None
    by_mineral: dict[Mineral, list[SmelterLine]] = {mineral: [] for mineral in declaration.minerals}
    for line in declaration.smelters:
        if line.metal in by_mineral:
            by_mineral[line.metal].append(line)
    return Case(
        declaration=declaration,
        layout=reading.layout or of_version or templates.newest(declaration.kind),
        minerals=declaration.minerals,
        lines={mineral: tuple(lines) for mineral, lines in by_mineral.items()},
        demands=demands,
        look_up=reading.look_up,
        checker_count=reading.checker_count,
        templates=templates,
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a rule is broken. `words` fill the rule's `{names}`: our own words or numbers, nothing foreign."""

    sheet: str
    cell: str
    found: str = ""
    words: Mapping[str, object] = field(default_factory=dict)


def together(hits: Sequence[Hit], **words: object) -> Iterator[Hit]:
    """One hit for several on a sheet: it names their cells, `MAX_HITS` at most, and what stands in the first.

    `count` fills a rule with how many they are. Of no hits there is none; of several sheets, one for each.
    """
    for sheet in dict.fromkeys(hit.sheet for hit in hits):
        on_sheet = [hit for hit in hits if hit.sheet == sheet]
        cells = list(dict.fromkeys(hit.cell for hit in on_sheet))
        more = f"{CELLS_APART}… (+{len(cells) - MAX_HITS})" if len(cells) > MAX_HITS else ""
        named = CELLS_APART.join(cells[:MAX_HITS]) + more
        yield Hit(sheet, named, on_sheet[0].found, {"count": len(on_sheet), **words})


Check: TypeAlias = Callable[[Case], Iterable[Hit]]
"""Where a case breaks a rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong or doubtful in a declaration that was read.

    `message` and `remedy` are templates. Their `{names}` are filled with the rule's own `words`, what the
    declaration's template calls things (the numbers of questions under the names of `Question`), and the words of each
    hit. Rules that differ in nothing but their own words share a `family`: the id under which their templates are
    translated.

    `in_general` and `remedy_in_general` say the same without a document, where a template has a word that differs from
    finding to finding; "" where the template itself can be read without one.

    It is held against declarations of its `kinds` alone, and as far as they are about its `minerals`: () for all that
    a declaration is asked about.
    """

    id: str
    severity: Severity
    source: str
    message: str
    remedy: str
    check: Check
    words: Mapping[str, str] = field(default_factory=dict)
    family: str = ""
    kinds: tuple[TemplateKind, ...] = (CMRT,)
    minerals: tuple[Mineral, ...] = ()
    in_general: str = ""
    remedy_in_general: str = ""

    @property
    def template_id(self) -> str:
        """The id under which this rule's templates stand in a catalogue of translations."""
        return self.family or self.id

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the templates, sorted."""
        return tuple(sorted(names_in(self.message) | names_in(self.remedy)))

    def hits(self, case: Case) -> Iterable[Hit]:
        """Every place where the rule is broken; none in a declaration that it is not for."""
        if case.declaration.kind not in self.kinds:
            return ()
        return self.check(case.about(self.minerals) if self.minerals else case)

    def findings(self, case: Case, severity: Severity | None = None) -> Iterator[Finding]:
        """A finding for each place where the rule is broken, in the order of the sheet, `MAX_HITS` at most; none in a
        declaration that it is not for.

        They weigh `severity`, or what the rule weighs by itself.
        """
        for hit in islice(self.hits(case), MAX_HITS):
            known = {**names_of(case.layout), **self.words, **hit.words}
            words = {name: str(known[name]) for name in self.names}
            yield Finding(
                rule=self.id,
                severity=severity or self.severity,
                message=self.message.format_map(words),
                remedy=self.remedy.format_map(words),
                sheet=hit.sheet,
                cell=hit.cell,
                found=hit.found[:MAX_FOUND],
                words=words,
            )


def names_in(template: str) -> set[str]:
    """The names that a template has to be filled with."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def mine_column(line: SmelterLine) -> str:
    """The column in which a line names a mine or its country; "" if it names neither."""
    if names_a_mine(line.mine):
        return "mine"
    return "mine_country" if names_a_mine(line.mine_country) else ""


def at(entry: Entry, **words: object) -> Hit:
    """The place of an entry on the Declaration sheet."""
    return Hit(DECLARATION, entry.cell, entry.text, words)


def names_of(layout: Layout) -> dict[str, object]:
    """What a template calls things, as this very workbook has them: the number of each question by the question's name,
    the letters of the lists' columns, its sheet of known smelters."""
    numbers = {question.value: place.number for question, place in layout.questions.items()}
    columns = {f"{name}_column": layout.smelter_list.columns.get(name, "") for name in _CELLS}
    products = {"product_number_column": layout.product_list.columns.get("number", "")}
    return {
        **numbers,
        **columns,
        **products,
        "look_up_sheet": layout.look_ups[-1].sheet if layout.look_ups else LOOK_UP,
    }
