"""What the profile leaves open: bracketed blanks in the filing, listed as "to complete" on the index page."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from tracelode.printing.wording import long_date
from tracelode.sources.program import Program

_LABELS: Mapping[str, str] = {
    "registrant.name": "name of registrant",
    "registrant.short_name": "short name of registrant",
    "registrant.state": "state of incorporation",
    "registrant.commission_file_number": "commission file number",
    "registrant.employer_identification_number": "employer identification number",
    "registrant.address": "address of principal executive offices",
    "registrant.contact": "name and title of the contact person",
    "registrant.contact_phone": "telephone number of the contact person",
    "registrant.website": "web page on which the filing is public",
    "registrant.policy_website": "web page of the conflict minerals policy",
    "narrative.covered_products": "description of the products that the report covers",
    "signatory.signature": "signature",
    "signatory.name": "name of the signatory",
    "signatory.title": "title of the signatory",
    "signatory.date": "date of signature",
    "edition.amendment_number": "number of the amendment",
    "edition.amendment": "reason of the amendment",
}


@dataclass(frozen=True, slots=True)
class Blank:
    """A key of the profile that holds nothing, and what belongs there."""

    key: str
    label: str

    @property
    def printed(self) -> str:
        """How the filing shows it."""
        return f"[{self.label}]"


def blanks(program: Program) -> tuple[Blank, ...]:
    """The keys left open: of the cover, of the products, of the signature block, and of an amendment, if it is one."""
    values = _values(program)
    amendment = () if program.edition.amends else ("edition.amendment_number", "edition.amendment")
    return tuple(Blank(key, label) for key, label in _LABELS.items() if not values[key] and key not in amendment)


def printed_blanks(program: Program) -> tuple[str, ...]:
    """The bracketed blanks as the filing shows them."""
    return tuple(blank.printed for blank in blanks(program))


def filled(program: Program) -> dict[str, dict[str, str]]:
    """The profile's texts as printed, by table and key, with bracketed blanks where it has none.

    Of the table `narrative` only what must not be missing is there.
    A missing short name is the full name where there is one.
    """
    printed: dict[str, dict[str, str]] = {}
    values = _values(program)
    for key, label in _LABELS.items():
        table, name = key.split(".")
        printed.setdefault(table, {})[name] = values[key] or Blank(key, label).printed
    return printed


def _values(program: Program) -> dict[str, str]:
    values = {
        f"registrant.{field.name}": getattr(program.registrant, field.name) for field in fields(program.registrant)
    }
    values["registrant.short_name"] = program.registrant.short_name or program.registrant.name
    values["narrative.covered_products"] = program.narrative.covered_products
    values["signatory.signature"] = program.signatory.signature
    values["signatory.name"] = program.signatory.name
    values["signatory.title"] = program.signatory.title
    values["signatory.date"] = long_date(program.signatory.date) if program.signatory.date else ""
    values["edition.amendment_number"] = str(program.edition.amendment_number or "")
    values["edition.amendment"] = program.edition.amendment
    return values
