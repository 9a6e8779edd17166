"""Tasks about suppliers: whom to chase, what to clear up, what came too late or from nobody on the roster."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tracelode.picture.conclusion import dated_ahead, dated_before, undeclared_facilities
from tracelode.picture.edition import WORDS
from tracelode.picture.facilities import Facility
from tracelode.picture.interpretation import Interpretation, SupplierView
from tracelode.picture.statements import (
    does_not_source_from_covered_countries,
    in_covered_country,
    not_conformant,
    perhaps_stating_origin_there,
    stating_origin_there,
)
from tracelode.printing.wording import counted, grouped, listed, long_date, pluralized
from tracelode.report.pages.task import Subject, Task, about, feedback_address
from tracelode.sources.roster import folder_key
from tracelode.submission import State


def supplier_tasks(interpretation: Interpretation) -> Iterator[Task]:
    """What is to be done about suppliers, a task without subjects where there is nothing."""
    yield from _to_chase(interpretation)
    yield _contradictions(interpretation)
    yield _taken_back(interpretation)
    yield _undeclared(interpretation)
    yield _of_other_years(interpretation)
    yield _remarks(interpretation)
    yield _late(interpretation)
    yield _comparisons(interpretation)
    yield _strangers(interpretation)


def _to_chase(interpretation: Interpretation) -> Iterator[Task]:
    surveyed = interpretation.surveyed
    rejected = [view for view in surveyed if view.state is State.REJECTED]
    incorrect = [view for view in surveyed if view.state is State.NEEDS_CORRECTION]
    silent = [view for view in surveyed if view.state is State.AWAITING]
    yield Task(
        f"Ask {counted(len(rejected), 'supplier')} for a readable file",
        tuple(_supplier(view) for view in rejected),
        "The page behind each name says why the file could not be read. Send it to them and ask for a completed CMRT.",
        "#suppliers", "All suppliers",
    )  # fmt: skip
    yield Task(
        f"Chase {counted(len(incorrect), 'correction')}",
        tuple(_supplier(view) for view in incorrect),
        "Remind them of the page behind each name, which says what to correct. A corrected workbook takes the place of "
        "this one.",
        "#suppliers", "All suppliers",
    )  # fmt: skip
    yield Task(
        f"Chase {counted(len(silent), 'supplier')} for an answer",
        tuple(_supplier(view) for view in silent),
        "Nothing has come from them. Until it does, the filing counts them as not having answered.",
        "#suppliers", "All suppliers",
    )  # fmt: skip


def _supplier(view: SupplierView) -> Subject:
    wrong = next((item for item in view.sent if item.state is view.state), None)
    errors = sum(item.findings.get("error", 0) for item in view.sent)
    note = f"{grouped(errors)} {pluralized(errors, 'error')}" if errors and view.state is not State.REJECTED else ""
    return Subject(view.name or view.supplier_id, note, feedback_address(wrong) if wrong else "")


def _contradictions(interpretation: Interpretation) -> Task:
    """Suppliers whose own declarations name what does not go with what they say of their sourcing."""
    found, word = interpretation.facilities, WORDS[interpretation.facts.program.vocabulary].conformant
    origin, perhaps = stating_origin_there(found), perhaps_stating_origin_there(found)
    covered = [facility for facility in found if in_covered_country(facility)]
    named_there = _times_named(covered)
    unlisted_there = _times_named(filter(not_conformant, covered))
    subjects = []
    for view in interpretation.surveyed:
        name, notes = view.supplier_id, []
        if does_not_source_from_covered_countries(view):
            if name in named_there:
                named = counted(named_there[name], "facility", "facilities")
                notes.append(f"says No to covered countries, and names {named} in one")
            if name in origin:
                notes.append("says No to covered countries, and states one as a mineral's origin")
            if name in perhaps:
                notes.append("says No to covered countries, and leaves open whether a mineral comes from there")
        if view.attests_conformant_sourcing and name in unlisted_there:
            named = counted(unlisted_there[name], "facility", "facilities")
            notes.append(f"attests {word} facilities alone in covered countries, and names {named} there not {word}")
        if notes:
            subjects.append(Subject(view.name or name, "; ".join(notes)))
    return Task(
        f"Clear up with {counted(len(subjects), 'supplier')} what does not go together",
        tuple(subjects),
        "The filing says in numbers that these statements and declarations differ. Ask which of them holds. A "
        "corrected declaration, or another attestation in suppliers.csv, changes the text.",
        "#suppliers", "All suppliers",
    )  # fmt: skip


def _times_named(facilities: Iterable[Facility]) -> Counter[str]:
    """How many of the facilities each supplier names."""
    return Counter(name for facility in facilities for name in facility.suppliers)


def _taken_back(interpretation: Interpretation) -> Task:
    """Who declared minerals from covered countries before, and does not any more."""
    subjects = tuple(
        about(view, f"declared before that {listed([m.lower() for m in view.standing.taken_back])} comes from covered "
              "countries (Yes), and does not any more")
        for view in interpretation.surveyed
        if view.standing and view.standing.taken_back
    )  # fmt: skip
    return Task(
        f"Ask {counted(len(subjects), 'supplier')} why an answer changed",
        subjects,
        "Ask what has changed, and what became of the smelters that the earlier declaration named. As long as this is "
        "open, nothing that they say of origin carries a conclusion.",
        "#suppliers", "All suppliers",
    )  # fmt: skip


def _undeclared(interpretation: Interpretation) -> Task:
    by_supplier = undeclared_facilities(interpretation)
    subjects = []
    for view in interpretation.surveyed:
        named = Counter(facility.facility.metal.lower() for facility in by_supplier.get(view.supplier_id, ()))
        if named:
            of = listed([f"{counted(number, 'facility')} of {metal}" for metal, number in sorted(named.items())])
            subjects.append(about(view, f"names {of} without declaring that metal for its products"))
    return Task(
        f"Ask {counted(len(subjects), 'supplier')} about smelters of undeclared metals",
        tuple(subjects),
        "Either the metal is in the products, and the answers to questions 1 and 2 are wrong, or these smelters have "
        "no place in the list. Until that is clear they are counted and listed, and the report says so.",
        "#suppliers", "All suppliers",
    )  # fmt: skip


def _of_other_years(interpretation: Interpretation) -> Task:
    year = interpretation.facts.program.year
    subjects = tuple(
        about(view, f"dated {long_date(declaration.effective_date)}, received {long_date(declaration.received[:10])}")
        for view in interpretation.surveyed
        for declaration in view.current
        if dated_before(declaration, year) or dated_ahead(declaration)
    )
    return Task(
        f"Ask for {counted(len(subjects), 'declaration')} of the year",
        subjects,
        f"Dated before {year} began, or after the day on which it came, a declaration does not say what held in "
        f"{year}. The report counts it as received, and says so.",
        "#suppliers", "All suppliers",
    )  # fmt: skip


def _remarks(interpretation: Interpretation) -> Task:
    subjects = tuple(
        about(view, f"{counted(points, 'point')} to check")
        for view in interpretation.surveyed
        if view.state is State.ACCEPTED_WITH_REMARKS
        for points in [sum(item.findings.get("warning", 0) for item in view.current)]
    )
    return Task(
        f"Clear up the remarks on {counted(len(subjects), 'declaration')}",
        subjects,
        "They count. What may be wrong in them, or does not go together, stands on the page behind each name: have it "
        "corrected or confirmed.",
        "#suppliers", "All suppliers",
    )  # fmt: skip


def _late(interpretation: Interpretation) -> Task:
    facts = interpretation.facts
    names = {view.supplier_id: view.name for view in interpretation.suppliers}
    subjects = tuple(
        Subject(names.get(supplier_id) or supplier_id, f"received {long_date(day)}")
        for supplier_id, day in sorted(facts.late.items())
    )
    through = facts.program.edition.responses_through
    return Task(
        f"Decide about {counted(len(subjects), 'response')} after the cut-off",
        subjects,
        f"What came after {long_date(through) if through else 'it'} is kept and answered, and changes nothing here. "
        "Set a later edition.responses_through in program.toml if it is to count.",
        "#suppliers", "All suppliers",
    )  # fmt: skip


def _comparisons(interpretation: Interpretation) -> Task:
    return Task(
        f"Look into {counted(len(interpretation.comparisons), 'comparison')}",
        tuple(
            Subject(item.message.rstrip("."), f"{listed(item.suppliers[:3])}{', ...' if item.suppliers[3:] else ''}")
            for item in interpretation.comparisons
        ),
        "Suppliers held against each other and against the roster show what no single declaration can.",
        "#comparisons", "What to do about each",
    )  # fmt: skip


def _strangers(interpretation: Interpretation) -> Task:
    strangers = [view for view in interpretation.suppliers if not view.on_roster]
    return Task(
        f"Decide about {counted(len(strangers), 'sender')} not on the roster",
        tuple(Subject(view.supplier_id, _like_one_of_the_roster(view, interpretation)) for view in strangers),
        "Files came in folders that suppliers.csv does not name, and count nowhere. Add the supplier to suppliers.csv, "
        "or move the files to the folder of the one that sent them.",
        "#aside", "What they sent",
    )  # fmt: skip


def _like_one_of_the_roster(stranger: SupplierView, interpretation: Interpretation) -> str:
    """What a folder's name differs in from an id of the roster, where a person would take them for one."""
    for view in interpretation.suppliers:
        if view.on_roster and folder_key(view.supplier_id) == folder_key(stranger.supplier_id):
            in_case = view.supplier_id.casefold() == stranger.supplier_id.casefold()
            return (
                f"the roster has {view.supplier_id}, which differs only in {'capitals (case)' if in_case else 'spaces'}"
            )
    return ""
