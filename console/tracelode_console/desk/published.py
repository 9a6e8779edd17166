"""What a system has published for a year: the run that `latest.json` names, and its tables."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from tracelode.report.files import MANIFEST
from tracelode.storage import places
from tracelode_console.desk.installation import Installation


@dataclass(frozen=True, slots=True)
class Published:
    """The latest run: its name, its files with their SHA-256, and when it became the latest.

    `confirmed` is when a sweep last found that there is nothing newer; the pointer is written again then.
    """

    year: int
    run: str
    files: Mapping[str, str]
    since: datetime
    confirmed: datetime


def published(installation: Installation, year: int) -> Published | None:
    """The latest run of a year, None if nothing was published yet."""
    pointer = installation.results.pointer(year)
    if not pointer.number:
        return None
    s3, bucket = installation.clients.s3, installation.results_bucket
    confirmed = s3.head_object(Bucket=bucket, Key=places.pointer(year))["LastModified"]
    try:
        since = s3.head_object(Bucket=bucket, Key=places.run_file(year, pointer.run, MANIFEST))["LastModified"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchKey"):
            raise
        since = confirmed
    return Published(year, pointer.run, pointer.files, since, confirmed)


def tables(installation: Installation, latest: Published, *names: str) -> dict[str, bytes]:
    """Files of the run by name. Raises ReportDamagedError for one that has not the pointer's hash."""
    wanted = {name: latest.files[name] for name in names if name in latest.files}
    return installation.results.read_whole_run(latest.year, latest.run, wanted)


def rows(table: bytes) -> tuple[Mapping[str, str], ...]:
    """The rows of a CSV file by column; the apostrophe that keeps a cell from being a formula is taken off again."""
    read = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    return tuple({name: (cell or "").removeprefix("'") for name, cell in row.items()} for row in read)


def document(data: bytes) -> Any:
    """A JSON file of the run."""
    return json.loads(data)
