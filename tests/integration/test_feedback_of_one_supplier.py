"""A supplier's feedback rests on its own workbook and on the reference data: no other supplier is ever in it."""

import itertools
from collections.abc import Mapping
from dataclasses import replace

import pytest

from examples.specimen import LookUpEntry, SmelterRow, complete_specimen, not_listed, special_entries, write_cmrt
from tests.integration.test_flows import LOOK_UP, World, workbook

DECISIONS = (
    b"metal,declared_name,declared_cid,declared_country,decision,cid,decided_by,decided_on,reason\n"
    b"Tin,Beta Trading House,,,not a smelter,,Jane Doe,2017-01-20,beta rang them up\n"
    b"Gold,Acme Pawn Shop,,,not a smelter,,Jane Doe,2017-01-20,acme says so itself\n"
)
OF_BETA = ("beta", "Beta", "CID777777", "Trading House", "Beta Alias Works", "BOLIVIA", "Jane Doe", "rang", "itself")


@pytest.fixture
def world(account) -> World:
    return World(account, itertools.count(10))


def of_acme() -> bytes:
    """In Chinese; with a known smelter, an unknown one, one that nobody recognises and one that is none."""
    rows = [
        SmelterRow(cid="CID000001", mine_country="Rwanda"),
        SmelterRow(cid="CID000002"),
        not_listed("Tungsten", "Acme Alias Works", "CHINA"),
        not_listed("Gold", "Acme Pawn Shop", "JAPAN"),
        not_listed("Gold", "On", "JAPAN"),
    ]
    specimen = complete_specimen("Acme", rows, (*LOOK_UP, *special_entries()))
    return write_cmrt(replace(specimen, language="中文 Chinese"))


def of_beta() -> bytes:
    """With names that resemble acme's, an alias that its own look-up tab explains, and a CID that nobody knows."""
    rows = [
        SmelterRow(cid="CID777777", metal="Gold", name="Beta Gold Refinery", country="BOLIVIA"),
        SmelterRow(metal="Tungsten", lookup="Acme Alias Works"),
        not_listed("Gold", "Beta On", "BOLIVIA"),
        not_listed("Tin", "Beta Trading House", "PERU"),
    ]
    own = LookUpEntry("Tungsten", "Acme Alias Works", "Beta Alias Works", "BOLIVIA", "CID777778")
    return write_cmrt(complete_specimen("Beta", rows, (*LOOK_UP, own, *special_entries())))


def feedback(world: World, supplier: str) -> Mapping[str, bytes]:
    keys = world.account.keys(f"2016/feedback/{supplier}/")
    return {key: world.account.s3.get_object(Bucket="results", Key=key)["Body"].read() for key in keys}


def test_a_suppliers_feedback_is_the_same_whoever_else_is_there(world: World) -> None:
    # GIVEN what a supplier is told where it is alone
    world.set_up()
    assert world.adopt(world.refer("dispositions.csv", DECISIONS)).in_force
    upload = world.drop("2016/acme/cmrt.xlsx", of_acme())
    world.take(upload)
    alone = feedback(world, "acme")
    # WHEN another one names similar and other smelters, and explains them, before the first is taken again
    for key in alone:
        world.account.s3.delete_object(Bucket="results", Key=key)
    world.take(world.drop("2016/beta/cmrt.xlsx", of_beta()))
    world.publish()
    world.take(upload)
    # THEN the first is told the same, byte for byte
    assert feedback(world, "acme") == alone
    # AND nothing in it is the other's, nor says who decided what and why
    told = b"\n".join(content for key, content in alone.items() if not key.endswith(".xlsx")).decode()
    assert [word for word in OF_BETA if word in told] == []
    # AND each is told of its own smelters
    assert "Acme Pawn Shop" in told
    assert "冶炼厂" in told
    told_beta = next(content for key, content in feedback(world, "beta").items() if key.endswith(".html")).decode()
    assert "CID777777" in told_beta
    assert "Acme Pawn Shop" not in told_beta


def test_an_accepted_declaration_is_not_told_that_nothing_is_to_do_where_its_smelters_raise_points(
    world: World,
) -> None:
    world.set_up()
    world.take(world.drop("2016/acme/cmrt.xlsx", workbook(look_up=(*LOOK_UP, *special_entries()))))
    page = next(content for key, content in feedback(world, "acme").items() if key.endswith(".html")).decode()

    # CID000002 is active, and CID000003 and CID000004 are on no list.
    assert "Your declaration is accepted. There are three points about its smelters below." in page
    assert "You need not do anything." not in page


def test_what_is_said_of_a_file_that_cannot_be_read_does_not_hang_on_what_came_before(world: World) -> None:
    # GIVEN a Chinese declaration, and after it a file that is none
    world.set_up()
    declaration = world.drop("2016/acme/cmrt.xlsx", of_acme())
    broken = world.drop("2016/acme/broken.xlsx", b"PK no workbook")
    # WHEN the later one is taken first, and once more when the earlier one has come
    world.take(broken)
    alone = feedback(world, "acme")
    world.take(declaration)
    for key in alone:
        world.account.s3.delete_object(Bucket="results", Key=key)
    world.take(broken)
    # THEN it is told the same, in Chinese as well
    again = feedback(world, "acme")
    assert {key: again[key] for key in alone} == alone
    assert "我们无法读取此文件" in next(text for key, text in alone.items() if key.endswith(".html")).decode()
