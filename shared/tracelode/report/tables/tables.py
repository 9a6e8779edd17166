"""`smelters.csv` and `suppliers.csv`: the report as tables for people and programs."""

import csv
import io
from collections.abc import Iterable, Sequence

from tracelode.findings import Severity
from tracelode.picture.interpretation import Interpretation, SupplierView
from tracelode.printing.printable import csv_cell

SMELTER_COLUMNS = ("metal", "cid", "name", "country", "status", "suppliers")
SUPPLIER_COLUMNS = (
    "supplier_id", "name", "in_scope", "state", "current_submissions", "scope", "facilities", "unidentified_lines",
    "template_versions", "on_roster", "attests_conformant_sourcing", "errors", "warnings", "last_received",
    "not_conformant",
)  # fmt: skip

COUNTED_COLUMNS = frozenset(("facilities", "unidentified_lines", "not_conformant"))
"""What is counted of suppliers that are on the roster and in scope alone."""
NOT_COUNTED = "not counted"


def smelters_csv(interpretation: Interpretation) -> bytes:
    """The facilities in the annex's order; `status` as printed, `suppliers` the number that names the facility."""
    return csv_table(
        SMELTER_COLUMNS,
        (
            (
                facility.facility.metal.value,
                facility.facility.cid,
                facility.name,
                facility.printed_country,
                facility.printed_status,
                str(len(facility.suppliers)),
            )
            for facility in interpretation.facilities
        ),
    )


def suppliers_csv(interpretation: Interpretation) -> bytes:
    """All suppliers by id, those out of scope and not on the roster included and marked so."""
    return csv_table(SUPPLIER_COLUMNS, supplier_rows(interpretation))


def supplier_rows(interpretation: Interpretation) -> Iterable[tuple[str, ...]]:
    """The rows of `suppliers.csv`; several scopes or versions of one supplier are parted by spaces.

    Everything is of the current submissions, but that a rejected one after them counts as received last. What is not
    counted of a supplier, because it is out of scope or not on the roster, is "" and not 0.
    """
    for view in interpretation.suppliers:
        current = view.current
        yield (
            view.supplier_id,
            view.name,
            printed_yes_or_no(view.in_scope),
            view.state.value,
            str(len(current)),
            " ".join(sorted({submission.scope for submission in current} - {""})),
            _counted(view, view.facilities),
            _counted(view, view.unidentified_lines),
            " ".join(sorted({submission.template_version for submission in current} - {""})),
            printed_yes_or_no(view.on_roster),
            printed_yes_or_no(view.attests_conformant_sourcing),
            str(sum(submission.findings.get(Severity.ERROR, 0) for submission in current)),
            str(sum(submission.findings.get(Severity.WARNING, 0) for submission in current)),
            max((submission.received for submission in view.sent), default=""),
            _counted(view, view.not_conformant),
        )


def _counted(view: SupplierView, number: int) -> str:
    return str(number) if view.counts else ""


def printed_yes_or_no(value: bool) -> str:
    """How tables print a truth value."""
    return "yes" if value else "no"


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV in UTF-8, of which no cell can become a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")
