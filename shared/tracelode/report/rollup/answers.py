"""What the company answers to a CMRT's questions, by the answers of its suppliers (docs/ROLLUP.md has the rules).

No answer claims more than the declarations carry: a firm No, and a Yes to question 5 or 7, needs an answer of every
supplier and no smelter left to identify.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracelode.declarations.answers import NO, YES
from tracelode.declarations.templates.questions import Question
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.picture.facilities import Facility
from tracelode.picture.figures.figures import Figures
from tracelode.picture.interpretation import Interpretation
from tracelode.printing.wording import counted, listed, pluralized
from tracelode.smelters.countries import countries
from tracelode.submission import SubmissionSummary

UNKNOWN = "Unknown"
ALL, NONE = "100%", "None"
_SHARES = ((90, "Greater than 90%"), (75, "Greater than 75%"), (50, "Greater than 50%"), (0, "50% or less"))
"""Question 6's choices by the percentage that has to be exceeded (CMRT 6.5, Instructions A32)."""


@dataclass(frozen=True, slots=True)
class RollUpAnswer:
    """An answer in the words of CMRT 6.5, and the comment beside it ("" for none). It names no supplier."""

    value: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class MetalAnswers:
    """The answers for one metal; those that its questions 1 and 2 make superfluous are left out.

    `unidentified_lines` are the suppliers' lines of this metal that name no known smelter.
    """

    metal: Mineral
    answers: Mapping[Question, RollUpAnswer]
    unidentified_lines: int

    @property
    def in_products(self) -> bool:
        """Whether the metal is declared in the products (CMRT 6.5, questions 1 and 2 both Yes)."""
        asked = (Question.INTENTIONALLY_ADDED, Question.REMAINS_IN_PRODUCT)
        return all(question in self.answers and self.answers[question].value == YES for question in asked)


def metal_answers(interpretation: Interpretation, figures: Figures) -> tuple[MetalAnswers, ...]:
    """The answers of each metal, in the order of the template's question blocks."""
    return tuple(_answers_of(_basis(interpretation, figures, metal)) for metal in CONFLICT_MINERALS)


def supplier_response(responded: int, surveyed: int) -> str:
    """Question 6's choice for so many of the suppliers surveyed (CMRT 6.5, Instructions A32)."""
    if responded == surveyed and surveyed:
        return ALL
    return next((choice for percent, choice in _SHARES if 100 * responded > percent * surveyed), NONE)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What the answers for a metal rest on.

    `stating` are the declarations that say that the metal is added, `having` those of them that do not say that
    nothing of it remains. `unattributed_lines` name no known smelter and no readable metal: they may be of this one.
    """

    metal: Mineral
    surveyed: int
    responded: int
    declarations: int
    stating: tuple[SubmissionSummary, ...]
    having: tuple[SubmissionSummary, ...]
    facilities: tuple[Facility, ...]
    unidentified_lines: int
    unattributed_lines: int
    risk_countries: frozenset[str]

    def answers(self, question: Question) -> list[str]:
        """How those that have the metal answer a question, "" where one does not."""
        return [submission.answer(question, self.metal) for submission in self.having]

    def origins(self) -> list[str]:
        """The declared countries of origin of its minerals, by ISO 3166 code."""
        return sorted({code for facility in self.facilities for code in facility.origins.countries})


def _basis(interpretation: Interpretation, figures: Figures, metal: Mineral) -> _Basis:
    declarations = interpretation.declarations
    stating = [item for item in declarations if item.answer(Question.INTENTIONALLY_ADDED, metal) == YES]
    lines = {of: sum(name.lines for name in interpretation.unidentified if name.metal == of) for of in (metal, "")}
    return _Basis(
        metal=metal,
        surveyed=figures.suppliers.surveyed,
        responded=figures.suppliers.responded,
        declarations=len(declarations),
        stating=tuple(stating),
        having=tuple(item for item in stating if item.answer(Question.REMAINS_IN_PRODUCT, metal) != NO),
        facilities=tuple(facility for facility in interpretation.facilities if facility.facility.metal == metal),
        unidentified_lines=lines[metal],
        unattributed_lines=lines[""],
        risk_countries=frozenset(
            code for listed_there in interpretation.facts.program.risk.lists.values() for code in listed_there
        ),
    )


def _answers_of(basis: _Basis) -> MetalAnswers:
    answers = {Question.INTENTIONALLY_ADDED: _intentionally_added(basis)}
    if answers[Question.INTENTIONALLY_ADDED].value == YES:
        answers[Question.REMAINS_IN_PRODUCT] = _remains(basis)
        if answers[Question.REMAINS_IN_PRODUCT].value == YES:
            answers |= _of_metal_in_products(basis)
    return MetalAnswers(basis.metal, answers, basis.unidentified_lines)


def _intentionally_added(basis: _Basis) -> RollUpAnswer:
    """Yes if any declaration says so or names a smelter of the metal (A26; A27 has a No substantiated)."""
    if basis.stating:
        return RollUpAnswer(YES)
    if basis.facilities:
        return RollUpAnswer(YES, "Declarations name smelters of this metal without saying that it is in the products.")
    received = counted(basis.declarations, "declaration")
    return RollUpAnswer(NO, _sentences(f"{received} received from suppliers, of which none states this metal"))


def _remains(basis: _Basis) -> RollUpAnswer:
    """No only if every declaration that states the metal says that none of it remains (A28)."""
    if basis.having or basis.facilities:
        return RollUpAnswer(YES)
    return RollUpAnswer(NO, "According to all declarations that state this metal, none of it remains in the products.")


def _of_metal_in_products(basis: _Basis) -> dict[Question, RollUpAnswer]:
    gaps = _gaps(basis)
    covered = _covered_countries(basis, gaps)
    return {
        Question.COVERED_COUNTRIES: covered,
        Question.CAHRA: _cahra(basis, covered, gaps),
        Question.RECYCLED_OR_SCRAP: _recycled(basis, gaps),
        Question.SUPPLIER_RESPONSE: RollUpAnswer(
            supplier_response(basis.responded, basis.surveyed), _sentences(_response(basis))
        ),
        Question.SMELTERS_IDENTIFIED: RollUpAnswer(NO, _sentences(*gaps)) if gaps else RollUpAnswer(YES),
        # Question 8 is about the smelters identified (A34), and the list has every one of them.
        Question.SMELTER_INFORMATION_REPORTED: RollUpAnswer(YES),
    }


def _covered_countries(basis: _Basis, gaps: list[str]) -> RollUpAnswer:
    """Yes if any declaration says so or names a covered country as origin (A29 has a Yes substantiated)."""
    known = countries()
    covered = [known[code].in_prose for code in basis.origins() if known[code].covered]
    answers = basis.answers(Question.COVERED_COUNTRIES)
    if YES in answers or covered:
        return RollUpAnswer(YES, _sentences(*_said(answers, YES), *_origin_of(covered)))
    lying_there = sum(facility.country is not None and facility.country.covered for facility in basis.facilities)
    doubts = [f"{counted(lying_there, 'smelter')} {'lies' if lying_there == 1 else 'lie'} there"] if lying_there else []
    if any(facility.origins.perhaps_covered for facility in basis.facilities):
        doubts.append("An origin is stated that may be there")
    return _no_or_unknown(answers, [*doubts, *gaps])


def _cahra(basis: _Basis, covered: RollUpAnswer, gaps: list[str]) -> RollUpAnswer:
    """Yes if any declaration says so, and where question 3 is Yes (A30)."""
    answers = basis.answers(Question.CAHRA)
    if YES in answers or covered.value == YES:
        said = _said(answers, YES) or ["The answer to question 3 is Yes"]
        return RollUpAnswer(YES, _sentences(*said))
    known = countries()
    listed_there = [known[code].in_prose for code in basis.origins() if code in basis.risk_countries]
    return _no_or_unknown(answers, [*_origin_of(listed_there), *gaps])


def _recycled(basis: _Basis, gaps: list[str]) -> RollUpAnswer:
    """Yes means all of it, No that some is not (A31): Yes only if everybody says so and no country is mined in."""
    answers = basis.answers(Question.RECYCLED_OR_SCRAP)
    if NO in answers:
        return RollUpAnswer(NO)
    known = countries()
    doubts = [*_origin_of([known[code].in_prose for code in basis.origins()]), *gaps]
    if answers and set(answers) == {YES} and not doubts:
        return RollUpAnswer(YES)
    return RollUpAnswer(UNKNOWN, _sentences(*_not_said(answers, YES), *doubts))


def _no_or_unknown(answers: list[str], doubts: list[str]) -> RollUpAnswer:
    """A firm No needs full knowledge: everybody says No and nothing is open; Unknown does not."""
    if answers and set(answers) == {NO} and not doubts:
        return RollUpAnswer(NO)
    return RollUpAnswer(UNKNOWN, _sentences(*_not_said(answers, NO), *doubts))


def _gaps(basis: _Basis) -> list[str]:
    """Why the smelters of a metal are not all known (question 7, A33); none if they are."""
    gaps = [] if basis.responded == basis.surveyed else [_response(basis)]
    open_lines = basis.unidentified_lines + basis.unattributed_lines
    if open_lines:
        verb = "names" if open_lines == 1 else "name"
        gaps.append(f"{counted(open_lines, 'line')} of declarations {verb} no smelter that could be identified")
    if not basis.facilities:
        gaps.append("no smelter of this metal is known")
    return [*gaps, *_not_said(basis.answers(Question.SMELTERS_IDENTIFIED), YES, about="all smelters are identified")]


def _response(basis: _Basis) -> str:
    share = _share(basis.responded, basis.surveyed, "supplier")
    return f"{share} surveyed {'has' if basis.responded == 1 else 'have'} answered"


def _share(part: int, whole: int, singular: str) -> str:
    return f"{part:,} of {whole:,} {pluralized(whole, singular)}"


def _said(answers: list[str], answer: str) -> list[str]:
    said = answers.count(answer)
    return [f"{_share(said, len(answers), 'declaration')} {'says' if said == 1 else 'say'} {answer}"] if said else []


def _not_said(answers: list[str], answer: str, about: str = "") -> list[str]:
    if not answers:
        return ["no declaration says that this metal is in the products"]
    otherwise = len(answers) - answers.count(answer)
    what = f"that {about}" if about else answer
    does_not = "does" if otherwise == 1 else "do"
    return [f"{_share(otherwise, len(answers), 'declaration')} {does_not} not say {what}"] if otherwise else []


def _origin_of(names: Iterable[str]) -> list[str]:
    named = sorted(names)
    return [f"declared as origin: {listed(named)}"] if named else []


def _sentences(*statements: str) -> str:
    return " ".join(f"{statement[:1].upper()}{statement[1:]}." for statement in statements)
