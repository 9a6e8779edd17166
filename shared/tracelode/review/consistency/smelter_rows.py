"""A row of the Smelter List by itself: what it names, and whether its cells agree with each other."""

import re
from collections.abc import Callable, Iterator

from tracelode.declarations.declaration import CidSource, SmelterLine
from tracelode.declarations.identifier import cid_of
from tracelode.declarations.templates.questions import LineKind
from tracelode.findings import Severity
from tracelode.review.rules.plausible import country_code, is_placeholder, is_trader
from tracelode.review.rules.rule import Case, Check, Hit, Rule, mine_column
from tracelode.smelters.origins import says_recycled

_CID_WITHIN = re.compile(r"(?<!\w)CID\s?[0-9]{6}(?!\w)", re.IGNORECASE)
_CONFIRMED = (CidSource.TYPED, CidSource.LOOK_UP)


def _each(broken: Callable[[Case, SmelterLine], Hit | None]) -> Check:
    """A check of the list that holds a check against each of its lines."""

    def check(case: Case) -> Iterator[Hit]:
        for line in case.declaration.smelters:
            hit = broken(case, line)
            if hit:
                yield hit

    return check


def _mined_though_recycled(case: Case, line: SmelterLine) -> Hit | None:
    if line.recycled != "Yes":
        return None
    column = mine_column(line)
    return case.on_line(line, column) if column else None


def _recycled_without_saying_so(case: Case, line: SmelterLine) -> Hit | None:
    texts = [text for text in (line.mine, line.mine_country) if text]
    if line.recycled == "Yes" or not texts or not all(says_recycled(text) for text in texts):
        return None
    return case.on_line(line, "recycled")


def _two_identifications(case: Case, line: SmelterLine) -> Hit | None:
    return case.on_line(line, "identification") if _pasted(line) else None


def _pasted(line: SmelterLine) -> bool:
    """Whether column F holds another smelter's CID than column A, whose formulas fill it."""
    typed, filled = cid_of(line.typed_cid), cid_of(line.typed_identification)
    return typed is not None and filled is not None and typed != filled


def _no_cid(case: Case, line: SmelterLine) -> Hit | None:
    wrong = line.typed_cid and cid_of(line.typed_cid) is None
    return case.on_line(line, "cid") if wrong else None


def _of_another(column: str) -> Callable[[Case, SmelterLine], Hit | None]:
    def broken(case: Case, line: SmelterLine) -> Hit | None:
        if _disagreement(case, line) != column:
            return None
        return case.on_line(line, column, cid=line.cid)

    return broken


def _disagreement(case: Case, line: SmelterLine) -> str:
    """The first of the columns that speaks of another smelter than the line's CID; "" if none does.

    A pasted row is one finding, not four. The line's metal and country are the look-up tab's where it knows the CID.
    """
    if line.cid_source not in _CONFIRMED or _pasted(line):
        return ""
    if case.layout.mineral_of(line.typed_metal) not in (None, line.metal):
        return "metal"
    named = case.look_up.named(line.metal, line.typed_lookup) if case.look_up else None
    if named and named.cid != line.cid:
        return "look_up"
    known = case.look_up.by_cid.get(line.cid or "") if case.look_up else None
    typed, listed = country_code(line.typed_country), country_code(known.country if known else line.country)
    return "country" if typed and listed and typed != listed else ""


def _cid_not_listed(case: Case, line: SmelterLine) -> Hit | None:
    if line.cid_source is not CidSource.TYPED or line.kind is not LineKind.LISTED:
        return None
    by_cid = case.look_up.by_cid if case.look_up else {}
    unknown = line.cid not in by_cid if by_cid else not line.name
    return case.on_line(line, "cid", cid=line.cid) if unknown else None


def _name_not_listed(case: Case, line: SmelterLine) -> Hit | None:
    if line.kind is not LineKind.LISTED or line.cid_source in _CONFIRMED or not line.typed_lookup:
        return None
    if not case.knows_cids:
        return None
    if case.layout.mineral_of(line.typed_metal) is None or _CID_WITHIN.search(line.typed_lookup):
        return None
    return case.on_line(line, "look_up")


def _listed_after_all(case: Case, line: SmelterLine) -> Hit | None:
    known = line.kind is LineKind.NOT_LISTED and line.cid_source is CidSource.LOOK_UP
    return case.on_line(line, "name", cid=line.cid) if known else None


def _placeholder_name(case: Case, line: SmelterLine) -> Hit | None:
    if line.kind is not LineKind.NOT_LISTED or not line.typed_name or not is_placeholder(line.typed_name):
        return None
    return case.on_line(line, "name")


def _unknown_metal(case: Case, line: SmelterLine) -> Hit | None:
    unknown = line.typed_metal and case.layout.mineral_of(line.typed_metal) is None
    return case.on_line(line, "metal") if unknown else None


def _unknown_country(case: Case, line: SmelterLine) -> Hit | None:
    if line.cid_source in _CONFIRMED or is_placeholder(line.country) or country_code(line.country):
        return None
    return case.on_line(line, "country")


def _neither_number_nor_name(case: Case, line: SmelterLine) -> Hit | None:
    if not case.lists("cid") or line.kind is not LineKind.LISTED or line.typed_cid or line.typed_lookup:
        return None
    return case.on_line(line, "look_up")


def _named_though_unidentified(case: Case, line: SmelterLine) -> Hit | None:
    if line.kind is not LineKind.NOT_YET_IDENTIFIED or is_placeholder(line.typed_name):
        return None
    return case.on_line(line, "name")


def _cid_among_names(case: Case, line: SmelterLine) -> Hit | None:
    if cid_of(line.typed_cid):
        return None
    for column, text in (("look_up", line.typed_lookup), ("name", line.typed_name)):
        if _CID_WITHIN.search(text):
            return case.on_line(line, column)
    return None


def _no_metal(case: Case, line: SmelterLine) -> Hit | None:
    if line.typed_metal or line.metal or line.cid or not line.typed_lookup:
        return None
    return case.on_line(line, "metal")


def _recycled_no_choice(case: Case, line: SmelterLine) -> Hit | None:
    if not line.recycled or line.recycled in case.layout.recycled_choices:
        return None
    return case.on_line(line, "recycled")


def _trader(case: Case, line: SmelterLine) -> Hit | None:
    unlisted = line.kind is LineKind.NOT_LISTED and line.cid_source not in _CONFIRMED
    return case.on_line(line, "name") if unlisted and is_trader(line.typed_name) else None


ROW_RULES = (
    Rule(
        id="X12",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the Smelter List (mines)",
        message="Column {recycled_column} says that this smelter uses only recycled or scrap material, but a mine or "
        "its country is "
        "named.",
        remedy="If all material is recycled or scrap, write Recycled or Scrap instead of the mine. If not, correct "
        "column {recycled_column}.",
        check=_each(_mined_though_recycled),
    ),
    Rule(
        id="X30",
        severity=Severity.WARNING,
        source="CMRT 6.5, Smelter List, highlighting of column A",
        message="Columns {cid_column} and {identification_column} hold the numbers of two different smelters. The "
        "number in column {cid_column} was used.",
        remedy="Delete the row and enter the smelter again: only its number in column {cid_column}, or its metal and "
        "name in "
        "columns {metal_column} and {look_up_column}.",
        check=_each(_two_identifications),
    ),
    Rule(
        id="X31",
        severity=Severity.WARNING,
        source="CMRT 6.5, Smelter Look-up column E",
        message="This is not a smelter identification number. Such a number is CID and six digits.",
        remedy="Write the number in this form, or clear the cell and choose metal and name in columns {metal_column} "
        "and {look_up_column}.",
        check=_each(_no_cid),
    ),
    Rule(
        id="X32",
        severity=Severity.WARNING,
        source="CMRT 6.5, Smelter Look-up",
        message="{cid} belongs to a smelter of another metal than column {metal_column} says. The metal of {cid} was "
        "used.",
        remedy="Correct the metal or the number. Each number belongs to one metal only.",
        check=_each(_of_another("metal")),
        in_general="The CID belongs to a smelter of another metal than column B says. The metal of the CID was used.",
    ),
    Rule(
        id="X33",
        severity=Severity.WARNING,
        source="CMRT 6.5, Smelter Look-up",
        message="{cid} is not on the {look_up_sheet} sheet of this template.",
        remedy="Check the number. If it is right, use the newest template, or choose Smelter not listed in column "
        "{look_up_column} "
        "and write name and country.",
        check=_each(_cid_not_listed),
        in_general="The CID is not on the sheet {look_up_sheet} of this template.",
    ),
    Rule(
        id="X34",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the Smelter List (Smelter Look-up)",
        message="This name is not on the {look_up_sheet} sheet for this metal, so the smelter is not identified.",
        remedy="Choose the name from the drop-down list. If it is not there, choose Smelter not listed and write name "
        "and country in columns {name_column} and {country_column}.",
        check=_each(_name_not_listed),
    ),
    Rule(
        id="X35",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to the Smelter List (Smelter Look-up)",
        message="This row says Smelter not listed, but the smelter is on the {look_up_sheet} sheet as {cid}.",
        remedy="Write {cid} into column {cid_column}, or choose the name in column {look_up_column}.",
        check=_each(_listed_after_all),
        in_general="This row says Smelter not listed, but the smelter is on the sheet {look_up_sheet} with a CID.",
        remedy_in_general="Write that CID into column A, or choose the name in column C.",
    ),
    Rule(
        id="X36",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the Smelter List (Smelter Name)",
        message="This is not the name of a smelter.",
        remedy="Write the full name of the smelter. If you do not know it, choose Smelter not yet identified in column "
        "{look_up_column}.",
        check=_each(_placeholder_name),
    ),
    Rule(
        id="X37",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the Smelter List (Metal)",
        message="This is not one of the four metals tantalum, tin, tungsten and gold.",
        remedy="Choose the metal from the drop-down list, or delete the row if it is about another metal.",
        check=_each(_unknown_metal),
    ),
    Rule(
        id="X38",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the Smelter List (Smelter Country)",
        message="This is not the name of a country.",
        remedy="Choose the country of the smelter from the drop-down list.",
        check=_each(_unknown_country),
    ),
    Rule(
        id="X54",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to the Smelter List (mines)",
        message="Recycled or Scrap stands instead of a mine, but column {recycled_column} does not say Yes.",
        remedy="Answer Yes in column {recycled_column} if all material of this smelter is recycled or scrap. "
        "Otherwise name the mine, "
        "or write Unknown.",
        check=_each(_recycled_without_saying_so),
    ),
    Rule(
        id="X55",
        severity=Severity.WARNING,
        source="CMRT 6.5, Smelter Look-up",
        message="{cid} belongs to another smelter than the name in column {look_up_column}. The smelter of {cid} was "
        "used.",
        remedy="Correct the number or the name, or delete one of them.",
        check=_each(_of_another("look_up")),
        in_general="The CID belongs to another smelter than the name in column C. The smelter of the CID was used.",
    ),
    Rule(
        id="X56",
        severity=Severity.WARNING,
        source="CMRT 6.5, Smelter Look-up",
        message="{cid} belongs to a smelter in another country than column {country_column} says. The country of "
        "{cid} was used.",
        remedy="Correct the country or the number. The country is where the smelter is, not where its company is.",
        check=_each(_of_another("country")),
        in_general="The CID belongs to a smelter in another country than column E says. The country of the CID was "
        "used.",
    ),
    Rule(
        id="X57",
        severity=Severity.WARNING,
        source="CMRT 6.5, Checker rows 65 to 68",
        message="Columns {cid_column} and {look_up_column} are empty in this row, so the template does not see a "
        "smelter here.",
        remedy="Write the smelter's number into column {cid_column}, or choose its metal and name in columns "
        "{metal_column} and {look_up_column}. If it is "
        "not there, choose Smelter not listed.",
        check=_each(_neither_number_nor_name),
    ),
    Rule(
        id="X58",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to the Smelter List (Smelter Look-up)",
        message="This row says Smelter not yet identified, but names a smelter.",
        remedy="Choose Smelter not listed in column {look_up_column}, and give the country in column {country_column}.",
        check=_each(_named_though_unidentified),
    ),
    Rule(
        id="X59",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the Smelter List (input column)",
        message="A smelter identification number stands in the column of a name.",
        remedy="Write the number into column {cid_column}, and clear columns {metal_column} to "
        "{identification_column} of this row.",
        check=_each(_cid_among_names),
    ),
    Rule(
        id="X60",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the Smelter List (Metal)",
        message="This row names a smelter, but no metal.",
        remedy="Choose the metal in column {metal_column} first, then the name in column {look_up_column}.",
        check=_each(_no_metal),
    ),
    Rule(
        id="X61",
        severity=Severity.NOTICE,
        source="CMRT 6.5, drop-down list of Smelter List column P",
        message="The answer in column {recycled_column} is not Yes, No or Unknown.",
        remedy="Choose Yes, No or Unknown. Put explanations into column {comments_column}.",
        check=_each(_recycled_no_choice),
    ),
    Rule(
        id="X62",
        severity=Severity.NOTICE,
        source="practice of reviewers: traders are not smelters",
        message="By its name, this company trades metal and does not smelt it.",
        remedy="Name the smelter or refiner that made the metal. Ask the trader for it.",
        check=_each(_trader),
    ),
)
