"""The Smelter List as a whole, and against the answers."""

from collections.abc import Callable, Iterable, Iterator

from tracelode.declarations.declaration import SmelterLine
from tracelode.declarations.templates.questions import LineKind, Question
from tracelode.findings import Severity
from tracelode.minerals import CONFLICT_MINERALS
from tracelode.review.rules.completeness import names_a_smelter
from tracelode.review.rules.plausible import is_covered
from tracelode.review.rules.rule import Case, Check, Hit, Rule, at, mine_column, together

_WHOLE_LOOK_UP_FROM = 20
"""Smelters of a metal from which naming all that the look-up tab knows is no coincidence."""


def _out_of_scope_but_listed(case: Case) -> Iterator[Hit]:
    for metal, lines in case.lines.items():
        if lines and case.declaration.out_of_scope(metal):
            yield from together([case.naming(line) for line in lines], metal=metal)


def _none_identified(case: Case) -> Iterator[Hit]:
    for metal, lines in case.lines.items():
        # Without any named smelter it is the Checker's to find (K52 to K55).
        named = [line for line in lines if names_a_smelter(case, line)]
        identified = not case.knows_cids or any(line.cid for line in lines)
        if named and case.declaration.in_scope(metal) and not identified:
            yield case.on_line(named[0], "look_up", metal=metal)


def _against(question: Question, answer: str, contradicting: Callable[[SmelterLine], str]) -> Check:
    """A check that a metal's answer is not contradicted by its lines.

    `contradicting` is the column in which a line does so, "" if it does not.
    """

    def check(case: Case) -> Iterator[Hit]:
        for metal, given in case.metals(question):
            if given.value == answer:
                lines = [case.on_line(line, column) for line in case.lines[metal] if (column := contradicting(line))]
                yield from together(lines, metal=metal)

    return check


def _covered_column(line: SmelterLine) -> str:
    """The column in which a line points to a covered country; "" if it does not, or smelts scrap only."""
    if line.recycled == "Yes":
        return ""
    return "country" if is_covered(line.country) else _covered_mine_column(line)


def _covered_mine_column(line: SmelterLine) -> str:
    return "mine_country" if is_covered(line.mine_country) else ""


def _claimed(case: Case, *, shown: bool) -> Iterator[Hit]:
    for metal, answer in case.metals(Question.COVERED_COUNTRIES):
        if answer.value != "Yes" or answer.comment:
            continue
        if any(_covered_column(line) for line in case.lines[metal]) is shown:
            yield at(answer.comment, metal=metal)


def _claimed_without_comment(case: Case) -> Iterator[Hit]:
    return _claimed(case, shown=True)


def _claimed_without_trace(case: Case) -> Iterator[Hit]:
    return _claimed(case, shown=False)


def _not_recycled_column(line: SmelterLine) -> str:
    return "recycled" if line.recycled == "No" else ""


def _open_mine_column(line: SmelterLine) -> str:
    """The column that names a mine where column P is left open: with an answer there, X10 or X12 says what is wrong."""
    return "" if line.recycled in ("Yes", "No") else mine_column(line)


def _all_rows_recycled(case: Case) -> Iterator[Hit]:
    for metal, answer in case.metals(Question.RECYCLED_OR_SCRAP):
        lines = case.lines[metal]
        if answer.value in ("No", "Unknown") and lines and all(line.recycled == "Yes" for line in lines):
            yield at(answer.entry, metal=metal)


def _unidentified_column(line: SmelterLine) -> str:
    return "look_up" if line.kind is LineKind.NOT_YET_IDENTIFIED else ""


def _duplicates(case: Case) -> Iterator[Hit]:
    first_rows: dict[tuple[str, ...], int] = {}
    for line in case.declaration.smelters:
        identity = _identity(line)
        if identity is None:
            continue
        first = first_rows.setdefault(identity, line.row)
        if first != line.row:
            yield case.naming(line, first=first)


def _identity(line: SmelterLine) -> tuple[str, ...] | None:
    """What two lines have in common if they name the same smelter; None for a line that names none.

    A smelter may stand on a line for each country of its mines (CMRT 6.5, Instructions), so those tell lines apart.
    """
    mines = (line.mine.casefold(), line.mine_country.casefold())
    if line.cid:
        return (line.cid, *mines)
    if line.name:
        return (str(line.metal), line.name.casefold(), line.country.casefold(), *mines)
    return None


def _whole_look_up(case: Case) -> Iterable[Hit]:
    for metal, lines in case.lines.items():
        listed = case.look_up.by_cid.values() if case.look_up else ()
        known = {smelter.cid for smelter in listed if smelter.metal == metal}
        if len(known) >= _WHOLE_LOOK_UP_FROM and known <= {line.cid for line in lines}:
            yield case.naming(lines[0], metal=metal, count=len(known))


LIST_RULES = (
    Rule(
        id="X01",
        severity=Severity.WARNING,
        source="logic of the form: a metal that is not in the products has no smelters",
        message="{metal} is declared not to be in the products, but the Smelter List has rows for it ({count}).",
        remedy="Delete these rows from the Smelter List, or correct question {intentionally_added} or "
        "{remains_in_product}.",
        check=_out_of_scope_but_listed,
    ),
    Rule(
        id="X02",
        severity=Severity.WARNING,
        source="logic of the form: the Checker also counts rows that identify no smelter",
        message="{metal} is in the products, but no row of the Smelter List identifies a smelter of it.",
        remedy="Ask your suppliers of {metal} for the names and numbers (CID) of their smelters, and list them.",
        check=_none_identified,
    ),
    Rule(
        id="X05",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to question 3",
        message="Question {covered_countries} says Yes for {metal}, without a comment.",
        remedy="Write in the comment which smelters and countries this is about.",
        check=_claimed_without_comment,
        minerals=CONFLICT_MINERALS,
    ),
    Rule(
        id="X08",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to question 3",
        message="Question {covered_countries} says No for {metal}, but the Smelter List has a smelter or a mine in a "
        "covered country ({count}).",
        remedy="Answer Yes to question {covered_countries} if any {metal} comes from there, even from conformant "
        "smelters. If none does, say so in the comment.",
        check=_against(Question.COVERED_COUNTRIES, "No", _covered_column),
        minerals=CONFLICT_MINERALS,
        remedy_in_general="Answer Yes to question {covered_countries} if any of it comes from there, even from "
        "conformant smelters. If none does, say so in the comment.",
    ),
    Rule(
        id="X09",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to question 3",
        message="Question {covered_countries} says Yes for {metal}, but no row of the Smelter List points to a covered "
        "country, and there is no comment.",
        remedy="Write in the comment which smelters this is about. If you do not know, answer Unknown.",
        check=_claimed_without_trace,
        minerals=CONFLICT_MINERALS,
    ),
    Rule(
        id="X10",
        severity=Severity.WARNING,
        source="logic of the form: all of a metal is recycled only if each smelter's is",
        message="All {metal} is declared to come from recycled or scrap sources, but column {recycled_column} says No "
        "for a smelter of "
        "{metal} ({count}).",
        remedy="Correct question {recycled_or_scrap}, or column {recycled_column} of these rows.",
        check=_against(Question.RECYCLED_OR_SCRAP, "Yes", _not_recycled_column),
    ),
    Rule(
        id="X11",
        severity=Severity.NOTICE,
        source="logic of the form: all of a metal is recycled if each smelter's is",
        message="Column {recycled_column} says Yes for every smelter of {metal}, but question {recycled_or_scrap} "
        "does not.",
        remedy="If all {metal} comes from recycled or scrap sources, answer Yes to question {recycled_or_scrap}. If "
        "not, correct column {recycled_column}.",
        check=_all_rows_recycled,
    ),
    Rule(
        id="X15",
        severity=Severity.WARNING,
        source="logic of the form: what is not yet identified is not known",
        message="Question {smelters_identified} says that all smelters of {metal} are identified, but rows say Smelter "
        "not yet identified ({count}).",
        remedy="Name the smelters in these rows, or answer No to question {smelters_identified} for {metal}.",
        check=_against(Question.SMELTERS_IDENTIFIED, "Yes", _unidentified_column),
    ),
    Rule(
        id="X29",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to the Smelter List",
        message="This row names the same smelter as row {first}.",
        remedy="Keep one row for each smelter. A second row is only for another country of its mines.",
        check=_duplicates,
        in_general="This row names the same smelter as an earlier row.",
    ),
    Rule(
        id="X39",
        severity=Severity.WARNING,
        source="practice of reviewers: a copied list says nothing about one's own suppliers",
        message="The list names every smelter of {metal} that the {look_up_sheet} sheet knows ({count}).",
        remedy="List only the smelters that your suppliers of {metal} have named to you.",
        check=_whole_look_up,
    ),
    Rule(
        id="X53",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the Smelter List (mines)",
        message="All {metal} is declared to come from recycled or scrap sources, but the Smelter List names mines of "
        "{metal} ({count}).",
        remedy="Correct question {recycled_or_scrap}, or write Recycled or Scrap instead of the mine.",
        check=_against(Question.RECYCLED_OR_SCRAP, "Yes", _open_mine_column),
    ),
    Rule(
        id="X70",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to question 3",
        message="Question {covered_countries} says Unknown for {metal}, but the Smelter List names a mine in a covered "
        "country ({count}).",
        remedy="Answer Yes to question {covered_countries} if any {metal} comes from there.",
        check=_against(Question.COVERED_COUNTRIES, "Unknown", _covered_mine_column),
        minerals=CONFLICT_MINERALS,
        remedy_in_general="Answer Yes to question {covered_countries} if any of it comes from there.",
    ),
)
