"""`tracelode review`: read and review CMRT files on this machine, without any cloud."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracelode.declarations.declaration import Answer, Declaration, SmelterLine
from tracelode.declarations.read import read_declaration
from tracelode.findings import Finding, Severity, worst_first
from tracelode.printing.printable import printable
from tracelode.review.reading import review_reading, under_own_names
from tracelode.review.rules.demands import Demands
from tracelode.workbooks.limits import MAX_FILE_BYTES
from tracelode_console.commands.files.given_files import FileRefusedError, first_bytes, say_refused
from tracelode_console.json_output import print_json

_ALWAYS_SHOWN: Final = ("row", "number", "name", "comments")
_STYLES: Final = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTICE: "cyan"}


def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Review the files; returns the exit status."""
    reviewed: list[tuple[Path, Declaration | None, Sequence[Finding]]] = []
    status = 0
    for path in options.files:
        try:
            # One byte more than is read: the review itself says of a larger file that it is too large.
            data = first_bytes(path, MAX_FILE_BYTES + 1)
        except FileRefusedError as refusal:
            say_refused(err, refusal)
            status = 2
            continue
        declaration, findings = review_file(data, path.name, options.year)
        reviewed.append((path, declaration, findings))
        if any(finding.severity is Severity.ERROR for finding in findings):
            status = max(status, 1)
    if options.json:
        documents = [
            {
                "file": str(path),
                "declaration": _declaration(declared) if declared else None,
                "findings": [_finding(finding) for finding in found],
            }
            for path, declared, found in reviewed
        ]
        print_json(out, documents)
    else:
        for path, declared, found in reviewed:
            _print_review(out, path, declared, found)
    return status


def review_file(data: bytes, name: str, year: int) -> tuple[Declaration | None, tuple[Finding, ...]]:
    """What a file declares, None if it cannot be read, and its findings, worst first.

    Without a `year` (0), a declaration is reviewed for the year of its own effective date.
    """
    reading = read_declaration(data, name)
    effective = reading.declaration.company.effective_date if reading.declaration else None
    findings = review_reading(reading, Demands(year or (effective.year if effective else 0)))
    return reading.declaration, worst_first(under_own_names(findings, reading.renamed))


def _declaration(declaration: Declaration) -> dict[str, Any]:
    company = declaration.company
    return {
        "kind": declaration.kind,
        "template_version": declaration.template_version,
        "language": declaration.language,
        "company": {
            "name": company.name.text,
            "unique_id": company.unique_id.text,
            "unique_id_authority": company.unique_id_authority.text,
            "address": company.address.text,
            "contact_name": company.contact_name.text,
            "contact_email": company.contact_email.text,
            "contact_phone": company.contact_phone.text,
            "authorizer_name": company.authorizer_name.text,
            "authorizer_title": company.authorizer_title.text,
            "authorizer_email": company.authorizer_email.text,
            "authorizer_phone": company.authorizer_phone.text,
            "effective_date": company.effective_date.isoformat() if company.effective_date else None,
        },
        "scope": company.scope.value if company.scope else None,
        "scope_description": company.scope_description.text,
        "answers": {
            question.value: {metal.value: _answer(by_metal[metal]) for metal in declaration.minerals}
            for question, by_metal in declaration.answers.items()
        },
        "company_answers": {letter: _answer(answer) for letter, answer in declaration.company_answers.items()},
        "smelters": [_line(line) for line in declaration.smelters],
        "products": [
            {name: value for name, value in asdict(product).items() if value or name in _ALWAYS_SHOWN}
            for product in declaration.products
        ],
    }


def _answer(answer: Answer) -> Mapping[str, Any]:
    return {"answer": answer.value, "typed": answer.entry.text, "comment": answer.comment.text}


def _line(line: SmelterLine) -> Mapping[str, Any]:
    return {
        "row": line.row,
        "kind": line.kind.value,
        "metal": line.metal.value if line.metal else None,
        "cid": line.cid,
        "cid_source": line.cid_source.value,
        "name": line.name,
        "country": line.country,
        "city": line.city,
        "state": line.state,
        "mine": line.mine,
        "mine_country": line.mine_country,
        "recycled": line.recycled,
        "comments": line.comments,
    }


def _finding(finding: Finding) -> Mapping[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "found": finding.found,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def _print_review(out: Console, path: Path, declaration: Declaration | None, findings: Sequence[Finding]) -> None:
    out.print(Text(printable(str(path)), style="bold"))
    if declaration:
        company = declaration.company
        scope = f"scope {company.scope.value}" if company.scope else "no scope"
        out.print(
            Text(
                f"  {declaration.kind} {declaration.template_version}, {declaration.language or 'no language'}, "
                f"{printable(company.name.text) or 'no company name'}, {scope}, "
                f"{len(declaration.smelters)} smelter lines, {len(declaration.products)} products"
            )
        )
    else:
        out.print(Text("  not read as a CMRT", style="bold red"))
    if not findings:
        out.print(Text("  nothing to remark", style="green"))
        return
    table = Table(box=box.SIMPLE if out.is_terminal else None, padding=(0, 1))
    for heading in ("", "Rule", "Where", "Found", "What is wrong, and what to do"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("", "Rule"))
    for finding in findings:
        where = "!".join(part for part in (finding.sheet, finding.cell) if part)
        table.add_row(
            Text(finding.severity.value, style=_STYLES[finding.severity]),
            finding.rule,
            Text(printable(where)),
            Text(printable(finding.found)),
            Text(f"{finding.message} {finding.remedy}"),
        )
    out.print(table)
