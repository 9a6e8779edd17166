"""The fold is the specification: partials, merged in any order, must say the same."""

import json
import zlib
from base64 import b64decode
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.submissions import identity, standing, submission
from tracelode.ledger.codec import decode_partial, decode_summary, encode_partial, encode_summary
from tracelode.submission import RECYCLED, UNKNOWN_ROW, DeclaredIdentity, State
from tracelode.tally.aggregate import (
    GROUP_SIZE,
    NOBODY,
    Aggregate,
    Naming,
    Seat,
    Standing,
    as_of,
    fold,
    fold_group,
    merge,
    newest_day,
    seat_number,
)
from tracelode.tally.current import Counted

identities = st.builds(
    DeclaredIdentity,
    st.sampled_from(["", "Gold", "Tin"]),
    st.sampled_from(["", "CID000001", "CID000002"]),
    st.sampled_from(["A", "B", "金"]),
    st.sampled_from(["JAPAN", ""]),
    st.sampled_from(["typed", "none"]),
)
statements = st.lists(st.sampled_from(["PERU", "Peru, Bolivia", RECYCLED, "秘鲁"]), unique=True, max_size=2).map(tuple)


@st.composite
def standings(draw: st.DrawFn) -> list[Standing]:
    numbers = draw(st.lists(st.integers(0, 3 * GROUP_SIZE), unique=True, max_size=12))
    return [
        Standing(
            f"supplier-{number:04}",
            seat_number(number),
            tuple(
                submission(
                    f"supplier-{number:04}",
                    key=f"{n}.xlsx",
                    scope=draw(st.sampled_from(["A", "B", "C", ""])),
                    identities=lines,
                    origins={named: draw(statements) for named in lines},
                )
                for n, lines in enumerate(
                    draw(st.lists(st.dictionaries(identities, st.integers(1, 3), max_size=4), max_size=2))
                )
            ),
        )
        for number in numbers
    ]


DAYS = ("2017-02-01", "2017-02-02")


@st.composite
def renewed_standings(draw: st.DrawFn) -> list[Standing]:
    """Standings with what counted before each one's newest day: nothing known, nothing at all, or other submissions.

    Half of what they sent anew says the same as before.
    """
    made = []
    for now in draw(standings()):
        day = draw(st.sampled_from(["", *DAYS]))
        before = draw(st.lists(st.dictionaries(identities, st.integers(1, 3), max_size=4), max_size=2))
        earlier = [
            submission(
                now.supplier_id,
                key=f"{number}.xlsx",
                received=f"2017-01-0{1 + number}T08:00:00.000Z",
                identities=lines,
                origins={named: draw(statements) for named in lines},
            )
            for number, lines in enumerate(before)
        ]
        if draw(st.booleans()):
            earlier = [replace(sent, received="2017-01-01T08:00:00.000Z") for sent in now.current]
        then = draw(st.sampled_from([None, Counted(tuple(earlier)), Counted(now.current)])) if day else None
        made.append(replace(now, day=day, before=then, withdrawn=("a.xlsx",) if day else ()))
    return made


@given(renewed_standings(), st.sampled_from([*DAYS, "2017-03-01"]))
def test_the_aggregate_as_of_a_day_is_the_fold_of_what_counted_then(everyone: list[Standing], day: str) -> None:
    # GIVEN suppliers none of which had an event after that day
    known = [replace(supplier, day=min(supplier.day, day)) for supplier in everyone]
    # WHEN
    told = as_of(fold(known), day)
    # THEN
    then = [
        Standing(supplier.supplier_id, supplier.seat, *_counted_before(supplier, day))
        for supplier in known
        if supplier.day != day or supplier.before is not None
    ]
    assert _without_rows(told) == _without_rows(fold(then))
    assert newest_day(fold(known)) == max((supplier.day for supplier in known), default="")


def _without_rows(aggregate: Aggregate) -> Aggregate:
    bare = {
        supplier: replace(standing, current=tuple(replace(sent, rows=()) for sent in standing.current))
        for supplier, standing in aggregate.standings.items()
    }
    return replace(aggregate, standings=bare)


def _counted_before(supplier: Standing, day: str):
    if supplier.day == day and supplier.before:
        return supplier.before.current, supplier.before.rejected
    return supplier.current, supplier.rejected


@given(standings(), st.randoms())
def test_partials_merged_in_any_order_equal_the_full_fold(everyone: list[Standing], random) -> None:
    # GIVEN suppliers in several groups, and their groups in some order
    groups = {supplier.seat.group for supplier in everyone}
    shuffled = sorted(groups, key=lambda _: random.random())
    mixed = sorted(everyone, key=lambda _: random.random())
    # WHEN each group is folded alone and the partials are merged
    partials = [fold_group(group, [s for s in mixed if s.seat.group == group]) for group in shuffled]
    # THEN they are what one fold over everything is
    assert merge(partials) == fold(everyone)


@given(standings())
def test_lines_counted_through_masks_equal_lines_counted_one_by_one(everyone: list[Standing]) -> None:
    # GIVEN the aggregate of some suppliers
    aggregate = fold(everyone)
    # WHEN lines are counted plainly
    plain: Counter[DeclaredIdentity] = Counter()
    for supplier in everyone:
        for current in supplier.current:
            plain.update({named: len(rows) for named, rows in current.identities.items()})
    # THEN the masks and repeats say the same
    counted = {
        named: sum(naming.lines((1 << GROUP_SIZE) - 1) for naming in groups.values())
        for named, groups in aggregate.identities.items()
    }
    assert counted == dict(plain)


@given(standings())
def test_an_identity_is_traced_to_exactly_the_submissions_and_statements_that_carry_it(
    everyone: list[Standing],
) -> None:
    # GIVEN the aggregate of some suppliers
    aggregate = fold(everyone)
    seated = {supplier.seat: supplier for supplier in everyone}
    # WHEN it is asked, identity by identity, which submissions name it and who states which origin
    namings = [
        (named, Seat(group, seat), naming)
        for named, groups in aggregate.identities.items()
        for group, naming in groups.items()
        for seat in range(GROUP_SIZE)
        if naming.mask >> seat & 1
    ]
    traced = {
        (named, seat, place)
        for named, seat, naming in namings
        for place in naming.partly.get(seat.seat, range(len(seated[seat].current)))
    }
    told = {
        (named, seat, origin)
        for named, seat, naming in namings
        for origin, mask in naming.origins.items()
        if mask >> seat.seat & 1
    }
    # THEN it says what the submissions say
    carried = [
        (named, supplier.seat, place, current.origins.get(named, ()))
        for supplier in everyone
        for place, current in enumerate(supplier.current)
        for named in current.identities
    ]
    assert traced == {(named, seat, place) for named, seat, place, _ in carried}
    assert told == {(named, seat, origin) for named, seat, _, origins in carried for origin in origins}


@given(renewed_standings())
def test_a_partial_survives_the_ledger(everyone: list[Standing]) -> None:
    for group in {supplier.seat.group for supplier in everyone}:
        partial = fold_group(group, [s for s in everyone if s.seat.group == group])
        assert decode_partial(encode_partial(partial)) == partial


@given(standings())
def test_the_rows_of_a_partial_are_those_of_the_submissions(everyone: list[Standing]) -> None:
    # GIVEN the partials of some suppliers
    for group in {supplier.seat.group for supplier in everyone}:
        members = [supplier for supplier in everyone if supplier.seat.group == group]
        partial = fold_group(group, members)
        # WHEN the rows of each submission are dealt to the identities that it names, in the identities' order
        dealt: dict[tuple[str, int], dict[DeclaredIdentity, tuple[int, ...]]] = {}
        for seated in partial.standings:
            for place, current in enumerate(seated.current):
                rows = iter(current.rows)
                dealt[seated.supplier_id, place] = {
                    named: next(rows)
                    for named, naming in partial.identities.items()
                    if naming.mask >> seated.seat.seat & 1
                    and place in naming.partly.get(seated.seat.seat, range(len(seated.current)))
                }
                assert not list(rows)
        # THEN they are the rows that the submission declares them on
        assert dealt == {
            (supplier.supplier_id, place): current.identities
            for supplier in members
            for place, current in enumerate(supplier.current)
        }


SUMMARY_OF_SCHEMA_1 = (
    "eJylUk1LAzEQ/SvLnLdtttIqvS0qoodapF4sZYnJdBuaTZYk2w9L/7uT3QU9SC+GQN68+XiTSc7AjT+g8zA7g7B7dCgLYRsTnMKWfLJawgzm"
    "Fi6XlEKqmptT8ZP1izS8QgqFFHCzQRHUHgvJQ89tlJHKlH2OkmiCCq3IatWppHD//MDiygjnia9QB3SEX/JFPqcT0mydrmCpTGvAq5bJwbqd"
    "J7x4fHtv2Zv1OoUdnkh2zLLpiIsKR6JyYXjU/kghmpuy4WXfl3WqVKZr43phWKBr6HAoTkKjTKxLvHC8hqhILNKNZSd7O2DjAcuW7G7GGO0h"
    "3eoj5jYa+xF4scWKwyyL0NaxnZwi/JaPJ1My2D9XrKW+qCwjELp34EJgHTDO2jeflfJeWVOoa00P/h6ib+paK3RdcnQTGbCqNSkV9JFiZfJM"
    "hxNy9HYXvM/g8g1907ms"
)
PARTIAL_OF_SCHEMA_1 = (
    "eJylUltLwzAU/ivjPHdbOtmUvg0V0Qcdoi+WUWJ6VqNpUnLZnKP/3ZO2osLwxRDIyXdu37kcoLImNJCxBGSJ2ksv0UGW53BlVAkJnF9fsHhS"
    "kpcjV6PyaEm+Wa6Wt/TSnTFI8vU6yeFB6h66U+VoZ+ybI3l1ef/4wzCfJyfReJ0cYIU2QNbhYFHshcJyZOzICcubXtGSLTjxgjWHLCXRc11K"
    "XUWSBxDBWmLdyVy7HVrCCTZbtFgWwgTtbVfRoS8og1sDbZuQSd1wvS++vX6AmtdIpsQKNxsUXm6xKLkfsI38YhB9frWNuL7hvmOeLqZc1DgV"
    "tfWTd+XeyVNxXQVeDXGMlZXUgxuVj5Sm7H1Px2w2ZukDO8sYozuhCTzFJgWFQ14nTBMDLQl2L3w2X9CH/fPEWPIDu32gTncVcyGw8RiXwYXn"
    "WjonjS7kX0zHx8t3oWmURNs7RzWBHutGUaaCRhYjk2YxmZNi+PfG25Q2IXbplcYRu6SDUhQROQ1/fjR0u24/AcBk28w="
)
"""The bytes that a release wrote which counted lines: of the summary below, and of a partial with it on seat 5."""


def test_a_summary_that_only_counted_lines_is_read_with_lines_whose_row_is_not_known() -> None:
    summary = decode_summary(b64decode(SUMMARY_OF_SCHEMA_1))
    works = DeclaredIdentity("Tin", "", "Old works", "PERU")
    assert summary == replace(
        submission(origins={works: ("Peru", RECYCLED)}, answers={"covered_countries": {"Gold": "No"}}),
        identities={identity(): (UNKNOWN_ROW,), works: (UNKNOWN_ROW,) * 3},
    )


def test_a_partial_that_only_counted_lines_is_read_without_rows_until_it_is_folded_again() -> None:
    partial = decode_partial(b64decode(PARTIAL_OF_SCHEMA_1))
    works = DeclaredIdentity("Tin", "", "Old works", "PERU")
    assert {named: naming.lines(1 << 5) for named, naming in partial.identities.items()} == {identity(): 1, works: 3}
    assert [current.rows for current in partial.standings[0].current] == [()]


def test_a_partial_of_a_release_that_knew_nothing_of_the_time_before_is_read() -> None:
    # GIVEN the bytes that such a release wrote
    partial = fold_group(0, [standing("acme", Seat(0, 5), identity(), lines=2)])
    document = json.loads(zlib.decompress(encode_partial(partial)))
    del document["before"]
    for supplier in document["standings"]:
        del supplier["day"], supplier["before"], supplier["withdrawn"]
    # WHEN / THEN
    assert decode_partial(zlib.compress(json.dumps(document).encode())) == partial


def test_what_says_the_same_again_takes_no_room() -> None:
    # GIVEN a supplier that sent three lines, then the first two of them and another
    names = [identity(name=name) for name in "ABCD"]
    older, newer = (dict.fromkeys(names[:3], 1), dict.fromkeys([*names[:2], names[3]], 1))
    before = Counted((submission(identities=older, received="2017-01-01T08:00:00.000Z"),))
    supplier = Standing("acme", Seat(0, 3), (submission(identities=newer),), None, "2017-02-01", before)
    # WHEN / THEN
    assert fold_group(0, [supplier]).before == {names[2]: Naming(1 << 3, {}), names[3]: NOBODY}


def test_a_summary_survives_the_ledger() -> None:
    odd = identity(name="É\u202e=1")
    summary = submission(
        identities={odd: 3}, origins={odd: ("秘鲁", RECYCLED)}, answers={"covered_countries": {"Gold": "No"}}
    )
    assert decode_summary(encode_summary(summary)) == summary


def test_the_same_identity_on_two_lines_names_the_supplier_once() -> None:
    partial = fold_group(0, [standing("acme", Seat(0, 5), identity(), lines=2)])
    naming = partial.identities[identity()]
    assert naming.mask == 1 << 5
    assert naming.lines(1 << 5) == 2
    assert naming.lines(1 << 4) == 0


def test_a_supplier_stands_where_its_submissions_stand() -> None:
    good, bad = submission(), submission(state=State.NEEDS_CORRECTION, key="b.xlsx")
    unreadable = submission(state=State.REJECTED)
    assert Standing("acme", Seat(0, 0), ()).state is State.AWAITING
    assert Standing("acme", Seat(0, 0), (), unreadable).state is State.REJECTED
    assert Standing("acme", Seat(0, 0), (good, bad)).state is State.NEEDS_CORRECTION
    assert Standing("acme", Seat(0, 0), (good,), unreadable).state is State.ACCEPTED
