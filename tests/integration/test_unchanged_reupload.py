"""A supplier sends the very same file once more: it changes no figure, and still counts."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from examples.specimen import LookUpEntry, SmelterRow, complete_specimen, write_cmrt
from tests.integration.conftest import Account, new_account
from tracelode.flow.adopt_reference import adopt_reference
from tracelode.flow.publish_report import publish_report
from tracelode.flow.record_submission import record_submission
from tracelode.flow.tally_group import tally_group
from tracelode.storage.objects import ObjectEvent

YEAR = 2016
KEY = "2016/acme/cmrt.xlsx"
REFERENCE = {
    "program.toml": b'year = 2016\nvocabulary = "rmap"\n[registrant]\nname = "Example Inc."\n',
    "suppliers.csv": b"supplier_id,name,contact_email,in_scope\nacme,Acme,a@example.com,yes\n",
    "smelter-list.csv": b"metal,cid,name,country,status\nGold,CID000001,One,JAPAN,conformant\n",
}
LOOK_UP = tuple(
    LookUpEntry(metal, name, name, "JAPAN", f"CID{number:06}")
    for number, (metal, name) in enumerate(
        (("Gold", "One"), ("Tin", "Two"), ("Tantalum", "Three"), ("Tungsten", "Four")), start=1
    )
)


def workbook(lines: int) -> bytes:
    """A declaration of the four smelters, the first of them on as many further lines."""
    rows = [SmelterRow(cid=entry.cid) for entry in LOOK_UP] + [SmelterRow(cid=LOOK_UP[0].cid)] * lines
    return write_cmrt(complete_specimen("Acme", rows, LOOK_UP))


FILE, ANOTHER = workbook(40), workbook(0)


def upload(account: Account, body: bytes, second: int) -> ObjectEvent:
    return ObjectEvent(KEY, account.drop("inbox", KEY, body), f"2017-02-01T08:00:{second:02}.000Z", deleted=False)


def take(account: Account, event: ObjectEvent) -> None:
    record_submission(event, account)
    for group in account.ledger.groups.numbers(YEAR):
        tally_group(YEAR, group, account.ledger)


def published_figures(account: Account) -> dict:
    for second, (file, body) in enumerate(REFERENCE.items()):
        key = f"2016/{file}"
        event = ObjectEvent(key, account.drop("reference", key, body), f"2017-01-01T00:00:0{second}.000Z", False)
        adopt_reference(event, account)
    publish_report(YEAR, account)
    return json.loads(account.text("2016/latest/figures.json"))


def current(account: Account) -> list[str]:
    (partial,) = account.ledger.partials.of_year(YEAR)
    return [submission.received for standing in partial.standings for submission in standing.current]


@contextmanager
def items_written(account: Account) -> Iterator[list[str]]:
    """The partitions of all items that are put while the context lasts."""
    written: list[str] = []

    def note(params: dict, **_: object) -> None:
        batches = params.get("RequestItems", {}).values()
        items = [entry["PutRequest"]["Item"] for batch in batches for entry in batch if "PutRequest" in entry]
        written.extend(item["pk"]["S"] for item in (*items, *filter(None, [params.get("Item")])))

    events = account.dynamodb.meta.events
    events.register("provide-client-params.dynamodb.*", note)
    try:
        yield written
    finally:
        events.unregister("provide-client-params.dynamodb.*", note)


def test_an_upload_writes_a_handful_of_items_however_many_lines_it_has(account) -> None:
    # WHEN a file of few lines is taken, and one of many
    counts = []
    for second, body in enumerate((ANOTHER, FILE)):
        with items_written(account) as written:
            take(account, upload(account, body, second))
        counts.append(len(written))
    # THEN the first writes summary, smelters, receipt, seat, what is current, partial and that it was announced; the
    # second all but the seat
    assert counts == [7, 6]


def test_the_same_file_again_changes_no_figure_and_yet_is_the_newer_submission(account) -> None:
    # GIVEN a published report on one file
    take(account, upload(account, FILE, 1))
    before = published_figures(account)
    # WHEN its very bytes come again
    take(account, upload(account, FILE, 2))
    # THEN every figure is what it was, and the report rests on the newer submission
    assert published_figures(account) == before
    assert current(account) == ["2017-02-01T08:00:02.000Z"]
    manifest = json.loads(account.text("2016/latest/manifest.json"))
    received = [entry["received"] for entry in manifest["inputs"] if entry["kind"] == "submission"]
    assert received == ["2017-02-01T08:00:02.000Z"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_file_sent_again_counts_over_what_was_sent_between_in_every_order_of_arrival(order) -> None:
    # GIVEN the figures of a file alone
    with new_account() as tidy:
        take(tidy, upload(tidy, FILE, 2))
        expected = published_figures(tidy)
    with new_account() as account:
        # GIVEN the file, another one that replaced it, and the first one's very bytes once more
        events = [upload(account, body, second) for second, body in enumerate((FILE, ANOTHER, FILE))]
        # WHEN they are taken in any order, each followed by its tally, and one of them twice
        for place in (*order, order[0]):
            take(account, events[place])
        # THEN the last one sent counts, with the figures of that file alone
        assert current(account) == ["2017-02-01T08:00:02.000Z"]
        assert published_figures(account) == expected
