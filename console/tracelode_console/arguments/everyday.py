"""What the everyday commands take: those to a system that is up, deployed or on this machine."""

import argparse
from datetime import date
from pathlib import Path
from typing import Final

from tracelode_console.arguments.command import Command
from tracelode_console.desk.choices import DEAD_LETTER_QUEUES, DEFAULT_FOLDER, LONGEST_DAYS, STACK_VARIABLE, Reason
from tracelode_console.desk.upload.upload_words import languages

WHICH_SYSTEM: Final = "which system"
"""Title of the options that all everyday commands share."""
_ROOM: Final = "tracelode_console.commands.everyday"


def _installation(command: argparse.ArgumentParser) -> None:
    """Which system, and which program year."""
    group = command.add_argument_group(WHICH_SYSTEM)
    which = group.add_mutually_exclusive_group()
    which.add_argument("--stack", metavar="NAME", help=f"a deployed stack (default: {STACK_VARIABLE}, if it is set)")
    which.add_argument(
        "--local",
        metavar="DIR",
        type=Path,
        nargs="?",
        const=DEFAULT_FOLDER,
        help=f"the running `tracelode watch` with this output folder (default: {DEFAULT_FOLDER}, if one runs there)",
    )
    group.add_argument("--region", help="the stack's region (default: the one that is configured)")
    group.add_argument("--profile", help="the profile of the AWS configuration to use")
    group.add_argument("--year", type=program_year, help="the program year (default: the newest that there is)")


def program_year(text: str) -> int:
    """A program year of the command line; argparse prints the error that this raises."""
    # Imported here, because whoever names no year need not wait for it.
    from tracelode.storage import places

    if not places.is_year(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no program year")
    return int(text)


def days(text: str) -> float:
    """Days of the command line; argparse prints the error that this raises."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"more than 0 and at most {LONGEST_DAYS} days: no signature lasts longer")
    return number


def _status(command: argparse.ArgumentParser) -> None:
    _installation(command)
    command.add_argument("--open", action="store_true", help="only the suppliers with something left to do")
    command.add_argument("--json", action="store_true", help="print JSON")


def _latest(command: argparse.ArgumentParser) -> None:
    _installation(command)
    command.add_argument(
        "--download",
        metavar="DIR",
        type=Path,
        help="download it to DIR/YEAR/latest, every file held against its hash; what lies there is replaced",
    )
    command.add_argument("--open", action="store_true", help="download it (to a temporary folder) and open its page")
    command.add_argument("--json", action="store_true", help="print JSON")


def _freeze(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "run", metavar="RUN", nargs="?", default="latest", help="a run's number or name (default: the latest)"
    )
    _installation(command)
    command.add_argument("--note", metavar="TEXT", default="", help="why, or what is still to come")
    command.add_argument("--by", metavar="NAME", default=None, help="who names it (default: who you are signed in as)")
    command.add_argument("--again", action="store_true", help="in place of the run that was named before")
    command.add_argument("--json", action="store_true", help="print JSON")


def _redline(command: argparse.ArgumentParser) -> None:
    command.add_argument("before", metavar="BEFORE", nargs="?", default="frozen", help="default: the frozen run")
    command.add_argument("after", metavar="AFTER", nargs="?", default="latest", help="default: the latest run")
    _installation(command)
    command.add_argument("--out", metavar="DIR", type=Path, default=Path("redline"), help="where the redline goes")
    command.add_argument("--json", action="store_true", help="print JSON")


def _smelters(command: argparse.ArgumentParser) -> None:
    command.add_argument("supplier", metavar="SUPPLIER", help="its supplier_id in suppliers.csv")
    _installation(command)
    command.add_argument("--json", action="store_true", help="print JSON, with every row")


def _invite(command: argparse.ArgumentParser) -> None:
    command.add_argument("supplier", metavar="SUPPLIER", help="its supplier_id in suppliers.csv")
    _installation(command)
    command.add_argument("--out", metavar="DIR", type=Path, default=Path("invitations"), help="where the page goes")
    command.add_argument(
        "--days", type=days, default=float(LONGEST_DAYS), help="how long it works (default and most: 7)"
    )
    command.add_argument("--due", metavar="DATE", type=date.fromisoformat, help="until when you want it, as 2026-03-31")
    command.add_argument("--as", dest="file", metavar="FILE", default="", help="take one file only, under this name")
    command.add_argument(
        "--language", choices=languages(), help="the page's language beside English (default: that of its newest CMRT)"
    )
    command.add_argument("--json", action="store_true", help="print JSON, with the form's fields")


def _remind(command: argparse.ArgumentParser) -> None:
    command.add_argument("suppliers", metavar="SUPPLIER", nargs="*", help="only these (default: all that are open)")
    _installation(command)
    command.add_argument("--why", choices=[reason.value for reason in Reason], action="append", help="only these")
    command.add_argument("--due", metavar="DATE", type=date.fromisoformat, help="until when, as 2026-03-31")
    command.add_argument("--days", type=days, default=float(LONGEST_DAYS), help="how long links work (most: 7)")
    command.add_argument("--out", metavar="DIR", type=Path, help="write the texts and upload pages")
    command.add_argument("--json", action="store_true", help="print JSON, texts included")


def _redrive(command: argparse.ArgumentParser) -> None:
    _installation(command)
    command.add_argument(
        "--only",
        choices=[queue.name for queue in DEAD_LETTER_QUEUES],
        action="append",
        help="only the letters of this function; may be given several times",
    )
    command.add_argument("--dry-run", action="store_true", help="show what is there and leave it")
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument("--json", action="store_true", help="print JSON; needs --yes or --dry-run")


def _doctor(command: argparse.ArgumentParser) -> None:
    _installation(command)
    command.add_argument(
        "--template", metavar="FILE", type=Path, default=None, help="the SAM template (default: the project's)"
    )
    command.add_argument("--all", action="store_true", help="print what is in order as well")
    command.add_argument("--json", action="store_true", help="print JSON: every check on every subject")


EVERYDAY: Final = (
    Command(
        name="status",
        summary="say who answered, what is open and what is still on its way",
        epilog="exit status: 0 a report is published, 1 none is yet, 2 the system cannot be spoken to",
        module=f"{_ROOM}.status",
        add_arguments=_status,
    ),
    Command(
        name="latest",
        summary="say where the newest report is, download it, open it",
        epilog="""\
exit status: 0 there is a report, 1 none is published yet, 2 the system cannot be spoken to or a file is damaged
""",
        module=f"{_ROOM}.latest",
        add_arguments=_latest,
    ),
    Command(
        name="freeze",
        summary="name a run as the one to file: what comes later changes the next report, and not this one",
        epilog="""\
Which run it is, who named it and when, its files and what it was made of go to YEAR/frozen.json, where no function of
the system can write. Runs are never removed. The index page of a later report tells what it says otherwise, and so does
`tracelode status`. In an output folder no system needs to run.

exit status: 0 the run is the one to file, 1 another one is: --again replaces it, 2 there is no such run, somebody else
has named one meanwhile, or the system cannot be spoken to
""",
        module=f"{_ROOM}.freeze",
        add_arguments=_freeze,
    ),
    Command(
        name="redline",
        summary="show what changed in the text of the filing between two runs",
        epilog="""\
BEFORE and AFTER are each
  frozen, latest     the run that is to be filed, the newest one
  12, 000012-a1b2    a run by its number, its name or the beginning of it
  2025/latest        a run of another year: what changed since last year's filing
  a folder           with a report that was downloaded

DIR gets redline.html, and form-sd-redline.docx and exhibit-1-01-redline.docx with tracked changes: accept all of them
in Word and you have AFTER, reject all and you have BEFORE.

exit status: 0 the redline is written, 2 there is no such run or the system cannot be spoken to
""",
        module=f"{_ROOM}.redline",
        add_arguments=_redline,
    ),
    Command(
        name="smelters",
        summary="say which smelters a supplier names, and in which rows of which file",
        epilog="""\
exit status: 0 some file of the supplier counts, 1 none does, 2 nobody knows the supplier or the system
cannot be spoken to
""",
        module=f"{_ROOM}.smelters",
        add_arguments=_smelters,
    ),
    Command(
        name="invite",
        summary="make an upload page for a supplier, and the text to send with it",
        epilog="""\
The page holds a signed form, not an account: whoever has it can put files into that supplier's folder of the inbox
until it ends, and can neither read, list nor delete anything. Send it to the supplier alone. An inbox under Object Lock
(InboxLockDays) takes nothing from a form; the command then says how files get in instead.

exit status: 0 the page is written, 2 there is no such supplier, no page can work, or the system cannot be spoken to
""",
        module=f"{_ROOM}.invite",
        add_arguments=_invite,
    ),
    Command(
        name="remind",
        summary="say whom to chase, with the text to send to each",
        epilog="""\
Nothing is sent. --out DIR writes DIR/YEAR/SUPPLIER/message.txt for each, with an upload page beside it (none if
the inbox is under Object Lock, see invite).

exit status: 0 nobody is to be reminded, 1 somebody is, 2 nothing is published yet or the system cannot be spoken to
""",
        module=f"{_ROOM}.remind",
        add_arguments=_remind,
    ),
    Command(
        name="redrive",
        summary="take up again what was given up on, once its cause is mended",
        more=" Shows first what it is about.",
        epilog="""\
Letters of intake and reference go back into their queue. Letters of tally and publish hold a position of the stream
only: a sweep makes again what they were about, and they are deleted once it has succeeded. Nothing is done twice that
was done before, so that a letter too many does no harm; one whose cause is not mended comes back.

exit status: 0 nothing is left, 1 letters were left where they are or the sweep failed, 2 the system cannot be spoken to
""",
        module=f"{_ROOM}.redrive",
        add_arguments=_redrive,
    ),
    Command(
        name="doctor",
        summary="say whether everything is set up and works as it should, and how to mend what is not",
        epilog="""\
Every check compares what is there with the template and the stack's own parameters. It changes nothing. A check is ok,
warn, fail, or unchecked: not to be seen on this machine, or not by you; then the right that you lack is named.

exit status: 0 nothing failed, 1 something failed, 2 the system cannot be spoken to
""",
        module=f"{_ROOM}.doctor",
        add_arguments=_doctor,
    ),
)
