"""What can be wrong with a file before anything in it is judged: the rules F01 and following."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracelode.findings import Finding, Severity
from tracelode.workbooks.limits import MAX_FOUND
from tracelode.workbooks.text import plain_text


@dataclass(frozen=True, slots=True)
class FileRule:
    """One way in which a file fails to be a CMRT that can be read, or one doubt about it.

    `message` and `remedy` are our own words; `{names}` in them are filled in with our own words or with numbers, never
    with text from the file. `terms` has, by name, all the words of ours that may fill it and that translators know.
    `in_general` says the same without a file, where `message` cannot; so does `remedy_in_general`.
    """

    id: str
    severity: Severity
    message: str
    remedy: str
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    in_general: str = ""
    remedy_in_general: str = ""

    def finding(
        self, *, sheet: str | None = None, cell: str | None = None, found: str = "", **words: object
    ) -> Finding:
        """This rule's finding at a place. Of the file's own texts, only printable ones of bounded length come through.

        `sheet` and `found` are cut to `MAX_FOUND` characters.
        """
        return Finding(
            rule=self.id,
            severity=self.severity,
            message=self.message.format(**words),
            remedy=self.remedy.format(**words),
            sheet=plain_text(sheet)[:MAX_FOUND] if sheet else None,
            cell=cell,
            found=plain_text(found)[:MAX_FOUND],
            words={name: str(word) for name, word in words.items()},
        )


class RefusedError(Exception):
    """A document that cannot be read: carries the finding that says why, which is what a reader answers with."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.rule)


NO_SMELTER_NAMES = "names and CIDs could not be completed from it"
NO_PRODUCTS = "no product could be read"
CONFIDENCES = ("low", "medium", "high")

_SEND_XLSX = (
    "Send the completed CMRT as an Excel workbook (.xlsx), as downloaded from the Responsible Minerals Initiative."
)
_SAVE_AGAIN = "Open the file in Excel, save it as an Excel workbook (.xlsx) under a new name, and send that copy."
_CURRENT = "Download the current CMRT from the Responsible Minerals Initiative, complete it, and send it."

EMPTY = FileRule("F01", Severity.ERROR, "The file is empty.", "Check the file on your side and send it again.")
TOO_LARGE = FileRule(
    "F02",
    Severity.ERROR,
    "The file is {megabytes} MB large; at most {limit} MB are read.",
    "Remove pictures and other additions from the workbook, and send it again.",
    in_general="The file is too large to be read.",
)
NOT_A_WORKBOOK = FileRule(
    "F03",
    Severity.ERROR,
    "This is {looks_like}, not an Excel workbook.",
    _SEND_XLSX,
    in_general="This is not an Excel workbook.",
)
LEGACY_WORKBOOK = FileRule(
    "F04", Severity.ERROR, "This is an Excel 97-2003 workbook (.xls), which can be read but not marked up.", _SAVE_AGAIN
)
ENCRYPTED = FileRule(
    "F05",
    Severity.ERROR,
    "The workbook is encrypted, so it cannot be opened without its password.",
    "Remove the password (in Excel: File, Info, Protect Workbook, Encrypt with Password) and send the file again.",
)
DAMAGED = FileRule("F06", Severity.ERROR, "The file is damaged or incomplete: {what}.", _SAVE_AGAIN)
OVERSIZED = FileRule(
    "F07",
    Severity.ERROR,
    "The workbook unpacks to more than a CMRT can need: {what}.",
    "Copy the answers into a fresh CMRT, without pictures, added sheets or formatting of whole rows, and send that.",
)
NOT_A_SPREADSHEET = FileRule(
    "F08",
    Severity.ERROR,
    "This is {looks_like}, not an Excel workbook (.xlsx).",
    _SEND_XLSX,
    in_general="This is not an Excel workbook (.xlsx).",
)
UNSAFE_XML = FileRule(
    "F09", Severity.ERROR, "The workbook contains XML that no spreadsheet program writes: {what}.", _SAVE_AGAIN
)
NOT_A_CMRT = FileRule(
    "F10",
    Severity.ERROR,
    "This is an Excel workbook, but not a Conflict Minerals Reporting Template: {what}.",
    "Send the completed CMRT. If this is one, copy the answers into a fresh CMRT that keeps its sheets and titles.",
)
OTHER_TEMPLATE = FileRule(
    "F11",
    Severity.ERROR,
    "This is RMI's {template}, not the Conflict Minerals Reporting Template (CMRT).",
    "Send a CMRT: this report is about tantalum, tin, tungsten and gold only.",
    in_general="This is another template of RMI's, not the Conflict Minerals Reporting Template (CMRT).",
)
OUTDATED_FAMILY = FileRule(
    "F12",
    Severity.WARNING,
    "This is a CMRT of version {version}, which RMI replaced long ago; {newest} is the newest.",
    _CURRENT,
    in_general="This is a CMRT of a version that RMI replaced long ago.",
)
UNKNOWN_VERSION = FileRule(
    "F13", Severity.ERROR, "The template's version cannot be told, or is one that is not known yet.", _CURRENT
)
SHEET_MISSING = FileRule(
    "F14",
    Severity.ERROR,
    'The sheet "{sheet_name}" is missing.',
    "Send the workbook with all sheets of the template, under their own names.",
    in_general="A sheet of the template is missing.",
)
ROWS_MOVED = FileRule(
    "F15",
    Severity.ERROR,
    "The questions do not stand where the template has them, and which is which cannot be told.",
    "Copy the answers into a fresh CMRT without changing its rows, and send that.",
)
UNREADABLE = FileRule("F16", Severity.ERROR, "The workbook cannot be read: {what}.", _SAVE_AGAIN)
NEWER_VERSION = FileRule(
    "F17",
    Severity.WARNING,
    "Version {version} of the CMRT is not known here yet; it was read as if it were {layout}.",
    "Compare what was read with the workbook.",
    in_general="The version of this CMRT is not known here yet; it was read as if it were the newest that is.",
)
PART_MISSING = FileRule(
    "F18",
    Severity.WARNING,
    'The sheet "{sheet_name}" is missing, so that {consequence}.',
    "Send the workbook with all sheets of the template, under their own names.",
    {"consequence": (NO_SMELTER_NAMES, NO_PRODUCTS)},
    in_general="A sheet of the template is missing, so that not everything could be read.",
)
BEYOND_THE_LIST = FileRule(
    "F19",
    Severity.WARNING,
    "Entries below row {last_row}, where the template's list ends, were not read.",
    "Move these entries into free rows of the list.",
    in_general="Entries below the row where the template's list ends were not read.",
)

FOUND_BY_LABELS = FileRule(
    "F20",
    Severity.WARNING,
    "Rows or columns were inserted, deleted or moved on this sheet; its fields were found by their labels.",
    "Compare what was read with the workbook, or copy the answers into a fresh CMRT.",
)
UNDOCUMENTED_VERSION = FileRule(
    "F21",
    Severity.WARNING,
    "Version {version} was read by its likely layout, with {confidence} confidence: "
    "{fitting} of {expected} labels stand where they are expected.",
    "Compare what was read with the workbook.",
    {"confidence": CONFIDENCES},
    in_general="This version was read by its likely layout: most labels stand where they are expected.",
)
AMBIGUOUS_DATE = FileRule(
    "F22",
    Severity.NOTICE,
    "The date is a text that can be read as two days, so it was not read as either.",
    "Enter the date so that Excel takes it for one, or write the month as a word.",
)
TEXT_CUT = FileRule(
    "F23",
    Severity.NOTICE,
    "The text is longer than {limit} characters; only its beginning was read.",
    "Shorten the text.",
    in_general="A text is too long; only its beginning was read.",
)
COLUMNS_MOVED = FileRule(
    "F24",
    Severity.ERROR,
    "The columns of this sheet are not those of the template, and which is which cannot be told.",
    "Copy the list into a fresh CMRT without changing its columns, and send that.",
)
FOUND_BY_CONTENT = FileRule(
    "F25",
    Severity.WARNING,
    'The sheet "{sheet_name}" goes by another name; it was found by what stands on it.',
    "Give the sheets the names that the template gives them.",
    in_general="A sheet goes by another name than the template's; it was found by what stands on it.",
)
CUT_OFF = FileRule(
    "F26",
    Severity.ERROR,
    "The file was cut off: its end is missing or damaged, so that no program can open it.",
    "Open the original on your side to see that it is whole, and send it again. Wait until the upload is complete.",
)

FILE_RULES: tuple[FileRule, ...] = (
    EMPTY,
    TOO_LARGE,
    NOT_A_WORKBOOK,
    LEGACY_WORKBOOK,
    ENCRYPTED,
    DAMAGED,
    OVERSIZED,
    NOT_A_SPREADSHEET,
    UNSAFE_XML,
    NOT_A_CMRT,
    OTHER_TEMPLATE,
    OUTDATED_FAMILY,
    UNKNOWN_VERSION,
    SHEET_MISSING,
    ROWS_MOVED,
    UNREADABLE,
    NEWER_VERSION,
    PART_MISSING,
    BEYOND_THE_LIST,
    FOUND_BY_LABELS,
    UNDOCUMENTED_VERSION,
    AMBIGUOUS_DATE,
    TEXT_CUT,
    COLUMNS_MOVED,
    FOUND_BY_CONTENT,
    CUT_OFF,
)
"""Every file rule, in the order of their ids."""
