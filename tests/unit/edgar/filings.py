"""Filings in the forms that filers use, made from the example's annex."""

import csv
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

ANNEX = Path(__file__).resolve().parents[3] / "examples" / "annex-2016.csv"
Line = tuple[str, ...]
Edit = Callable[[list[Line]], list[Line]]

PROSE = """Our seven suppliers named 310 smelters and refiners in 2016.
Of these 310 facilities, 241 smelters or refiners were compliant with the program.
Another 14 smelters or refiners were active.
The remaining 55 facilities are not on the lists of compliant or active facilities.
There are 4 smelters among these 55 facilities that are located in Africa.
Two of these are located in Covered Countries.
"""
HEADINGS = ("Metal", "Smelter Name", "Smelter Country", "Status")


def annex(edit: Edit | None = None) -> list[Line]:
    """The annex's rows: metal, name, country, status."""
    with ANNEX.open(encoding="utf-8", newline="") as file:
        rows = [(row["metal"], row["name"], row["country"], row["status"]) for row in csv.DictReader(file)]
    return edit(rows) if edit else rows


def in_tabs(rows: Sequence[Line], prose: str = PROSE) -> bytes:
    table = "\n".join("\t".join(row) for row in (HEADINGS, *rows))
    return f"{prose}\nANNEX I\n\n{table}\n\nFuture Steps\n\nWe will go on.\n".encode()


def in_spaces(rows: Sequence[Line], prose: str = PROSE) -> bytes:
    widths = [max(len(row[place]) for row in (HEADINGS, *rows)) + 3 for place in range(4)]
    table = "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (HEADINGS, *rows)
    )
    return f"{prose}\nANNEX I\n\n{table}\n\nFuture Steps\n".encode()


def in_bars(rows: Sequence[Line], prose: str = PROSE) -> bytes:
    lines = ["| " + " | ".join(row) + " |" for row in (HEADINGS, ("---",) * 4, *rows)]
    return (prose + "\n" + "\n".join(lines) + "\n").encode()


def in_html(rows: Sequence[Line], prose: str = PROSE) -> bytes:
    lines = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    heading = "".join(f"<th>{cell}</th>" for cell in HEADINGS)
    return f"<html><body><p>{prose}</p>\n<table>\n<tr>{heading}</tr>\n{lines}\n</table></body></html>".encode()


def as_word_processors_write(rows: Sequence[Line], prose: str = PROSE) -> bytes:
    """HTML with spacer columns, one table a page, the heading on the first alone, and entities throughout."""

    def cells(row: Line) -> str:
        texts = (
            f"<P><FONT SIZE=2>{escape(cell).encode('ascii', 'xmlcharrefreplace').decode()}</FONT></P>" for cell in row
        )
        return "<TR>" + "<TD>&nbsp;</TD>".join(f'<TD COLSPAN="2">{text}</TD>' for text in texts) + "</TR>"

    pages = [rows[place : place + 40] for place in range(0, len(rows), 40)]
    tables = [
        "<TABLE>" + (cells(HEADINGS) if not place else "") + "\n".join(map(cells, page)) + "</TABLE>\n<P>12</P>\n<HR>"
        for place, page in enumerate(pages)
    ]
    return f"<HTML><BODY><DIV>{prose}</DIV>{''.join(tables)}</BODY></HTML>".encode("ascii")


def by_metal(rows: Sequence[Line], prose: str = PROSE) -> bytes:
    """HTML with a table for each metal, which is named above the headings."""
    tables = ""
    for metal in ("Gold", "Tantalum", "Tin", "Tungsten"):
        lines = "".join(
            f"<tr><td>{escape(name)}</td><td>{country}</td><td>{status}</td></tr>\n"
            for of, name, country, status in rows
            if of == metal
        )
        heading = "<tr><th>Facility</th><th>Country</th><th>Status</th></tr>"
        tables += f'<table><tr><td colspan="3">{metal}</td></tr>{heading}{lines}</table>'
    return f"<html><body><p>{prose}</p>{tables}</body></html>".encode()


def spanning(rows: Sequence[Line], prose: str = PROSE) -> bytes:
    """HTML in which the metal is one cell beside all its rows."""
    lines = ""
    for metal in ("Gold", "Tantalum", "Tin", "Tungsten"):
        own = [row for row in rows if row[0] == metal]
        for place, (_, *rest) in enumerate(own):
            first = f'<td rowspan="{len(own)}">{metal}</td>' if not place else ""
            lines += "<tr>" + first + "".join(f"<td>{escape(cell)}</td>" for cell in rest) + "</tr>\n"
    heading = "".join(f"<th>{cell}</th>" for cell in HEADINGS)
    return f"<html><body><p>{prose}</p><table><tr>{heading}</tr>{lines}</table></body></html>".encode()


def submission(*documents: tuple[str, bytes]) -> bytes:
    """A complete submission text file."""
    parts = [
        b"<DOCUMENT>\n<TYPE>%s\n<SEQUENCE>%d\n<TEXT>\n%s\n</TEXT>\n</DOCUMENT>\n" % (kind.encode(), number, data)
        for number, (kind, data) in enumerate(documents, start=1)
    ]
    return b"<SEC-DOCUMENT>0000000000-17-000001.txt : 20170526\n" + b"".join(parts) + b"</SEC-DOCUMENT>\n"


FORMS = {
    "tabs": in_tabs,
    "spaces": in_spaces,
    "bars": in_bars,
    "html": in_html,
    "word processor": as_word_processors_write,
    "a table for each metal": by_metal,
    "spanning cells": spanning,
}
