"""An upload link for one supplier: a form that S3 takes under a signed policy, and a page that shows the form.

The policy, not the page, is what binds: one supplier's folder, one type, a size within the reader's limit, an end.
Whoever has the page can add files to that supplier's folder until then, and can neither read nor list nor delete.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracelode.printing.printable import printable
from tracelode.printing.wording import long_date
from tracelode.workbooks.limits import MAX_FILE_BYTES
from tracelode_console.desk.installation import Installation
from tracelode_console.desk.upload.upload_words import upload_words

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The type that the form states for whatever it brings; the reader looks at the bytes."""
ANY_NAME: Final = "${filename}"
"""What S3 replaces by the name that the file has on the supplier's machine."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A signed form: where it goes, its hidden fields, and until when. `prefix` is the folder that it may put into."""

    supplier_id: str
    year: int
    url: str
    fields: Mapping[str, str]
    prefix: str
    expires: datetime
    temporary: bool


def invitation(installation: Installation, year: int, supplier_id: str, *, days: float, file: str = "") -> Invitation:
    """A form for one supplier, good for a number of days; for any file name, or for the one that is given.

    `temporary` says that the credentials that signed it end by themselves, and the form with them.
    """
    prefix = f"{year}/{supplier_id}/"
    seconds = int(timedelta(days=days).total_seconds())
    conditions: list[Any] = [
        ["eq", "$key", prefix + file] if file else ["starts-with", "$key", prefix],
        ["eq", "$Content-Type", CONTENT_TYPE],
        ["eq", "$success_action_status", "201"],
        ["content-length-range", 1, MAX_FILE_BYTES],
    ]
    s3: Any = installation.clients.s3
    post = s3.generate_presigned_post(
        Bucket=installation.inbox_bucket,
        Key=prefix + (file or ANY_NAME),
        Fields={"Content-Type": CONTENT_TYPE, "success_action_status": "201"},
        # The library adds an exact condition for a name and a prefix condition for ${filename}: both are in force.
        Conditions=conditions,
        ExpiresIn=seconds,
    )
    return Invitation(
        supplier_id=supplier_id,
        year=year,
        url=post["url"],
        fields=post["fields"],
        prefix=prefix,
        expires=_expiration(post["fields"]["policy"]),
        temporary="x-amz-security-token" in post["fields"],
    )


def upload_page(invited: Invitation, *, company: str, supplier: str, language: str) -> str:
    """The page with the form: one file, no script, nothing loaded from elsewhere, in English and in a language."""
    words = upload_words()
    return (
        _environment()
        .get_template("upload.html.j2")
        .render(
            invited=invited,
            company=printable(company),
            supplier=printable(supplier),
            host=_host(invited.url),
            expires=f"{invited.expires:%Y-%m-%d %H:%M} UTC",
            megabytes=MAX_FILE_BYTES // 1_000_000,
            texts=[(code, words[code]) for code in dict.fromkeys((language, "en")) if code in words],
        )
    )


def message(invited: Invitation, *, company: str, supplier: str, due: date | None) -> str:
    """The text to send with the page: a subject, an empty line, and what to do. Names stand on one line each."""
    company, supplier = printable(company) or "We", printable(supplier)
    until = long_date(invited.expires.date())
    wanted = f"by {long_date(due)}" if due else f"soon: the page that comes with this works until {until}"
    return f"""\
Subject: {company}: your conflict minerals declaration for {invited.year}

To {supplier},

we ask our suppliers every year where the tin, tantalum, tungsten and gold in their products come from. Please fill in
the current Conflict Minerals Reporting Template (CMRT) for {invited.year} and send it to us {wanted}.

How to send it: open the attached page in your browser, choose your file and press the button. There is no account and
no password; the page is meant for you alone, so please do not pass it on. It works until
{invited.expires:%Y-%m-%d %H:%M} UTC. You may send a file again: the newest counts.

The CMRT and its instructions are free at https://www.responsiblemineralsinitiative.org/reporting-templates/cmrt/

You will hear from us what we found in it, cell by cell.

{company}
"""


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tracelode_console.desk.upload", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _expiration(policy: str) -> datetime:
    """Until when a signed policy is good, as it says itself."""
    stated: str = json.loads(base64.b64decode(policy))["expiration"]
    return datetime.fromisoformat(stated.replace("Z", "+00:00")).astimezone(UTC)


def _host(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
