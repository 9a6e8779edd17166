"""What comparing suppliers shows, for the compliance team alone."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracelode.review.cross_checks import (
    CROSS_RULES,
    SHORTEST_COPY,
    other_companies,
    same_files,
    same_lists,
)
from tracelode.submission import DeclaredIdentity


def smelters(count: int, *, first: int = 0, lines: int = 1, cid: bool = True) -> dict[DeclaredIdentity, int]:
    return {
        DeclaredIdentity("Tin", f"CID{number:06}" if cid else "", f"Smelter {number}", "Peru"): lines
        for number in range(first, first + count)
    }


def test_equal_lists_of_several_suppliers_are_found_whatever_the_spelling_and_the_lines():
    long = smelters(SHORTEST_COPY)
    renamed = {DeclaredIdentity("Tin", identity.cid, "Alias", "PERU"): 2 for identity in long}
    (finding,) = same_lists({"zeta": long, "acme": renamed, "beta": smelters(SHORTEST_COPY, first=1)})
    assert (finding.rule, finding.suppliers) == ("C01", ("acme", "zeta"))
    assert finding.message == f"2 suppliers name exactly the same {SHORTEST_COPY} smelters."


def test_from_twenty_smelters_on_equal_lists_are_no_coincidence():
    assert [len(same_lists({"a": smelters(count), "b": smelters(count)})) for count in (19, 20)] == [0, 1]


def test_a_smelter_with_a_cid_counts_without_its_name():
    nameless = {DeclaredIdentity("Tin", identity.cid, "", ""): 1 for identity in smelters(20)}
    assert len(same_lists({"a": nameless, "b": smelters(20)})) == 1


def test_short_lists_may_be_equal():
    assert same_lists({"acme": smelters(SHORTEST_COPY - 1), "beta": smelters(SHORTEST_COPY - 1)}) == ()


def test_smelters_without_a_cid_are_compared_by_metal_and_name():
    unnumbered = smelters(SHORTEST_COPY, cid=False)
    shouted = {DeclaredIdentity("Tin", "", identity.name.upper(), ""): 1 for identity in unnumbered}
    gold = {DeclaredIdentity("Gold", "", identity.name, ""): 1 for identity in unnumbered}
    assert [found.suppliers for found in same_lists({"a": unnumbered, "b": shouted, "c": gold})] == [("a", "b")]


def test_lines_that_name_nothing_do_not_count():
    nameless = DeclaredIdentity("Tin", "", "", "")
    (finding,) = same_lists({"a": smelters(SHORTEST_COPY), "b": {**smelters(SHORTEST_COPY), nameless: 3}})
    assert finding.words["count"] == str(SHORTEST_COPY)


@given(st.lists(st.sampled_from([(0, 20), (0, 21), (1, 20), (1, 22), (3, 30), (0, 19), (50, 20)]), max_size=9))
def test_equal_lists_are_found_as_comparing_each_with_each_finds_them(spans: list[tuple[int, int]]) -> None:
    # GIVEN lists that share most of their smelters, some of them all
    lists = {f"supplier-{number}": smelters(count, first=first) for number, (first, count) in enumerate(spans)}
    # WHEN whole lists are grouped plainly
    alike: dict[frozenset[DeclaredIdentity], list[str]] = defaultdict(list)
    for supplier, named in lists.items():
        alike[frozenset(named)].append(supplier)
    plain = sorted(tuple(group) for named, group in alike.items() if len(group) > 1 and len(named) >= SHORTEST_COPY)
    # THEN the same groups are found
    assert [finding.suppliers for finding in same_lists(lists)] == plain


def test_a_list_that_lacks_the_first_smelter_of_two_equal_ones_is_not_equal_to_them():
    lists = {"a": smelters(SHORTEST_COPY + 1), "b": smelters(SHORTEST_COPY + 1), "c": smelters(SHORTEST_COPY, first=1)}
    assert [finding.suppliers for finding in same_lists(lists)] == [("a", "b")]


def test_groups_of_equal_lists_come_in_the_order_of_their_suppliers():
    lists = {"d": smelters(30), "c": smelters(25), "b": smelters(30), "a": smelters(25)}
    assert [finding.suppliers for finding in same_lists(lists)] == [("a", "c"), ("b", "d")]


def test_the_same_file_from_several_suppliers_is_found_once():
    digests = {"c": ["1", "2"], "a": ["2", "1"], "b": ["3"]}
    (finding,) = same_files(digests)
    assert (finding.rule, finding.suppliers) == ("C03", ("a", "c"))
    assert finding.message == "2 suppliers sent the very same file."
    assert same_files({"a": ["1", "1"], "b": ["2"]}) == ()


@pytest.mark.parametrize(
    ("declared", "roster"),
    [
        ("Acme Components Limited", "ACME Ltd."),
        ("ÉLAN S.A.R.L.", "Elan"),
        ("Blue Ridge Metals", "BlueRidgeMetals Inc."),
        ("Élan Vital Works", "ELAN"),
        ("GEM", "General Electric Motors Co"),
        ("IBM", "International Business Machines"),
        ("辛德米尔有限公司", "Cindermere Boards"),
        ("Ltd.", "Cindermere Boards"),
        ("Cindermere", "The Company"),
    ],
)
def test_a_name_written_otherwise_is_the_same_company(declared: str, roster: str):
    assert other_companies({"s": declared}, {"s": roster}) == ()
    assert other_companies({"s": roster}, {"s": declared}) == ()


@pytest.mark.parametrize(
    ("declared", "roster"),
    [
        ("Birch Castings GmbH", "Acme GmbH"),
        ("Bolt L.L.C.", "Acme L.L.C."),
        ("Acme Co., Ltd.", "Bolt Co., Ltd."),
        ("GEX", "General Electric Motors"),
    ],
)
def test_another_company_is_found(declared: str, roster: str):
    (finding,) = other_companies({"s": declared, "other": "Gone Corp"}, {"s": roster, "silent": "Quiet Inc"})
    assert (finding.rule, finding.suppliers, finding.found) == ("C04", ("s",), declared)
    assert declared not in finding.message


def test_every_comparison_has_words_and_a_source_and_its_id():
    assert [rule.id for rule in CROSS_RULES] == ["C01", "C03", "C04"]
    assert all(rule.source and rule.message.endswith(".") and rule.remedy.endswith(".") for rule in CROSS_RULES)
