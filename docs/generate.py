"""Writes the pages of docs/ that say what the code says: LIMITS.md, RULES.md, COMMANDS.md.

`make docs` runs it, a test holds it.

python docs/generate.py
"""

import argparse
import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from tracelode import ooxml
from tracelode.feedback import markup
from tracelode.feedback import page as feedback
from tracelode.ledger import smelters
from tracelode.lists.tables import MAX_LIST_ROWS
from tracelode.own_text.language import MAX_CHARACTERS
from tracelode.reference.kinds import MAX_REFERENCE_BYTES
from tracelode.review.cross_checks import CROSS_RULES
from tracelode.review.review import RULES
from tracelode.review.rules import rule
from tracelode.review.rules.rule import Rule
from tracelode.submission import NAME_CHARACTERS
from tracelode.tally.aggregate import GROUP_SIZE
from tracelode.workbooks import file_rules, limits
from tracelode.workbooks.file_rules import FileRule
from tracelode_console.arguments.everyday import WHICH_SYSTEM
from tracelode_console.cli import parser
from tracelode_console.desk.choices import LONGEST_DAYS

HERE = Path(__file__).resolve().parent

_LIMIT = re.compile(r"_?MAX_\w+|\w+_(?:AT_MOST|FROM)|RATIO_\w+")


def pages() -> dict[str, str]:
    """The generated pages by file name."""
    return {"LIMITS.md": _limits_page(), "RULES.md": _rules_page(), "COMMANDS.md": _commands_page()}


def _limits_page() -> str:
    scale = (inspect.getdoc(limits) or "").partition("For scale: ")[2].strip()
    modules = [
        importlib.import_module(f"{package.__name__}.{module.name}")
        for package in (markup, ooxml)
        for module in pkgutil.iter_modules(package.__path__)
    ]
    return f"""# Limits

What a workbook may cost at most, generated from the constants themselves.

## Reading

A file beyond a limit becomes a rejected submission that says so; it never becomes a slow or failing function. The
constants stand in `shared/tracelode/workbooks/limits.py`.

For scale: {scale}

{_table(limits)}

## Reviewing

{_table(rule)}

## Marking a workbook up

Whatever does not fit is left out of the cells only: the sheet "Findings" lists every finding. The constants stand in
`shared/tracelode/feedback/markup/`. A workbook is read within the limits above before it is marked; one that cannot be
marked within these comes back without marks, and the feedback page says why.

{_table(*modules)}

## Keeping what is declared

What a supplier declares is counted from a compressed summary, which has all of it. Beside it lies a copy that a person
can read in the console; it says how many smelters it leaves out. The constants stand in
`shared/tracelode/ledger/smelters.py`.

{_table(smelters)}

## Telling a supplier

{_table(feedback)}

## Elsewhere

A reference file may have {MAX_REFERENCE_BYTES // 1_000_000} MB and {MAX_LIST_ROWS:,} rows, a section of your own
{MAX_CHARACTERS:,} characters; of a smelter's name {NAME_CHARACTERS} characters are kept; a supplier's group has
{GROUP_SIZE} seats. AWS's own limits that the design minds: 400 KB an item (larger values lie in parts), two readers a
stream shard (tally and publish), 15 minutes a function (reconcile has all of them, publish 5), {LONGEST_DAYS} days a
signature (upload pages and links).
"""


def _table(*modules: ModuleType) -> str:
    rows = [
        f"| `{name}` | {value} | {meaning} |"
        for module in modules
        for name, value, meaning in _documented_constants(module)
    ]
    return "\n".join(("| constant | value | meaning |", "|---|---|---|", *rows))


def _documented_constants(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    """The numbers that a module names in capitals and explains below, and what it says of them."""
    body = ast.parse(inspect.getsource(module)).body
    for statement, following in pairwise(body):
        if (
            isinstance(statement, ast.Assign)
            and isinstance(statement.targets[0], ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
        ):
            name = statement.targets[0].id
            value = getattr(module, name)
            if isinstance(value, int | float) and _LIMIT.fullmatch(name):
                yield name.lstrip("_"), f"{value:,}", _cell(" ".join(str(following.value.value).split()))


def _rules_page() -> str:
    reading = sorted((each for each in vars(file_rules).values() if isinstance(each, FileRule)), key=lambda r: r.id)
    file_rows = "\n".join(f"| {r.id} | {r.severity} | {_cell(r.message)} | {_cell(r.remedy)} |" for r in reading)
    rows = "\n".join(
        f"| {r.id} | {r.severity} | {_cell(_said(r, r.message))} | {_cell(_said(r, r.remedy))} | {_cell(r.source)} |"
        for r in RULES
    )
    compared = "\n".join(
        f"| {r.id} | {r.severity} | {_cell(r.message)} | {_cell(r.remedy)} | {_cell(r.source)} |" for r in CROSS_RULES
    )
    return f"""# Rules

Everything that a review can find, generated from the rules themselves. An *error* asks the supplier for a correction, a
*warning* for a look, a *notice* for nothing. Words in braces are filled in.

## Reading the file

| rule | severity | what is said | what to do |
|---|---|---|---|
{file_rows}

## Reviewing the declaration

K01 to K56 are the rows of RMI's own Checker; X01 and following go beyond it. A program year can give a rule another
severity, or switch it off, in the table `[severities]` of its `program.toml`. Words in braces that name a question
stand for its number in the template's version.

| rule | severity | what is said | what to do | source |
|---|---|---|---|---|
{rows}

## Comparing suppliers

Only the compliance team sees these; no supplier's feedback speaks of another supplier.

| rule | severity | what is said | what to do | source |
|---|---|---|---|---|
{compared}
"""


def _commands_page() -> str:
    (commands,) = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    helps = {action.dest: action.help for action in commands._choices_actions}
    listed = "\n".join(f"| [`{name}`](#tracelode-{name}) | {_cell(helps[name] or '')} |" for name in commands.choices)
    everyday = commands.choices["status"]
    return (
        f"""# Commands

Everything that `tracelode` does, generated from the command line itself; `tracelode COMMAND --help` says the same.

| command | what it does |
|---|---|
{listed}

## Which system

The everyday commands speak to a deployed stack or to the system that a `tracelode watch` runs on this machine, and are
the same for both. What the command line names counts first, then `TRACELODE_STACK`, then a system that runs in `out`.
Credentials are those of the AWS command line.

{_options(everyday, WHICH_SYSTEM)}

{"".join(_command(name, command) for name, command in commands.choices.items())}""".rstrip()
        + "\n"
    )


def _command(name: str, command: argparse.ArgumentParser) -> str:
    positional = [action for action in command._actions if not action.option_strings]
    words = [_positional(action) for action in positional]
    words += [_spelt(action).strip("`") for action in command._actions if action.option_strings and action.required]
    asks = any(group.title == WHICH_SYSTEM for group in command._action_groups)
    parts = [
        f"## tracelode {name}",
        f"`{' '.join(['tracelode', name, *words])}`"
        + (", with the options that say [which system](#which-system)" if asks else ""),
        " ".join((command.description or "").split()),
        _options(command, None),
        f"```text\n{(command.epilog or '').strip()}\n```" if command.epilog else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n\n"


def _positional(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest)
    if action.nargs == "*":
        return f"[{name} ...]"
    return f"{name} ..." if action.nargs == "+" else name


def _options(command: argparse.ArgumentParser, title: str | None) -> str:
    """The options of the group with this title, or of all groups but that of the system, as a table."""
    rows = [
        f"| {_cell(_spelt(action))} | {_cell(_meaning(action))} |"
        for group in command._action_groups
        if (group.title == title if title else group.title != WHICH_SYSTEM)
        for action in group._group_actions
        if action.dest != "help"
    ]
    return "\n".join(("| option | meaning |", "|---|---|", *rows)) if rows else ""


def _spelt(action: argparse.Action) -> str:
    name = action.option_strings[-1] if action.option_strings else ""
    value = (
        "" if action.nargs == 0 else action.metavar or "|".join(map(str, action.choices or ())) or action.dest.upper()
    )
    return f"`{' '.join(part for part in (name, str(value)) if part)}`"


def _meaning(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%")


def _said(rule: Rule, template: str) -> str:
    """The template with the rule's own words filled in, and the words of each finding still in braces."""
    return template.format_map({name: f"{{{name}}}" for name in rule.names} | dict(rule.words))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
