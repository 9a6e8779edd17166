"""What needs a person now: what it is, whom it is about, and the next step, in the order of what to do first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tracelode.own_text.blanks import blanks
from tracelode.own_text.claims import Claims
from tracelode.own_text.own_sections import LeftOut
from tracelode.picture.edition import WORDS
from tracelode.picture.facilities import Facility, changed_with_newest_list, lapsing_before_filing
from tracelode.picture.figures.figures import Figures
from tracelode.picture.interpretation import Interpretation, SupplierView, UnidentifiedName
from tracelode.picture.statements import (
    does_not_source_from_covered_countries,
    in_covered_country,
    not_conformant,
    stating_origin_there,
)
from tracelode.printing.wording import capitalized, counted, grouped, listed, long_date, pluralized
from tracelode.smelters.status import PRINTED
from tracelode.sources.program import Program, due_date, near_key
from tracelode.sources.roster import folder_key
from tracelode.submission import State, SubmissionSummary


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a task is about: its name, untrusted, a note of ours, and the address of a page about it, or ""."""

    name: str
    note: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do; `address` is where more about it stands, on the page or beside it, and `more` what that is."""

    title: str
    subjects: tuple[Subject, ...]
    next_step: str
    address: str = ""
    more: str = ""


def tasks(
    interpretation: Interpretation,
    figures: Figures,
    rollup_problems: Sequence[str] = (),
    left_out: Sequence[LeftOut] = (),
) -> tuple[Task, ...]:
    """Everything that is open, each task with all its subjects; none where nothing is left to do.

    `figures` are the interpretation's.
    """
    return tuple(
        task
        for task in (
            _left_out(left_out),
            *_suppliers(interpretation),
            _contradictions(interpretation),
            _names(interpretation),
            *_facilities(interpretation),
            _comparisons(interpretation),
            _rollup(rollup_problems),
            _item_1_01(interpretation, figures),
            *_profile(interpretation),
            _signature_date(interpretation.facts.program, figures),
            _untold(interpretation.facts.program, figures),
            _strangers(interpretation),
        )
        if task and task.subjects
    )


def feedback_address(submission: SubmissionSummary) -> str:
    """The address of a submission's feedback, relative to a file of `latest/`."""
    folder = f"{quote(submission.supplier_id, safe='')}/{quote(submission.submission_id, safe='')}"
    return f"../feedback/{folder}/feedback.html"


def most_named_first(names: Iterable[UnidentifiedName]) -> list[UnidentifiedName]:
    """Names to identify, those that most suppliers name first: one decision settles them all."""
    return sorted(
        names, key=lambda item: (-len(item.suppliers), -item.lines, item.metal, item.name, item.country, item.cid)
    )


def _suppliers(interpretation: Interpretation) -> Iterator[Task]:
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
    origin = stating_origin_there(found)
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


def _names(interpretation: Interpretation) -> Task:
    names = most_named_first(interpretation.unidentified)
    return Task(
        f"Decide about {counted(len(names), 'smelter name')}",
        tuple(
            Subject(
                item.name or "(no name)",
                f"{item.metal or 'metal not stated'}, named by {counted(len(item.suppliers), 'supplier')}",
            )
            for item in names
        ),
        f"{capitalized(counted(interpretation.unidentified_lines, 'line'))} "
        f"{'leaves' if interpretation.unidentified_lines == 1 else 'leave'} open which facility is meant. Enter what "
        "you decide in to-decide.csv and hand that file in where suppliers.csv lies.",
        "#unidentified", "What comes close",
    )  # fmt: skip


def _facilities(interpretation: Interpretation) -> Iterator[Task]:
    program = interpretation.facts.program
    word, printed = WORDS[program.vocabulary].conformant, PRINTED[program.vocabulary]
    lapsing = lapsing_before_filing(interpretation.facilities, program)
    doubtful = [facility for facility in interpretation.facilities if facility.doubts]
    changed = changed_with_newest_list(interpretation.facilities, interpretation.facts.smelter_list)
    yield Task(
        f"Settle the doubts about {counted(len(doubtful), 'facility')}",
        tuple(Subject(facility.name, _named_by(facility)) for facility in doubtful),
        "What suppliers write beside the number contradicts what is known of it. Ask them which facility they mean.",
        "#doubts", "What contradicts",
    )  # fmt: skip
    yield Task(
        f"Watch {counted(len(lapsing), 'status that lapses', 'statuses that lapse')} before filing",
        tuple(
            Subject(facility.name, f"until {long_date(facility.lapses_on)}" if facility.lapses_on else "")
            for facility in lapsing
        ),
        f"The report is due on {long_date(due_date(program.year))}. Load a newer list before you file; a facility that "
        f"is no longer {word} then changes the report.",
        "#lapsing", "Which, and who names them",
    )  # fmt: skip
    yield Task(
        f"Note {counted(len(changed), 'changed status', 'changed statuses')}",
        tuple(
            Subject(
                facility.name,
                f"{printed[facility.status_change.before].lower()}, now {facility.printed_status.lower()}"
                if facility.status_change
                else "",
            )
            for facility in changed
        ),
        "The newest list says something else than the one before. Tell those who buy from "
        "the suppliers that name them.",
        "#changed", "Which, and who names them",
    )  # fmt: skip


def _named_by(facility: Facility) -> str:
    return f"named by {counted(len(facility.suppliers), 'supplier')}"


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


def _left_out(texts: Sequence[LeftOut]) -> Task:
    one = len(texts) == 1
    return Task(
        f"Mend {counted(len(texts), 'text')} of your own that {'is' if one else 'are'} not printed",
        tuple(Subject(text.file, " ".join(text.reasons)) for text in texts),
        f"{'It does' if one else 'They do'} not fit the data as they stand, so the filing has the text that it has "
        f"without {'it' if one else 'them'}. A figure that is named, such as {{{{ figures.smelters.total }}}}, never "
        "grows stale.",
    )


def _rollup(problems: Sequence[str]) -> Task:
    return Task(
        "Complete the roll-up CMRT",
        tuple(Subject(problem) for problem in problems),
        "Until then your own CMRT is not complete by RMI's own check.",
    )


def _profile(interpretation: Interpretation) -> Iterator[Task]:
    program = interpretation.facts.program
    yield Task(
        "Complete the profile",
        tuple(Subject(blank.label, blank.key) for blank in blanks(program)),
        "These print as bracketed blanks in the filing. Enter them in program.toml and hand it in again.",
    )
    yield Task(
        "Check the spelling in the profile",
        tuple(Subject(key, f"did you mean {near}?" if (near := near_key(key)) else "") for key in program.unknown_keys),
        f"Nothing reads {'this key' if len(program.unknown_keys) == 1 else 'these keys'} of program.toml.",
    )


def _item_1_01(interpretation: Interpretation, figures: Figures) -> Task | None:
    """What counsel has to choose where no declaration leaves it open that minerals come from covered countries."""
    own = {section.section for section in interpretation.facts.sections if section.text.strip()}
    if not Claims(figures).origin_ruled_out or "item-1-01" in own:
        return None
    return Task(
        "Have counsel choose between Item 1.01(b) and a Conflict Minerals Report",
        (Subject("Form SD, Item 1.01", "every supplier rules out covered countries, or newly mined ore"),),
        "If you determine on this ground that no mineral originated in a covered country (or that all is recycled), or "
        "have no reason to believe otherwise, Form SD asks for that determination in its body and for no report. The "
        "body now has the inquiry and its results, and no determination: write it into section-item-1-01.txt, and drop "
        "the exhibit from section-item-1-02.txt, section-exhibits.txt and the exhibit index. If you file the report "
        "all the same, write into section-item-1-01.txt why.",
    )


def _signature_date(program: Program, figures: Figures) -> Task | None:
    """A date of signature that cannot be right, as one is that was copied with last year's profile."""
    signed = program.signatory.date
    if signed is None:
        return None
    events = (
        (f"{program.year}-12-31", "the end of the year that the report is about"),
        (figures.data_cut_off, "the newest response that counts"),
        (figures.smelter_list.as_of, "the date of the status list"),
    )
    return Task(
        f"Correct the date of signature, {long_date(signed)}",
        tuple(Subject(what, long_date(day)) for day, what in events if day and signed.isoformat() < day),
        "Nobody can have signed before these days. Enter signatory.date in program.toml, or take it out until the day "
        "is known.",
    )


def _untold(program: Program, figures: Figures) -> Task:
    """Keys of [actions] that are absent although there is something that they would tell of."""
    claims, actions = Claims(figures), program.actions
    keys = (
        ("corrections_requested", actions.corrections_requested, claims.corrections_open,
         "whether suppliers are sent what to correct"),
        ("indeterminable_followed_up", actions.indeterminable_followed_up, claims.some_indeterminable,
         "whether suppliers are asked about indeterminable facilities"),
        ("product_level_encouraged", actions.product_level_encouraged,
         claims.somebody_responded and not claims.product_level_only,
         "whether suppliers are encouraged to declare at product level"),
    )  # fmt: skip
    return Task(
        "Say in the profile what was done about suppliers",
        tuple(Subject(says, f"actions.{key}") for key, stated, applies, says in keys if applies and stated is None),
        "No data tells, so the filing says nothing of it. Enter true in program.toml where it was done, and false "
        "where it was not.",
    )


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
