"""How figures of what became of last year's facilities came about."""

from typing import Final

from tracelode.report.trace import evidence
from tracelode.report.trace.explanations import rules
from tracelode.report.trace.explanations.explanation import Explanation, Reckoning

OF_LAST_YEAR: Final[tuple[Explanation, ...]] = (
    Explanation(
        "last_year.year", "The year that this one is compared with.", rules.LAST_YEAR, evidence.year_before,
        Reckoning.STATED,
    ),
    *(
        explanation
        for of, metal in (("last_year", ""), ("last_year.by_metal.{metal}", " for {metal}"))
        for explanation in (
            Explanation(
                f"{of}.total", f"Facilities{metal} that last year's report lists.", rules.LAST_YEAR,
                evidence.year_before, Reckoning.STATED,
            ),
            Explanation(
                f"{of}.added", f"Facilities{metal} that last year's report does not list.", rules.LAST_YEAR,
                evidence.added,
            ),
            Explanation(
                f"{of}.removed", f"Facilities{metal} that last year's report lists and this one does not.",
                rules.LAST_YEAR, evidence.removed,
            ),
            Explanation(
                f"{of}.status_changed", f"Facilities{metal} with another status than in last year's report.",
                rules.LAST_YEAR, evidence.changed_since_last_year,
            ),
        )
    ),
    Explanation(
        "last_year.changed_to.{status}", "Facilities whose status was another in last year's report and is {status}.",
        rules.LAST_YEAR, evidence.changed_since_last_year,
    ),
)  # fmt: skip
