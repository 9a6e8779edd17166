"""`tracelode invite`: an upload page for one supplier, and the text to send with it."""

import argparse
import difflib
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode.sources.roster import Supplier
from tracelode.workbooks.limits import MAX_FILE_BYTES
from tracelode_console.commands.everyday.which_system import (
    DONE,
    CommandRefusedError,
    installation_of,
    refusals_told,
    year_of,
)
from tracelode_console.desk.installation import Installation
from tracelode_console.desk.output_folder import write_tree
from tracelode_console.desk.suppliers import in_force, languages_of
from tracelode_console.desk.upload.invitation import (
    CONTENT_TYPE,
    Invitation,
    invitation,
    message,
    upload_page,
)
from tracelode_console.json_output import print_json


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Write the page and print the text; returns the exit status."""
    installation = installation_of(options)
    year = year_of(options, installation)
    standing = in_force(installation, year)
    supplier, program = surveyed(standing.suppliers, options.supplier, year), standing.program
    if options.file and ("/" in options.file or not options.file.isprintable()):
        raise CommandRefusedError(f"--as {options.file}: a plain file name is needed")
    if installation.inbox_is_locked():
        raise CommandRefusedError(no_page(installation, year, supplier.supplier_id))
    invited = invitation(installation, year, supplier.supplier_id, days=options.days, file=options.file)
    company = program.registrant.name if program else ""
    language = options.language or languages_of(installation, year, {supplier.supplier_id}).get(supplier.supplier_id)
    page = upload_page(invited, company=company, supplier=supplier.name, language=language or "en")
    text = message(invited, company=company, supplier=supplier.name, due=options.due)
    name = f"upload-{year}.html"
    folder = options.out / str(year) / supplier.supplier_id
    write_tree(folder, {name: page.encode(), "message.txt": text.encode()})
    if options.json:
        print_json(out, _described(invited, folder / name, text))
    else:
        out.print(Text(printable(f"{folder / name} works until {invited.expires:%Y-%m-%d %H:%M} UTC; attach it to:\n")))
        out.print(Text(text), end="")
    if invited.temporary:
        err.print(
            "warning: your credentials end by themselves, often within hours, and the page ends with them; "
            "sign with an access key that lasts (--profile) for one that works for days"
        )
    return DONE


def no_page(installation: Installation, year: int, supplier_id: str) -> str:
    """Why a locked inbox takes nothing from an upload page, and how a file gets in instead."""
    return (
        "no upload page works with this inbox: it locks what comes in (InboxLockDays), and S3 then wants a checksum "
        "with each file, which a plain form cannot compute. Have the file sent to you, and put it in: "
        f"aws s3 cp FILE s3://{installation.inbox_bucket}/{year}/{supplier_id}/ - or give the supplier credentials of "
        "its own (docs/SECURITY.md#object-lock)"
    )


def surveyed(suppliers: tuple[Supplier, ...], supplier_id: str, year: int) -> Supplier:
    """The supplier of this id. Raises CommandRefusedError, with the nearest ids, where the roster has none."""
    known = {supplier.supplier_id: supplier for supplier in suppliers}
    if supplier_id in known:
        return known[supplier_id]
    near = difflib.get_close_matches(supplier_id, known, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "put it into suppliers.csv and drop that first"
    raise CommandRefusedError(f"no supplier {supplier_id} in the roster of {year}; {hint}")


def _described(invited: Invitation, page: Path, text: str) -> dict[str, object]:
    return {
        "supplier_id": invited.supplier_id,
        "year": invited.year,
        "page": str(page),
        "url": invited.url,
        "fields": dict(invited.fields),
        "prefix": invited.prefix,
        "content_type": CONTENT_TYPE,
        "bytes_at_most": MAX_FILE_BYTES,
        "expires": invited.expires.isoformat(timespec="seconds"),
        "temporary_credentials": invited.temporary,
        "message": text,
    }
