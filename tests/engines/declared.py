"""Declarations to type into official templates: complete ones, and ones with random gaps."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from examples.specimen import (
    CmrtSpecimen,
    CompanyBlock,
    LookUpEntry,
    ProductRow,
    SmelterRow,
    not_listed,
    not_yet_identified,
)
from tests.factories.official import official_template
from tracelode.minerals import CONFLICT_MINERALS

COMPANY = CompanyBlock(
    name="Example Ltd",
    scope="A",
    unique_id="EX-1",
    unique_id_authority="Example",
    address="1 Example Street",
    contact_name="A. Example",
    contact_email="contact@example.com",
    contact_phone="555 0100",
    authorizer_name="B. Example",
    authorizer_title="Officer",
    authorizer_email="authorizer@example.com",
    authorizer_phone="555 0101",
    effective_date=date(2025, 6, 30),
)
ANSWERS = {number: "100%" if number == 6 else "Yes" for number in range(1, 9)}
COMPANY_ANSWERS = dict.fromkeys("ABCDFG", "Yes") | {
    "E": "Yes, using other format (describe)",
    "H": "Yes, with the SEC and the EU",
}


def listed(version: str) -> tuple[LookUpEntry, ...]:
    """The smelters of a version's look-up tab, one for each alias."""
    return tuple(entry for entry in official_template(version).look_up if entry.cid.startswith("CID"))


def complete(version: str, smelters: Sequence[SmelterRow]) -> CmrtSpecimen:
    """Everything answered, with a comment beside each answer."""
    return CmrtSpecimen(
        company=COMPANY,
        answers={
            number: dict.fromkeys(CONFLICT_MINERALS, 1 if number == 6 and version in ("6.01", "6.1", "6.22") else text)
            for number, text in ANSWERS.items()
        },
        comments={number: {metal: f"{number} {metal}" for metal in CONFLICT_MINERALS} for number in ANSWERS},
        company_answers=COMPANY_ANSWERS,
        company_comments={letter: f"comment {letter}" for letter in "ACDEFGH"} | {"B": "https://example.com/policy"},
        smelters=tuple(smelters),
        products=(ProductRow("P-1", "Widget", "blue"), ProductRow("", "Gadget", ""), ProductRow(77.0, "", "")),
    )


def some_of_everything(version: str) -> tuple[SmelterRow, ...]:
    """Smelters declared in each way that the domain page's section 4.2 knows, but for unknown CIDs."""
    entries = listed(version)
    by_cid = [SmelterRow(cid=entry.cid) for entry in entries[::40]]
    aliases = [entry for entry in entries if entry.alias != entry.name][::15]
    by_alias = [SmelterRow(metal=entry.metal, lookup=entry.alias, comments="note") for entry in aliases]
    return (
        *by_cid,
        *by_alias,
        SmelterRow(cid=entries[0].cid.lower()),
        SmelterRow(metal=aliases[0].metal, lookup=aliases[0].alias, mine="Mine A", mine_country="Peru", recycled="No"),
        not_listed("Tin", "Example Tin Works", "BOLIVIA (PLURINATIONAL STATE OF)"),
        not_yet_identified("Gold"),
        SmelterRow(metal="Tin", lookup="No such smelter"),
    )


def gapped(version: str, seed: int) -> CmrtSpecimen:
    """A declaration with random gaps and contradictions, without what the Checker and we see differently on purpose."""
    dice = random.Random(f"{version}-{seed}")
    whole = complete(version, _random_smelters(dice, listed(version)))
    blanks = [field for field in ("name", "contact_name", "contact_phone", "authorizer_name") if dice.random() < 0.25]
    company = replace(
        whole.company,
        **dict.fromkeys(blanks, ""),
        scope=dice.choice(["A", "B", "C", "", "Copper wires only"]),
        scope_description=dice.choice(["", "two plants"]),
        contact_email=dice.choice(["contact@example.com", "n/a", ""]),
        authorizer_email=dice.choice(["@", "authorizer.example.com", ""]),
        effective_date=dice.choice([date(2025, 6, 30), "June 2025", None]),
    )
    first = ["Yes", "Yes", "Yes", "yes", "No", "", "perhaps"]
    later = ["Yes", "No", "Unknown", "Yes", "", "perhaps"]
    return replace(
        whole,
        company=company,
        answers={
            number: {metal: dice.choice(first if number < 3 else later) for metal in CONFLICT_MINERALS}
            for number in ANSWERS
        },
        company_answers={letter: dice.choice(["Yes", "No", ""]) for letter in "ABCDEFGH"},
        company_comments={"B": dice.choice(["", "x", "https://example.com/policy"])},
        products=dice.choice([(), whole.products, whole.products[1:]]),
    )


def _random_smelters(dice: random.Random, entries: Sequence[LookUpEntry]) -> list[SmelterRow]:
    metals = dice.sample(list(CONFLICT_MINERALS), dice.randint(0, 4))
    known = [entry for entry in entries if entry.metal in metals]
    rows = [SmelterRow(cid=entry.cid) for entry in dice.sample(known, min(len(known), 4))]
    rows += [SmelterRow(metal=entry.metal, lookup=entry.alias) for entry in dice.sample(known, min(len(known), 4))]
    if dice.random() < 0.5:
        rows.append(not_listed("Tin", dice.choice(["", "Example"]), dice.choice(["", "PERU"])))
    if dice.random() < 0.3:
        rows.append(not_listed("Gold", dice.choice(entries).alias, ""))
    if dice.random() < 0.3:
        rows.append(not_yet_identified("Tantalum"))
    if dice.random() < 0.3:
        rows.append(SmelterRow(metal="Tungsten", name="A name beside an empty look-up column"))
    return rows
