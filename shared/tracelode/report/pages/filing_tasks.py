"""Tasks about the filing: whether and how to file, what the profile leaves open, what was kept from print."""

from collections.abc import Iterator, Sequence

from tracelode.own_text.blanks import blanks
from tracelode.own_text.claims import Claims
from tracelode.own_text.own_sections import LeftOut
from tracelode.picture.figures.figures import Figures
from tracelode.picture.interpretation import Interpretation
from tracelode.printing.wording import counted, long_date
from tracelode.report.filing.origin_told import standing_against
from tracelode.report.pages.task import Subject, Task
from tracelode.sources.program import Program, due_date, near_key


def tasks_before_all_else(interpretation: Interpretation, figures: Figures) -> Iterator[Task]:
    """What decides whether there is anything to file, a task without subjects where that is not in question."""
    claims, year = Claims(figures), interpretation.facts.program.year
    yield Task(
        "Enter the suppliers that you ask",
        () if claims.somebody_surveyed else (Subject("suppliers.csv", "no supplier is in scope"),),
        "Nobody was asked, so that there is no inquiry to report on, and nothing here is ready to be filed.",
    )
    yield Task(
        "Have counsel decide whether any Form SD is due",
        (Subject(f"calendar year {year}", "no declaration has a conflict mineral in the products as necessary"),)
        if claims.no_mineral_declared
        else (),
        "Form SD is called for if conflict minerals are necessary to the functionality or production of products that "
        "you make or have made. If none is, no Form SD is due. What stands here claims no due diligence.",
    )


def tasks_of_the_filing(
    interpretation: Interpretation, figures: Figures, rollup_problems: Sequence[str]
) -> Iterator[Task]:
    """What is to be done before filing, a task without subjects where there is nothing."""
    program = interpretation.facts.program
    yield _rollup(rollup_problems)
    yield _item_1_01(interpretation, figures)
    yield _not_without_report(interpretation, figures)
    yield from _profile(interpretation)
    yield _signed_too_early(program, figures)
    yield _signed_late(program)
    yield _contracts(program, figures)
    yield _untold(program, figures)


def left_out_task(texts: Sequence[LeftOut]) -> Task:
    """The team's own texts that are kept from print, each with the reason."""
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


def _item_1_01(interpretation: Interpretation, figures: Figures) -> Task:
    """What counsel has to choose where nothing stands against it that no mineral comes from covered countries."""
    program = interpretation.facts.program
    own = {section.section for section in interpretation.facts.sections if section.text.strip()}
    open_ = Claims(figures).origin_ruled_out and not program.edition.without_report and "item-1-01" not in own
    return Task(
        "Have counsel choose between Item 1.01(b) and a Conflict Minerals Report",
        (Subject("Form SD, Item 1.01", "every supplier rules out covered countries, or newly mined ore"),)
        if open_
        else (),
        "If you determine on this ground that no mineral originated in a covered country (or that all is recycled), or "
        "have no reason to believe otherwise, Form SD asks for that determination in its body and for no report. Set "
        "edition.without_report = true in program.toml then: the body determines it, and no exhibit is filed, as long "
        "as nothing stands against it. If you file the report all the same, write into section-item-1-01.txt why.",
    )


def _not_without_report(interpretation: Interpretation, figures: Figures) -> Task:
    """What stands against a decision for Item 1.01(b) that the profile states."""
    stated = interpretation.facts.program.edition.without_report and not Claims(figures).origin_ruled_out
    against = standing_against(figures, "supplier", "suppliers")
    return Task(
        "Take back that no report is filed",
        tuple(Subject(fact) for fact in against or ["a supplier declares origin in covered countries"])
        if stated
        else (),
        "The profile says edition.without_report, and that does not hold any more: Item 1.01(b) is not open until this "
        "is cleared up. The form names the report as its exhibit.",
    )


def _signed_too_early(program: Program, figures: Figures) -> Task:
    """A date of signature that cannot be right, as one is that was copied with last year's profile."""
    signed = program.signatory.date
    if signed is None:
        return Task("", (), "")
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


def _signed_late(program: Program) -> Task:
    signed, due = program.signatory.date, due_date(program.year)
    late = signed is not None and signed > due
    return Task(
        "Look at the date of signature: it is late",
        (Subject(f"signed {long_date(signed)}", f"due {long_date(due)}"),) if signed and late else (),
        f"The form on {program.year} was due on {long_date(due)}. Correct signatory.date in program.toml, or have "
        "counsel say what a late filing calls for.",
    )


def _contracts(program: Program, figures: Figures) -> Task:
    """Contracts that ended, where it is not plain with whom."""
    ended = program.actions.contracts_ended or 0
    asked = figures.suppliers.surveyed
    return Task(
        "Check how many contracts ended",
        (Subject("actions.contracts_ended", f"{ended}, where the roster has {counted(asked, 'supplier')} in scope"),)
        if ended and ended >= asked
        else (),
        "The report says that so many contracts with suppliers were ended. Enter those alone that ended because of "
        "what was or was not declared, and keep these suppliers on the roster of the year.",
    )


def _untold(program: Program, figures: Figures) -> Task:
    """Keys of the profile that are absent although there is something that they would tell of."""
    claims, actions, chain = Claims(figures), program.actions, program.supply_chain
    asked, told = claims.somebody_surveyed, claims.metals_in_products
    keys = (
        ("actions.corrections_requested", actions.corrections_requested, claims.corrections_open,
         "whether suppliers are sent what to correct"),
        ("actions.indeterminable_followed_up", actions.indeterminable_followed_up, claims.some_indeterminable,
         "whether suppliers are asked about indeterminable facilities"),
        ("actions.product_level_encouraged", actions.product_level_encouraged,
         claims.somebody_responded and not claims.product_level_only,
         "whether suppliers are encouraged to declare at product level"),
        ("actions.commitment_communicated", actions.commitment_communicated, asked,
         "whether suppliers were told of your commitment"),
        ("actions.assessment_encouraged", actions.assessment_encouraged, claims.facilities_named,
         "whether suppliers are encouraged to buy from assessed facilities"),
        ("actions.risk_management_plan", actions.risk_management_plan, told,
         "whether a risk management plan is in place or in development"),
        ("supply_chain.surveyed_tier", chain.surveyed_tier, asked, "whether those asked are the first tier"),
        ("supply_chain.surveyed_all", chain.surveyed_all, asked, "whether all suppliers of that tier were asked"),
        ("supply_chain.buys_from_smelters", chain.buys_from_smelters, told,
         "whether you buy from mines, smelters or refiners yourself"),
    )  # fmt: skip
    return Task(
        "Say in the profile what no data tell",
        tuple(Subject(says, key) for key, stated, applies, says in keys if applies and stated is None),
        "The filing says nothing of it as long as program.toml does not. Enter true where it holds, and false where it "
        'does not; surveyed_tier = "first", and risk_management_plan = "in place" or "in development".',
    )
