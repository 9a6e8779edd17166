"""The team's own sections: held to the language and its names when dropped, and to the figures when printed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Any, Final

from tracelode.lists.problems import Problem, ReferenceRefusedError
from tracelode.minerals import Mineral
from tracelode.own_text.blanks import filled
from tracelode.own_text.claims import Claims
from tracelode.own_text.language import MAX_CHARACTERS, Block, NotPrintableError, OpenMapping, blocks_of, problems_of
from tracelode.own_text.quantified import false_claims
from tracelode.own_text.sections import PRESCRIBED, SECTIONS
from tracelode.own_text.stated_numbers import false_numbers
from tracelode.picture.edition import WORDS
from tracelode.picture.facts import Facts
from tracelode.picture.figures.by_name import figures_by_name
from tracelode.picture.figures.figures import Figures, count_figures
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.smelters.status import SmelterList, Vocabulary
from tracelode.sources.last_year import LastYear
from tracelode.sources.own_section import OwnSection
from tracelode.sources.program import Program
from tracelode.sources.stated_facts import Actions, SupplyChain
from tracelode.tally.aggregate import Aggregate

MAX_SECTION_BYTES: Final = 4 * MAX_CHARACTERS
"""Bytes of a section's file: what as many characters take at most."""
_LONGEST_NAME: Final = 1_000
"""Characters of a text of the profile that a section can print."""
_BY_DATA: Final = (
    ("declarations", "template_versions"),
    ("smelters", "on_risk_lists"),
    ("smelters", "indeterminable_elsewhere_on_risk_lists"),
    ("smelters", "resolved_by"),
    ("smelters", "declared_origins", "by_country"),
    ("smelters", "declared_origins", "statements"),
)
"""Figures whose names depend on the data."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A text of the team's that is not printed, and why; the project's own stands in its place."""

    section: str
    file: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacedSections:
    """What the team's texts print, by section, and which are left out; both in the order of the documents."""

    texts: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()


NOTHING_PLACED: Final = PlacedSections()


def parse_own_section(section: str, file: str, data: bytes) -> OwnSection:
    """The team's text for a section.

    Raises ReferenceRefusedError with every problem: a section that there is not or that cannot have another text, what
    is no text, a name or filter that there is not (with what comes close, and the line), and what the language lacks.
    """
    if section not in SECTIONS:
        reason = PRESCRIBED.get(section, f"there is no section {section!r}; there are {', '.join(SECTIONS)}")
        raise ReferenceRefusedError(file, (Problem(reason),))
    if len(data) > MAX_SECTION_BYTES:
        raise ReferenceRefusedError(file, (Problem(f"longer than {MAX_CHARACTERS:,} characters"),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReferenceRefusedError(file, (Problem(f"not UTF-8 text (byte {error.start})"),)) from error
    text = text.replace("\r\n", "\n")
    problems = problems_of(text, _sample_names(claims_hold=True)) or _dry_run(text)
    if problems:
        raise ReferenceRefusedError(file, tuple(Problem(problem) for problem in problems))
    return OwnSection(section, file, text)


def placed_sections(interpretation: Interpretation, figures: Figures) -> PlacedSections:
    """What the team's texts print. One that cannot be printed, or states what is not true, is left out.

    A report must not fail because a text has grown stale, and must not print it either. A blank text asks for the
    project's own.
    """
    own = {section.section: section for section in interpretation.facts.sections if section.text.strip()}
    names = _names(interpretation.facts.program, figures)
    texts: dict[str, tuple[Block, ...]] = {}
    left_out: list[LeftOut] = []
    for name in SECTIONS:
        if name not in own:
            continue
        try:
            blocks = blocks_of(own[name].text, names)
        except NotPrintableError as error:
            left_out.append(LeftOut(name, own[name].file, (str(error),)))
            continue
        stated = [sentence for block in blocks for sentence in block.sentences]
        false = (*false_numbers(stated, interpretation, figures), *false_claims(stated, interpretation, figures))
        reasons = tuple(map(str, false))
        if reasons or not blocks:
            left_out.append(LeftOut(name, own[name].file, reasons or ("prints nothing as the figures stand",)))
        else:
            texts[name] = blocks
    return PlacedSections(texts, {name: own[name].file for name in texts}, tuple(left_out))


def _names(program: Program, figures: Figures) -> dict[str, Any]:
    registrant = filled(program)["registrant"]
    claims = Claims(figures)
    return {
        "figures": figures_by_name(figures),
        "claims": {name: getattr(claims, name) for name in Claims.names()},
        "words": asdict(WORDS[program.vocabulary]),
        "registrant": {name: text[:_LONGEST_NAME] for name, text in registrant.items()},
    }


@cache
def _sample_names(*, claims_hold: bool) -> Mapping[str, Any]:
    """All names that there can be, with figures of a year in which nothing happened."""
    done = Actions(0, True, True, True, True, True, "in place")
    program = Program(2016, Vocabulary.RMAP, actions=done, supply_chain=SupplyChain("first", True, "all", False))
    nothing = Facts(program, (), SmelterList({}), Aggregate({}, {}), (), last_year=LastYear({}))
    figures = count_figures(interpret(nothing))
    figures = replace(
        figures,
        data_cut_off="2016-12-31",
        smelter_list=replace(figures.smelter_list, as_of="2016-12-31"),
        metals=replace(figures.metals, in_products=(Mineral.TIN,)),
    )
    names = _names(program, figures)
    for *path, last in _BY_DATA:
        group = names["figures"]
        for step in path:
            group = group[step]
        group[last] = OpenMapping(group[last])
    return {**names, "claims": dict.fromkeys(Claims.names(), claims_hold)}


def _dry_run(text: str) -> tuple[str, ...]:
    """What goes wrong when a text is printed with all claims true, and with none; figures of data that are not there
    yet are passed over."""
    if not text.strip():
        return ()
    for claims_hold in (True, False):
        try:
            blocks_of(text, _sample_names(claims_hold=claims_hold))
        except NotPrintableError as error:
            if not error.names_missing:
                return (str(error),)
    return ()
