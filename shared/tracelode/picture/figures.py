"""Every number of the report, computed once, by name. Documents print figures and compute none."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tracelode.declarations.templates.questions import Question, Scope
from tracelode.minerals import ANNEX_MINERALS, Mineral
from tracelode.picture.declared import resolved_by
from tracelode.picture.facilities import Facility, lapses_before_filing
from tracelode.picture.interpretation import Interpretation, SupplierView
from tracelode.picture.statements import contradictions, is_recognized, status_dates
from tracelode.smelters.countries import countries
from tracelode.smelters.origins import OriginKind
from tracelode.smelters.status import Status
from tracelode.submission import State, SubmissionSummary

Figures = dict[str, Any]
"""Nested names to whole numbers, ratios, texts and lists: nothing that JSON does not know."""

SCOPES = {"company_level": Scope.COMPANY, "product_level": Scope.PRODUCT, "user_defined": Scope.USER_DEFINED}
"""The scopes of a declaration, by the name of the figures that count them."""
_RESPONDED = (State.ACCEPTED, State.NEEDS_CORRECTION)


def figures(interpretation: Interpretation) -> Figures:
    """All figures of a report.

    Suppliers and their declarations count if they are on the roster and in scope; facilities and unidentified lines
    come from the interpretation, which holds those of in-scope suppliers alone. `last_year` is there only where last
    year's facilities are known, and an action only where the profile states it: what nobody knows is not 0.
    """
    program = interpretation.facts.program
    smelter_list = interpretation.facts.smelter_list
    surveyed = surveyed_suppliers(interpretation)
    declarations = [declaration for view in surveyed for declaration in current_submissions(view)]
    return {
        "year": program.year,
        "vocabulary": program.vocabulary.value,
        "data_cut_off": max((declaration.received[:10] for declaration in declarations), default=""),
        "smelter_list": {
            "as_of": smelter_list.as_of.isoformat() if smelter_list.as_of else "",
            "facilities": len(smelter_list.facilities),
            "dates": status_dates(interpretation.facilities, smelter_list),
        },
        "suppliers": _supplier_figures(interpretation, surveyed),
        "declarations": _declaration_figures(declarations),
        "metals": _metal_figures(declarations),
        "smelters": _smelter_figures(interpretation),
        "actions": {name: value for name, value in asdict(program.actions).items() if value is not None},
        **_last_year_figures(interpretation),
    }


def surveyed_suppliers(interpretation: Interpretation) -> tuple[SupplierView, ...]:
    """The suppliers that count: on the roster and in scope."""
    return tuple(view for view in interpretation.suppliers if view.counts)


def current_submissions(view: SupplierView) -> tuple[SubmissionSummary, ...]:
    """The current submissions of a supplier, none if nothing readable came."""
    return view.standing.current if view.standing else ()


def metals_in_products(submission: SubmissionSummary) -> tuple[Mineral, ...]:
    """The metals that a declaration says are in the products (CMRT 6.5, questions 1 and 2 both Yes)."""
    return tuple(
        metal
        for metal in ANNEX_MINERALS
        if _answer(submission, Question.INTENTIONALLY_ADDED, metal) == "Yes"
        and _answer(submission, Question.REMAINS_IN_PRODUCT, metal) == "Yes"
    )


def does_not_source_from_covered_countries(view: SupplierView) -> bool:
    """Whether the supplier answers No on covered countries for every metal in its products, of at least one."""
    answers = [
        _answer(submission, Question.COVERED_COUNTRIES, metal)
        for submission in current_submissions(view)
        for metal in metals_in_products(submission)
    ]
    return bool(answers) and all(answer == "No" for answer in answers)


def whole_percent(part: int, whole: int) -> int:
    """The share in whole percent, rounded half up, but 100 only for all and 0 only for none; 0 of nothing is 0."""
    if not whole or not part:
        return 0
    if part == whole:
        return 100
    rounded = int((Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP))
    return min(max(rounded, 1), 99)


def _supplier_figures(interpretation: Interpretation, surveyed: tuple[SupplierView, ...]) -> Figures:
    states = Counter(view.state for view in surveyed)
    responded = sum(states[state] for state in _RESPONDED)
    declining = {view.supplier_id for view in surveyed if does_not_source_from_covered_countries(view)}
    attesting = {view.supplier_id for view in surveyed if view.attests_conformant_sourcing}
    indeterminable = {
        supplier_id
        for facility in interpretation.facilities
        if facility.status is Status.INDETERMINABLE
        for supplier_id in facility.suppliers
    }
    return {
        "surveyed": len(surveyed),
        "responded": responded,
        "response_rate": round(responded / len(surveyed), 4) if surveyed else 0.0,
        "response_rate_percent": whole_percent(responded, len(surveyed)),
        **{state.value: states[state] for state in State},
        "not_sourcing_from_covered_countries": len(declining),
        "attesting_conformant_sourcing": len(attesting),
        "attesting_but_not_sourcing_there": len(attesting & declining),
        **contradictions(declining, attesting, interpretation.facilities),
        **{
            name: sum(any(item.scope == scope for item in current_submissions(view)) for view in surveyed)
            for name, scope in SCOPES.items()
        },
        "naming_indeterminable": len(indeterminable & {view.supplier_id for view in surveyed}),
        "out_of_scope": sum(view.on_roster and not view.in_scope for view in interpretation.suppliers),
        "not_on_roster": sum(not view.on_roster for view in interpretation.suppliers),
    }


def _last_year_figures(interpretation: Interpretation) -> Figures:
    """What became of last year's facilities, by metal and CID, and the new ones; statuses by what they mean."""
    if interpretation.facts.last_year is None:
        return {}
    before = interpretation.facts.last_year.facilities
    now = {facility.facility: facility.status for facility in interpretation.facilities}
    changed = [facility for facility in now.keys() & before.keys() if now[facility] is not before[facility]]

    def counts(metals: Collection[Mineral]) -> dict[str, int]:
        return {
            "total": sum(facility.metal in metals for facility in before),
            "added": sum(facility.metal in metals for facility in now.keys() - before.keys()),
            "removed": sum(facility.metal in metals for facility in before.keys() - now.keys()),
            "status_changed": sum(facility.metal in metals for facility in changed),
        }

    return {
        "last_year": {
            "year": interpretation.facts.program.year - 1,
            **counts(ANNEX_MINERALS),
            "changed_to": {status.value: sum(now[facility] is status for facility in changed) for status in Status},
            "by_metal": {metal.value: counts((metal,)) for metal in ANNEX_MINERALS},
        }
    }


def _declaration_figures(declarations: Iterable[SubmissionSummary]) -> Figures:
    everything = tuple(declarations)
    versions = Counter(declaration.template_version for declaration in everything)
    return {
        "current": len(everything),
        **{name: sum(item.scope == scope for item in everything) for name, scope in SCOPES.items()},
        "scope_not_stated": sum(item.scope not in set(SCOPES.values()) for item in everything),
        "template_versions": {version: versions[version] for version in sorted(versions)},
    }


def _metal_figures(declarations: list[SubmissionSummary]) -> Figures:
    by_metal: Figures = {}
    for metal in ANNEX_MINERALS:
        declaring = [declaration for declaration in declarations if metal in metals_in_products(declaration)]
        by_metal[metal.value] = {
            "declarations": len(declaring),
            "covered_countries": _answer_counts(declaring, Question.COVERED_COUNTRIES, metal),
            "recycled_or_scrap": _answer_counts(declaring, Question.RECYCLED_OR_SCRAP, metal),
        }
    possible = sum(
        _answer(declaration, Question.COVERED_COUNTRIES, metal) != "No"
        and _answer(declaration, Question.RECYCLED_OR_SCRAP, metal) != "Yes"
        for declaration in declarations
        for metal in metals_in_products(declaration)
    )
    in_products = [metal.value for metal in ANNEX_MINERALS if by_metal[metal.value]["declarations"]]
    return {
        "in_products": in_products,
        "in_products_count": len(in_products),
        "possibly_from_covered_countries": possible,
        "by_metal": by_metal,
    }


def _answer_counts(declarations: Iterable[SubmissionSummary], question: Question, metal: Mineral) -> Figures:
    counts = Counter(_answer(declaration, question, metal) for declaration in declarations)
    known = {name: counts.pop(answer, 0) for name, answer in (("yes", "Yes"), ("no", "No"))}
    return {**known, "unanswered": counts.pop("", 0), "unknown": counts.total()}


def _smelter_figures(interpretation: Interpretation) -> Figures:
    facilities = interpretation.facilities
    indeterminable = [facility for facility in facilities if facility.status is Status.INDETERMINABLE]
    at_risk = [facility for facility in indeterminable if facility.at_risk]
    unplaced = sum(facility.country is None for facility in indeterminable if not facility.at_risk)
    statuses = _status_counts(facilities)
    return {
        **statuses,
        "conformant_or_active_percent": whole_percent(statuses["conformant"] + statuses["active"], len(facilities)),
        "indeterminable_at_risk": len(at_risk),
        "indeterminable_at_risk_in_covered_countries": sum(
            facility.country is not None and facility.country.covered for facility in at_risk
        ),
        "indeterminable_without_country": unplaced,
        "indeterminable_elsewhere": len(indeterminable) - len(at_risk) - unplaced,
        "indeterminable_elsewhere_on_risk_lists": {
            name: sum(name in facility.risk_lists and not facility.at_risk for facility in indeterminable)
            for name in sorted(interpretation.facts.program.risk.lists)
        },
        "recognized": sum(map(is_recognized, facilities)),
        "by_metal": {
            metal.value: _status_counts([facility for facility in facilities if facility.facility.metal == metal])
            for metal in ANNEX_MINERALS
        },
        "countries": len({facility.country.code for facility in facilities if facility.country}),
        "extended_corrective_action": sum(facility.extended_corrective_action for facility in facilities),
        "named_by_one_supplier": sum(len(facility.suppliers) == 1 for facility in facilities),
        "unidentified_lines": interpretation.unidentified_lines,
        "unidentified_names": len(interpretation.unidentified),
        "dismissed_names": len(interpretation.dismissed),
        "resolved_by": resolved_by(interpretation),
        "with_doubts": sum(bool(facility.doubts) for facility in facilities),
        "lapsing_before_filing": sum(
            lapses_before_filing(facility, interpretation.facts.program) for facility in facilities
        ),
        "status_changed": len(changed_with_newest_list(interpretation)),
        "on_risk_lists": {
            name: sum(name in facility.risk_lists for facility in facilities)
            for name in sorted(interpretation.facts.program.risk.lists)
        },
        "declared_origins": _origin_figures(facilities),
        "named_by": {name: sum(scope in facility.scopes for facility in facilities) for name, scope in SCOPES.items()},
    }


def changed_with_newest_list(interpretation: Interpretation) -> tuple[Facility, ...]:
    """The facilities whose status the newest list changed."""
    newest = interpretation.facts.smelter_list.as_of
    return tuple(
        facility
        for facility in interpretation.facilities
        if facility.status_change and facility.status_change.on == newest
    )


def _origin_figures(facilities: Collection[Facility]) -> Figures:
    """For how many facilities each country, and each other statement, is declared as origin of the mineral."""
    named = Counter(code for facility in facilities for code in facility.origins.countries)
    stated = Counter(kind for facility in facilities for kind in facility.origins.statements)
    known = countries()
    return {
        "facilities": sum(bool(facility.origins.countries) for facility in facilities),
        "countries": len(named),
        "covered_countries": sum(known[code].covered for code in named),
        "by_country": {code: named[code] for code in sorted(named)},
        "statements": {kind.name.lower(): stated[kind] for kind in OriginKind if stated[kind]},
    }


def _status_counts(facilities: Iterable[Facility]) -> dict[str, int]:
    counts = Counter(facility.status for facility in facilities)
    return {"total": counts.total(), **{status.value: counts[status] for status in Status}}


def _answer(submission: SubmissionSummary, question: Question, metal: Mineral) -> str:
    by_metal: Mapping[str, str] = submission.answers.get(question.value, {})
    return by_metal.get(metal.value, "")
