"""Writes the example case: one company's program year 2016, with seven invented contract manufacturers.

The registrant, the facilities and the totals are facts of a public filing; who answered what is made up so that the
seven declarations together name exactly the facilities of that filing's annex. See examples/README.md.

    python -m examples.make_qualys_2016 [--out FOLDER] [--dates]
"""

import argparse
import csv
import hashlib
import io
import os
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from examples.specimen import (
    CmrtSpecimen,
    CompanyBlock,
    LookUpEntry,
    SmelterRow,
    complete_specimen,
    special_entries,
    write_cmrt,
)
from tracelode.minerals import CONFLICT_MINERALS, Mineral

HERE = Path(__file__).resolve().parent
ANNEX = HERE / "annex-2016.csv"
CASE = HERE / "qualys-2016"

COVERED = frozenset({"RWANDA", "ZAMBIA"})
"""The covered countries that the annex has facilities in."""

AS_OF = "2017-04-28"

FIRST_RECEIPT = datetime(2017, 3, 20, 9, tzinfo=UTC)

PROGRAM = """\
year = 2016
vocabulary = "cfsp-2016"

# Declarations of 2017 on the layout of a template of 2025 are this example's doing, not its suppliers'.
[severities]
X45 = "off"

[registrant]
name = "Qualys, Inc."
short_name = "Qualys"
state = "Delaware"
commission_file_number = "001-35662"
employer_identification_number = "77-0534145"
address = "1600 Bridge Parkway, Redwood City, California 94065"
contact = "Bruce K. Posey, Vice President, General Counsel and Corporate Secretary"
contact_phone = "(650) 801-6100"
website = "http://investor.qualys.com/sec.cfm"
policy_website = "http://investor.qualys.com/corporate-governance.cfm"

[signatory]
name = "Bruce K. Posey"
title = "Vice President, General Counsel and Corporate Secretary"
date = 2017-05-26

[narrative]
supplier_term = "contract manufacturers"
company_overview = \"\"\"
Qualys sells security and compliance services that run in the cloud. Customers use them to keep an inventory of their \\
computers and networks, to find weaknesses before an attacker does, and to show that they follow their own rules and \\
those of regulators. Part of the service are scanner appliances: some stand in data centers and look at customers' \\
systems from the outside; others stand inside customers' networks, as hardware or as software.\"\"\"
covered_products = \"\"\"
The report covers the physical scanner appliances that contract manufacturers built for Qualys and finished during \\
the year. Tin, tantalum, tungsten and gold in their electronic components are necessary for them to work.\"\"\"
policy = \"\"\"
Qualys wants the minerals in its products to come from sources that neither finance nor benefit armed groups in the \\
covered countries. Its code of business conduct and ethics asks for honest dealing within the law, has suppliers \\
chosen for the way they do business as well as for what they deliver, and rules out working with a supplier that is \\
known or believed to break the law.\"\"\"
management = \"\"\"
A compliance team of members of operations, legal and finance builds and runs the conflict minerals program.\"\"\"
senior_management = \"\"\"
Where a contract manufacturer does not answer completely or reliably, this is brought before executive management, \\
which considers with the compliance team what to do, up to having the products made by somebody else.\"\"\"
grievance = \"\"\"
The code of business conduct and ethics says how employees can report a breach of it, also without giving their \\
name.\"\"\"

# The filing of 2016 had none of these: left out, its text and its annex come out as they were then.
[edition]
status_counts = true
response_statistics = true
dates = true
identification_numbers = true

[actions]
contracts_ended = 0
corrections_requested = true
indeterminable_followed_up = true
product_level_encouraged = true
"""

FUTURE_STEPS = """\
{{ registrant.short_name }} plans
- to ask its {{ figures.suppliers.surveyed | in_words }} contract manufacturers for declarations of the products that
  it buys{% if claims.company_level_only %}, in place of declarations for the whole company{% endif %};
{% if claims.some_indeterminable %}
- to raise the {{ figures.smelters.indeterminable | counted("indeterminable facility", "indeterminable facilities") }}
  with those that named {{ figures.smelters.indeterminable | pluralized("it", "them") }};
{% endif %}
- to keep asking all of its contract manufacturers to buy from smelters and refiners that an independent audit has
  found {{ words.conformant }}.
"""
"""The example's own text for a section of the filing."""


@dataclass(frozen=True, slots=True)
class Facility:
    """A row of the annex."""

    metal: str
    cid: str
    name: str
    country: str
    status: str


@dataclass(frozen=True, slots=True)
class Respondent:
    """An invented contract manufacturer: how long its list is, how it answers, and how it fills the template in.

    `covered_countries` is its answer to question 3; `by_name` is the share (in percent) of rows that it enters as
    metal and look-up name, the others go by CID; `cached` is false for one whose tool does not calculate.
    """

    supplier_id: str
    name: str
    file: str
    effective: date
    size: int
    covered_countries: str
    by_name: int
    metals: tuple[Mineral, ...] = CONFLICT_MINERALS
    attests: bool = False
    complete_survey: bool = True
    cached: bool = True
    language: str = "English"


RESPONDENTS: Sequence[Respondent] = (
    Respondent(
        "aldermoor",
        "Aldermoor Example Electronics Ltd.",
        "CMRT 2016 Aldermoor.xlsx",
        date(2017, 1, 31),
        185,
        covered_countries="Yes",
        by_name=0,
        complete_survey=False,
    ),
    Respondent(
        "brackenfield",
        "Brackenfield Example Assembly Inc.",
        "Brackenfield_CMRT_company level.xlsx",
        date(2017, 2, 14),
        170,
        covered_countries="Unknown",
        by_name=100,
        complete_survey=False,
    ),
    Respondent(
        "cindermere",
        "Cindermere Example Boards Co., Ltd.",
        "冲突矿产报告 2016 辛德米尔.xlsx",
        date(2017, 2, 20),
        140,
        covered_countries="Unknown",
        by_name=40,
        complete_survey=False,
        language="中文 Chinese",
    ),
    Respondent(
        "dunlowe",
        "Dunlowe Example Systems GmbH",
        "dunlowe-cmrt.xlsx",
        date(2017, 1, 20),
        88,
        covered_countries="Unknown",
        by_name=0,
        cached=False,
    ),
    Respondent(
        "eastwold",
        "Eastwold Example Appliances B.V.",
        "Eastwold CMRT (signed).xlsx",
        date(2017, 3, 3),
        74,
        covered_countries="Yes",
        by_name=60,
        attests=True,
    ),
    Respondent(
        "fennimore",
        "Fennimore Example Metalwork LLC",
        "Fennimore RY2016.xlsx",
        date(2017, 2, 8),
        58,
        covered_countries="No",
        by_name=30,
        metals=(Mineral.TIN, Mineral.GOLD),
    ),
    Respondent(
        "gallowmoor",
        "Gallowmoor Example Circuits Sdn. Bhd.",
        "gallowmoor cmrt 6-5.xlsx",
        date(2017, 3, 10),
        44,
        covered_countries="Unknown",
        by_name=50,
        complete_survey=False,
    ),
)


def make(out: Path) -> None:
    """Write the case into `out`, each file dated by its receipt; one that is right already is not written."""
    for place, data in case_files().items():
        path = out / place
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    date_files(out)


def date_files(out: Path) -> None:
    """Date the case's files by their receipt in 2017: a checkout dates them by itself, and a report says the date.

    A file that was changed keeps its own date.
    """
    for number, (place, data) in enumerate(case_files().items()):
        path = out / place
        if path.exists() and _contents(path.read_bytes()) == _contents(data):
            received = (FIRST_RECEIPT + timedelta(days=5 * number)).timestamp()
            os.utime(path, (received, received))


def case_files() -> Mapping[Path, bytes]:
    """The case: its files' contents by place, in the order of their receipt."""
    facilities = read_annex()
    entries = look_up(facilities)
    lists = name_facilities(facilities)
    files = {
        Path("program.toml"): PROGRAM.encode(),
        Path("suppliers.csv"): _csv(_ROSTER_HEADING, (_roster_row(respondent) for respondent in RESPONDENTS)),
        Path("section-future-steps.txt"): FUTURE_STEPS.encode(),
    }
    *before_the_list, last = sorted(RESPONDENTS, key=lambda respondent: respondent.effective)
    for respondent in before_the_list:
        files[_place(respondent)] = write_cmrt(declaration(respondent, lists[respondent.supplier_id], entries))
    files[Path("smelter-list.csv")] = _csv(_LIST_HEADING, _listed_rows(facilities))
    # One declaration comes after the list, so that the report has something to say of what changed on its newest day.
    files[_place(last)] = write_cmrt(declaration(last, lists[last.supplier_id], entries))
    return files


def _place(respondent: Respondent) -> Path:
    return Path("inbox", respondent.supplier_id, respondent.file)


def read_annex() -> tuple[Facility, ...]:
    """The facilities of the annex, in its order."""
    with ANNEX.open(encoding="utf-8", newline="") as file:
        return tuple(Facility(**row) for row in csv.DictReader(file))


def look_up(facilities: Iterable[Facility]) -> tuple[LookUpEntry, ...]:
    """A look-up tab of these facilities, sorted by metal and alias as the template's is.

    A facility has its name as an alias, and its name without accents and without the company's legal form where no
    other facility of the metal has the same.
    """
    known = tuple(facilities)
    aliases: dict[tuple[str, str], set[Facility]] = {}
    for facility in known:
        for alias in {facility.name, _plain(facility.name), _short(facility.name)}:
            aliases.setdefault((facility.metal, alias.casefold()), set()).add(facility)
    entries = [
        LookUpEntry(facility.metal, alias, facility.name, facility.country, facility.cid)
        for facility in known
        for alias in dict.fromkeys((facility.name, _plain(facility.name), _short(facility.name)))
        if alias == facility.name or aliases[facility.metal, alias.casefold()] == {facility}
    ]
    return tuple(sorted((*entries, *special_entries()), key=lambda entry: (entry.metal, entry.alias.casefold())))


def name_facilities(facilities: Sequence[Facility]) -> Mapping[str, tuple[Facility, ...]]:
    """Which facilities each respondent names: together all of them, nobody all, well-known ones by many.

    What nobody's list would hold goes to one of the three with the longest lists.
    """
    lists = {
        respondent.supplier_id: set(
            sorted(
                (facility for facility in facilities if _may_name(respondent, facility)),
                key=lambda facility: (
                    _share(respondent.supplier_id, facility) + 2 * _obscurity(facility),
                    facility.cid,
                ),
            )[: respondent.size]
        )
        for respondent in RESPONDENTS
    }
    longest = [respondent.supplier_id for respondent in RESPONDENTS[:3]]
    for facility in facilities:
        if not any(facility in named for named in lists.values()):
            lists[longest[int(_share("home", facility) * len(longest))]].add(facility)
    return {
        supplier_id: tuple(sorted(named, key=lambda facility: (facility.metal, facility.cid)))
        for supplier_id, named in lists.items()
    }


def declaration(respondent: Respondent, named: Sequence[Facility], entries: Sequence[LookUpEntry]) -> CmrtSpecimen:
    """What a respondent's workbook holds."""
    aliases: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        aliases.setdefault((entry.metal, entry.cid), []).append(entry.alias)
    specimen = complete_specimen(
        respondent.name,
        tuple(_row(respondent, facility, aliases[facility.metal, facility.cid]) for facility in named),
        entries,
        covered_countries=respondent.covered_countries,
        metals=respondent.metals,
        effective_date=respondent.effective,
    )
    answers = {number: dict(by_metal) for number, by_metal in specimen.answers.items()}
    comments: dict[int, dict[Mineral, str]] = {}
    if not respondent.complete_survey:
        answers[6] = dict.fromkeys(respondent.metals, "Greater than 90%")
        answers[7] = dict.fromkeys(respondent.metals, "No")
        comments[7] = dict.fromkeys(respondent.metals, "A few of our suppliers have not answered yet.")
    if respondent.covered_countries == "Yes":
        comments[3] = dict.fromkeys(respondent.metals, _COVERED_COMMENT[respondent.attests])
    return replace(
        specimen,
        company=_company(respondent),
        answers=answers,
        comments=comments,
        company_comments={
            "B": f"https://www.example.com/{respondent.supplier_id}/responsible-minerals",
            "G": "Gaps are followed up with the supplier until they are closed.",
        },
        language=respondent.language,
        cached=respondent.cached,
    )


_ROSTER_HEADING = ("supplier_id", "name", "contact_email", "in_scope", "attestation")
_LIST_HEADING = ("metal", "cid", "name", "country", "status", "as_of")
_COVERED_COMMENT = {
    True: "Only from smelters that the smelter program lists as compliant.",
    False: "Some of our suppliers say so; they do not say which smelters it concerns.",
}
_LEGAL_FORMS = (
    " Co., Ltd.",
    " Pvt., Ltd.",
    " Pte., Ltd.",
    " Ltd.",
    " Ltda.",
    ", Inc.",
    " Inc.",
    ", LLC",
    " LLC",
    " GmbH",
    " AG",
    " S.A.",
    " S.p.A.",
    " Sdn Bhd",
)


def _roster_row(respondent: Respondent) -> tuple[str, ...]:
    attestation = "conformant-only" if respondent.attests else ""
    return (respondent.supplier_id, respondent.name, f"{respondent.supplier_id}@example.com", "yes", attestation)


def _listed_rows(facilities: Iterable[Facility]) -> Iterable[tuple[str, ...]]:
    for facility in facilities:
        if facility.status != "Indeterminable":
            yield (facility.metal, facility.cid, facility.name, facility.country, facility.status, AS_OF)


def _company(respondent: Respondent) -> CompanyBlock:
    mailbox = f"{respondent.supplier_id}@example.com"
    return CompanyBlock(
        name=respondent.name,
        scope="A",
        address="1 Example Street, Exampleton",
        contact_name="Robin Example",
        contact_email=mailbox,
        contact_phone="+1 555 0100",
        authorizer_name="Sam Sample",
        authorizer_title="Head of Compliance",
        authorizer_email=mailbox,
        authorizer_phone="+1 555 0101",
        effective_date=respondent.effective,
    )


def _row(respondent: Respondent, facility: Facility, aliases: Sequence[str]) -> SmelterRow:
    if _share(f"{respondent.supplier_id} by name", facility) * 100 >= respondent.by_name:
        return SmelterRow(cid=facility.cid)
    alias = aliases[int(_share(f"{respondent.supplier_id} alias", facility) * len(aliases))]
    return SmelterRow(metal=facility.metal, lookup=alias)


def _may_name(respondent: Respondent, facility: Facility) -> bool:
    if facility.metal not in respondent.metals:
        return False
    if respondent.covered_countries == "No" and facility.country in COVERED:
        return False
    return not respondent.attests or facility.status == "Compliant"


def _obscurity(facility: Facility) -> float:
    """From 0, a facility that everybody names, to 1; what is on no list is obscurer."""
    share = _share("obscurity", facility)
    return 0.4 + 0.6 * share if facility.status == "Indeterminable" else share


def _share(purpose: str, facility: Facility) -> float:
    """A number from 0 up to 1 that a purpose and a facility always give, on every machine and Python."""
    digest = hashlib.sha256(f"{purpose}\n{facility.metal}\n{facility.cid}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.replace("ł", "l"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _short(name: str) -> str:
    form = next((form for form in _LEGAL_FORMS if name.endswith(form)), "")
    return name.removesuffix(form)


def _csv(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue().encode()


def _contents(data: bytes) -> object:
    """What a file holds, however the machine that wrote it packs archives."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(entry.filename, entry.CRC) for entry in archive.infolist()]


def main() -> None:
    """Write the case where the command line says."""
    parser = argparse.ArgumentParser(description="Write the example case.")
    parser.add_argument("--out", type=Path, default=CASE, help="the case directory (default: %(default)s)")
    parser.add_argument("--dates", action="store_true", help="only date the files that are there by their receipt")
    arguments = parser.parse_args()
    if arguments.dates:
        date_files(arguments.out)
    else:
        make(arguments.out)


if __name__ == "__main__":
    main()
