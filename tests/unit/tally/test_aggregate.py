"""The fold is the specification: partials, merged in any order, must say the same."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.submissions import identity, standing, submission
from tracelode.ledger.codec import decode_partial, decode_summary, encode_partial, encode_summary
from tracelode.submission import RECYCLED, DeclaredIdentity, State
from tracelode.tally.aggregate import GROUP_SIZE, Seat, Standing, fold, fold_group, merge, seat_number

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
            plain.update(current.identities)
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


@given(standings())
def test_a_partial_survives_the_ledger(everyone: list[Standing]) -> None:
    for group in {supplier.seat.group for supplier in everyone}:
        partial = fold_group(group, [s for s in everyone if s.seat.group == group])
        assert decode_partial(encode_partial(partial)) == partial


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
