"""A case directory: what is taken, what is passed over, and how errors are told."""

import os
from datetime import UTC, datetime

import pytest

from tracelode_local.case import CaseRefusedError, list_case, load_case

PROGRAM = 'year = 2016\nvocabulary = "rmap"\n'
ROSTER = "supplier_id,name,contact_email,in_scope\nacme,Acme,a@example.com,yes\n"
SMELTERS = "metal,cid,name,country,status\nTin,CID000001,Tin Works,PERU,conformant\n"


@pytest.fixture
def case(tmp_path):
    (tmp_path / "program.toml").write_text(PROGRAM)
    (tmp_path / "suppliers.csv").write_text(ROSTER)
    (tmp_path / "smelter-list.csv").write_text(SMELTERS)
    (tmp_path / "inbox" / "acme").mkdir(parents=True)
    return tmp_path


def drop(case, name, content=b"x"):
    path = case / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_case_in_order_is_loaded(case):
    loaded = load_case(case)
    assert loaded.program.year == 2016
    assert loaded.suppliers == {"acme"}


def test_every_problem_of_every_file_is_told_at_once(case):
    # GIVEN
    (case / "program.toml").write_text("year = 1999\n")
    (case / "suppliers.csv").write_text(ROSTER + "b?d,Bad,b@example.com,maybe\n")
    (case / "smelter-list.csv").write_text(SMELTERS + "Tin,000002,Works,PERU,conformant\n")
    # WHEN
    with pytest.raises(CaseRefusedError) as refused:
        load_case(case)
    # THEN
    told = "\n".join(refused.value.problems)
    assert "program.toml: year" in told
    assert "program.toml: vocabulary" in told
    assert "suppliers.csv: row 3, column supplier_id" in told
    assert "suppliers.csv: row 3, column in_scope" in told
    assert "smelter-list.csv: row 3, column cid" in told


@pytest.mark.parametrize("name", ["program.toml", "suppliers.csv", "smelter-list.csv"])
def test_a_missing_file_is_named_with_what_it_is_for(case, name):
    # GIVEN
    (case / name).unlink()
    # WHEN / THEN
    with pytest.raises(CaseRefusedError, match=f"{name}: missing; create"):
        load_case(case)


def test_a_missing_inbox_or_case_is_told(case, tmp_path):
    # GIVEN
    (case / "inbox" / "acme").rmdir()
    (case / "inbox").rmdir()
    # WHEN / THEN
    with pytest.raises(CaseRefusedError, match="inbox/: missing; create"):
        load_case(case)
    with pytest.raises(CaseRefusedError, match="no such folder"):
        load_case(tmp_path / "nowhere")


def test_files_at_any_depth_below_a_supplier_are_taken(case):
    # GIVEN
    for name in ("acme/a.xlsx", "acme/2016/final/b c.xlsx", "other/冲突.xlsx"):
        drop(case, name)
    # WHEN / THEN
    assert list(list_case(case).inbox) == ["acme/2016/final/b c.xlsx", "acme/a.xlsx", "other/冲突.xlsx"]


def test_clutter_is_passed_over_in_silence(case):
    # GIVEN
    for name in ("acme/.DS_Store", "acme/Thumbs.db", "acme/~$a.xlsx", ".git/x/y", "desktop.ini"):
        drop(case, name)
    # WHEN
    listing = list_case(case)
    # THEN
    assert not listing.inbox
    assert not listing.warnings


def test_a_stray_file_is_passed_over_with_a_warning(case):
    # GIVEN
    drop(case, "stray.xlsx")
    drop(case, "_no id/a.xlsx")
    # WHEN
    listing = list_case(case)
    # THEN
    assert not listing.inbox
    assert [warning.split()[0] for warning in listing.warnings] == ["inbox/_no", "inbox/stray.xlsx"]


def test_a_name_that_cannot_be_a_key_is_passed_over_with_a_warning(case):
    # GIVEN
    drop(case, "acme/new\nline.xlsx")
    # WHEN
    (warning,) = list_case(case).warnings
    # THEN
    assert "\n" not in warning


def test_every_kind_of_reference_file_is_taken_under_its_own_name(case):
    # GIVEN
    names = ("conformant-2024-05-01.xml", "dispositions.csv", "RMI_CMRT_6.5.xlsx", "cmrt-template-6.4.xlsx")
    for name in names:
        (case / name).write_bytes(b"x")
    # WHEN
    listing = list_case(case)
    # THEN
    assert sorted(listing.references) == sorted(("program.toml", "smelter-list.csv", "suppliers.csv", *names))
    assert not listing.warnings


def test_a_table_that_no_kind_of_reference_file_is_called_is_passed_over_with_a_warning(case):
    # GIVEN
    for name in ("supplier.csv", "notes.txt", "~$suppliers.csv", ".smelter-list.csv"):
        (case / name).write_bytes(b"x")
    # WHEN
    listing = list_case(case)
    # THEN
    assert "supplier.csv" not in listing.references
    assert listing.warnings == ("supplier.csv is passed over: no reference file is called so",)


def test_a_problem_of_an_optional_file_is_told_too(case):
    # GIVEN
    (case / "active.csv").write_text("Metal,Smelter ID,Smelter Name\nTin,CID1,Tin Works\n")
    # WHEN / THEN
    with pytest.raises(CaseRefusedError, match=r"active\.csv: row 2, column Smelter ID: CID and six digits"):
        load_case(case)


def test_rmi_s_lists_may_stand_in_for_our_own(case):
    # GIVEN
    (case / "smelter-list.csv").unlink()
    (case / "conformant.csv").write_text("Metal,Smelter ID,Smelter Name\nTin,CID000001,Tin Works\n")
    # WHEN / THEN
    assert load_case(case).suppliers == {"acme"}


def test_the_modification_time_is_in_utc_and_whole_milliseconds(case):
    # GIVEN
    os.utime(drop(case, "acme/a.xlsx"), ns=(0, 1_488_371_405_123_999_999))
    # WHEN / THEN
    assert list_case(case).inbox["acme/a.xlsx"].stamp.modified == datetime(2017, 3, 1, 12, 30, 5, 123_000, tzinfo=UTC)


def test_a_folder_reached_by_a_link_is_not_walked(case, tmp_path_factory):
    # GIVEN
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "secret.xlsx").write_bytes(b"x")
    (case / "inbox" / "acme" / "link").symlink_to(elsewhere)
    # WHEN
    listing = list_case(case)
    # THEN
    assert not listing.inbox
    assert listing.warnings == ("inbox/acme/link is passed over: a link that leads to no file",)
