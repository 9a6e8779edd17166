"""How figures of the facilities that suppliers name came about."""

from typing import Final

from tracelode.picture.facilities import Facility
from tracelode.picture.statements import in_covered_country, is_recognized
from tracelode.report.trace import evidence
from tracelode.report.trace.explanations import rules
from tracelode.report.trace.explanations.explanation import SCOPES, Explanation, Reckoning
from tracelode.smelters.identity import Outcome
from tracelode.smelters.status import Status


def _indeterminable(facility: Facility, *, at_risk: bool) -> bool:
    return facility.status is Status.INDETERMINABLE and facility.at_risk is at_risk


OF_SMELTERS: Final[tuple[Explanation, ...]] = (
    Explanation(
        "smelters.total", "Facilities that surveyed suppliers name.", rules.ONE_FACILITY,
        evidence.those(lambda *_: True),
    ),
    Explanation(
        "smelters.conformant_or_active_percent", "Facilities that are conformant or active, in whole percent of all.",
        "Rounded half up, but 100 only for all and 0 only for none.", evidence.nothing, Reckoning.SHARE,
        ("smelters.conformant", "smelters.active"), "smelters.total",
    ),
    Explanation(
        "smelters.indeterminable_at_risk", "Indeterminable facilities that lie in a risk place.", rules.RISK,
        evidence.those(lambda facility, _: _indeterminable(facility, at_risk=True)),
    ),
    Explanation(
        "smelters.indeterminable_at_risk_in_covered_countries",
        "Indeterminable facilities in a risk place that is a Covered Country.",
        "Dodd-Frank Act, section 1502: the DRC and the countries that adjoin it.",
        evidence.those(
            lambda facility, _: _indeterminable(facility, at_risk=True)
            and facility.country is not None
            and facility.country.covered
        ),
    ),
    Explanation(
        "smelters.in_covered_countries.total", "Facilities that lie in a Covered Country.",
        "Dodd-Frank Act, section 1502: the DRC and the countries that adjoin it.",
        evidence.those(lambda facility, _: in_covered_country(facility)),
    ),
    Explanation(
        "smelters.in_covered_countries.{status}", "Facilities in a Covered Country counted as {status}.", rules.STATUS,
        evidence.those(lambda facility, values: in_covered_country(facility) and facility.status == values["status"]),
    ),
    Explanation(
        "smelters.of_undeclared_metals", "Facilities that nobody names who declares their metal for its products.",
        rules.QUESTIONS_1_AND_2, evidence.with_undeclared_metal,
    ),
    Explanation(
        "smelters.revised_away", "Facilities that RMI's revisions say are gone from its reference list.",
        "The list of revisions, by metal and CID.", evidence.gone_by_revision,
    ),
    Explanation(
        "smelters.indeterminable_without_country", "Indeterminable facilities whose country is not known.", rules.RISK,
        evidence.those(lambda facility, _: _indeterminable(facility, at_risk=False) and facility.country is None),
    ),
    Explanation(
        "smelters.indeterminable_elsewhere", "Indeterminable facilities that lie outside the risk places.", rules.RISK,
        evidence.those(lambda facility, _: _indeterminable(facility, at_risk=False) and facility.country is not None),
    ),
    Explanation(
        "smelters.countries", "Countries that the facilities lie in.",
        "The status list's country, else a reference list's, else the suppliers'.", evidence.facility_countries,
    ),
    Explanation(
        "smelters.named_by_one_supplier", "Facilities that one supplier alone names.", rules.ONE_FACILITY,
        evidence.those(lambda facility, _: len(facility.suppliers) == 1),
    ),
    Explanation(
        "smelters.unidentified_lines", "Lines of surveyed suppliers that name no known facility.", rules.IDENTITY,
        evidence.with_outcome(Outcome.UNRESOLVED), Reckoning.LINES,
    ),
    Explanation(
        "smelters.unidentified_names", "Names of surveyed suppliers that no step identifies.", rules.IDENTITY,
        evidence.with_outcome(Outcome.UNRESOLVED),
    ),
    Explanation(
        "smelters.dismissed_names", "Names that the team has decided are no smelter's.", "dispositions.csv.",
        evidence.with_outcome(Outcome.NOT_A_SMELTER),
    ),
    Explanation(
        "smelters.resolved_by.{step}.names", "Declared names that this step decides: {step}.", rules.IDENTITY,
        evidence.decided_by_step,
    ),
    Explanation(
        "smelters.resolved_by.{step}.lines", "Lines whose name this step decides: {step}.", rules.IDENTITY,
        evidence.decided_by_step,
        Reckoning.LINES,
    ),
    Explanation(
        "smelters.with_doubts", "Facilities of which a line says something that contradicts what is known.",
        rules.IDENTITY, evidence.those(lambda facility, _: bool(facility.doubts)),
    ),
    Explanation(
        "smelters.lapsing_before_filing", "Conformant facilities whose assessment lapses before the report is due.",
        "Last assessment and cycle of the status list; due on 31 May after the year (Form SD).", evidence.lapsing,
    ),
    Explanation(
        "smelters.status_changed", "Facilities whose status the newest list changed.",
        "The status list in force, held against the one that counted before it.", evidence.changed,
    ),
    Explanation(
        "smelters.on_risk_lists.{list}", "Facilities that lie in a country of {list}.",
        "program.toml, [risk.lists]; the place is the facility's own.",
        evidence.those(lambda facility, values: values["list"] in facility.risk_lists),
    ),
    Explanation(
        "smelters.indeterminable_elsewhere_on_risk_lists.{list}",
        "Indeterminable facilities outside the risk places that lie in a country of {list}.",
        "program.toml, [risk]; the place is the facility's own.",
        evidence.those(
            lambda facility, values: _indeterminable(facility, at_risk=False) and values["list"] in facility.risk_lists
        ),
    ),
    Explanation(
        "smelters.recognized", "Conformant facilities that another program assessed, which RMI recognizes.",
        "The status list in force: status, or who assessed it.",
        evidence.those(lambda facility, _: is_recognized(facility)),
    ),
    Explanation(
        "smelters.extended_corrective_action", "Active facilities under an extended corrective action plan.",
        rules.STATUS, evidence.those(lambda facility, _: facility.extended_corrective_action),
    ),
    Explanation(
        "smelters.by_metal.{metal}.total", "Facilities for {metal} that surveyed suppliers name.", rules.ONE_FACILITY,
        evidence.those(lambda facility, values: facility.facility.metal == values["metal"]),
    ),
    Explanation(
        "smelters.by_metal.{metal}.{status}", "Facilities for {metal} whose status is {status}.", rules.STATUS,
        evidence.those(
            lambda facility, values: facility.facility.metal == values["metal"]
            and facility.status == values["status"]
        ),
    ),
    Explanation(
        "smelters.{status}", "Facilities that surveyed suppliers name and whose status is {status}.", rules.STATUS,
        evidence.those(lambda facility, values: facility.status == values["status"]),
    ),
    *(
        Explanation(
            f"smelters.named_by.{name}",
            f"Facilities that are named in a declaration for {covered}.", rules.SCOPE_RULE,
            evidence.named_with_scope(scope),
        )
        for name, (scope, covered) in SCOPES.items()
    ),
)  # fmt: skip
