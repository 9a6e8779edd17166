"""LibreOffice Calc as a calculator for official templates: requests and answers are lines of JSON on stdin and stdout.

Runs under a Python that has LibreOffice's `uno` module, not under the project's, and ends when its input does. A
template is loaded once; typing into it, calculating, and putting it back as it was takes a fraction of a second.

Requests: `{"do": "open", "version", "path", "blank"}`, `{"do": "judge", "version", "cells"}`,
`{"do": "convert", "source", "target"}`; `cells` go by sheet and address. A value is a text, a number, or `{"failed":
true}` for a formula that fails. An answer is `{}`, `{"incomplete": [row...], "spoilt": [row...]}` or `{"error"}`.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.uno import Exception as UnoError

XLSX = "Calc MS Excel 2007 XML"
FIRST_CHECKER_ROW, LAST_CHECKER_ROW = 4, 69
SMELTER_LIST = "Smelter List"
MENDED = "BCEFGHIJ"
"""Columns of the Smelter List whose formula in row 5 some copies have lost; row 6 has the same."""
CONTENT = 1 | 2 | 4 | 16
"""com.sun.star.sheet.CellFlags: values, dates, texts, formulas."""
FAILING_FORMULA = "=NA()"
STARTS_WITHIN = 60.0
LOADS_WITHIN = 10.0
ENDS_WITHIN = 20.0


def main():
    """Answers requests until the input ends; LibreOffice ends with it, also when it is told to end."""
    for ending in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    pipe = f"tracelode-{os.getpid()}"
    with tempfile.TemporaryDirectory() as profile:
        office = subprocess.Popen(
            [sys.argv[1], f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore", "--nologo",
             f"--accept=pipe,name={pipe};urp;"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        desktop = None
        try:
            desktop = desktop_of(office, pipe)
            serve(Calc(desktop))
        finally:
            stop(office, desktop)


def serve(calc):
    """Answers each line of stdin with a line on stdout."""
    actions = {"open": calc.open, "judge": calc.judge, "convert": calc.convert}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = actions[request.pop("do")](**request)
        except (UnoError, NotLoadedError, NotTypedError) as reason:
            answer = {"error": f"{type(reason).__name__}: {reason}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def desktop_of(office, pipe):
    """The desktop of a LibreOffice that is starting."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            if time.monotonic() > deadline or office.poll() is not None:
                raise
            time.sleep(0.1)


def stop(office, desktop):
    """Ends LibreOffice, by force if it does not end when asked."""
    try:
        if desktop is not None and desktop.terminate():
            office.wait(ENDS_WITHIN)
    except (UnoError, subprocess.TimeoutExpired):
        pass
    if office.poll() is None:
        os.killpg(office.pid, signal.SIGKILL)
        office.wait()


class NotLoadedError(Exception):
    """LibreOffice does not load a file."""


class NotTypedError(Exception):
    """A cell does not hold what was typed into it."""


class Calc:
    """Loaded templates by version."""

    def __init__(self, desktop):
        self.desktop = desktop
        self.templates = {}

    def open(self, version, path, blank):
        """Loads a template and empties the cells `blank`: whoever used the copy before may have left answers."""
        document = self.load(path)
        document.enableAutomaticCalculation(False)
        document.addActionLock()
        for sheet, addresses in blank.items():
            for address in addresses:
                cells_at(document, sheet, address).clearContents(CONTENT)
        sheet = document.Sheets.getByName(SMELTER_LIST)
        for column in MENDED:
            formula = sheet.getCellRangeByName(f"{column}6").getFormula()
            sheet.getCellRangeByName(f"{column}5").setFormula(re.sub(r"(?<=[A-Z])6\b", "5", formula))
        self.templates[version] = Template(document)
        return {}

    def judge(self, version, cells):
        """What the Checker says when `cells`, and nothing else, are typed into the loaded template."""
        template = self.templates[version]
        template.hold(
            {(sheet, *column_and_row(a)): value for sheet, typed in cells.items() for a, value in typed.items()}
        )
        template.document.calculateAll()
        return verdict(template.document)

    def convert(self, source, target):
        """What the Checker of a file says; the calculated file is then stored at `target`."""
        document = self.load(source)
        try:
            document.calculateAll()
            answer = verdict(document)
            document.storeToURL(Path(target).as_uri(), (setting("FilterName", XLSX),))
            return answer
        finally:
            document.close(True)

    def load(self, path):
        """A workbook, without a window and without its macros and links.

        Raises NotLoadedError if LibreOffice does not load it: it loads nothing while it is still starting.
        """
        settings = (setting("Hidden", True), setting("MacroExecutionMode", 0), setting("UpdateDocMode", 0))
        deadline = time.monotonic() + LOADS_WITHIN
        while (document := self.desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, settings)) is None:
            if time.monotonic() > deadline:
                raise NotLoadedError(path)
            time.sleep(0.2)
        return document


def setting(name, value):
    """A named argument as LibreOffice wants it."""
    argument = PropertyValue()
    argument.Name, argument.Value = name, value
    return argument


class Template:
    """A loaded template, and what is typed into it now, by sheet, column and row."""

    def __init__(self, document):
        self.document = document
        self.typed = {}
        self.untyped = {}

    def hold(self, cells):
        """Types what is new and puts back what is gone: declarations share much, so little has to be done.

        Raises NotTypedError if a cell does not hold its value afterwards, because it is protected, say.
        """
        for piece in pieces(self.typed.keys() - cells.keys()):
            self._put_back(piece)
        for piece in pieces(place for place, value in cells.items() if self.typed.get(place) != value):
            self._type(piece, [cells[place] for place in piece])

    def _put_back(self, piece):
        formulas = [self.untyped[place] for place in piece]
        cells = self._cells(piece)
        cells.clearContents(CONTENT)
        if any(formulas):
            cells.setFormulaArray(tuple((formula,) for formula in formulas))
        for place in piece:
            del self.typed[place]

    def _type(self, piece, values):
        """As they are: a text that looks like a formula or a number stays a text."""
        cells = self._cells(piece)
        for place, (formula,) in zip(piece, cells.getFormulaArray(), strict=True):
            if place not in self.typed:
                self.untyped[place] = formula
        cells.setDataArray(tuple((0.0 if isinstance(value, dict) else value,) for value in values))
        held = cells.getDataArray()
        for number, (place, value) in enumerate(zip(piece, values, strict=True)):
            if held[number][0] != (0.0 if isinstance(value, dict) else value):
                raise NotTypedError(f"{place} holds {held[number][0]!r}, not {value!r}")
            if isinstance(value, dict):
                cells.getCellByPosition(0, number).setFormula(FAILING_FORMULA)
            self.typed[place] = value

    def _cells(self, piece):
        (sheet, column, first), (_, _, last) = piece[0], piece[-1]
        return cells_at(self.document, sheet, f"{column}{first}:{column}{last}")


def pieces(places):
    """The places as pieces of columns without gaps: few calls are what is fast."""
    piece = []
    for sheet, column, row in sorted(places):
        if piece and piece[-1] != (sheet, column, row - 1):
            yield piece
            piece = []
        piece.append((sheet, column, row))
    if piece:
        yield piece


def column_and_row(address):
    """("B", 5) of "B5"."""
    column, row = re.fullmatch("([A-Z]+)([0-9]+)", address).groups()
    return column, int(row)


def verdict(document):
    """The Checker's rows that are incomplete (column H is 1), and those that a failed formula spoilt."""
    column = document.Sheets.getByName("Checker").getCellRangeByName(f"H{FIRST_CHECKER_ROW}:H{LAST_CHECKER_ROW}")
    held = [row[0] for row in column.getDataArray()]
    spoilt = [n for n, value in enumerate(held) if value not in (0, 1) and column.getCellByPosition(0, n).getError()]
    return {
        "incomplete": [FIRST_CHECKER_ROW + n for n, value in enumerate(held) if n not in spoilt and value == 1],
        "spoilt": [FIRST_CHECKER_ROW + n for n in spoilt],
    }


def cells_at(document, sheet, address):
    """A cell range by the name of its sheet and its address."""
    return document.Sheets.getByName(sheet).getCellRangeByName(address)


if __name__ == "__main__":
    main()
