"""Which submissions count: by receipt, whatever the order of the events."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tracelode.submission import State
from tracelode.tally.current import Counted, Placement, Receipt, Withdrawal, place
from tracelode.template_kind import CMRT, TemplateKind

EMRT = TemplateKind("EMRT")


def receipt(
    received: str = "10",
    key: str = "a.xlsx",
    *,
    version: str = "",
    state: State = State.ACCEPTED,
    scope: str = "A",
    kind: TemplateKind = CMRT,
) -> Receipt:
    return Receipt(received, key, version or f"v of {received}", state, scope, kind)


def version(one: Receipt) -> tuple[str, str]:
    return (one.key, one.version_id)


receipts = st.builds(
    Receipt,
    st.sampled_from(["10", "20", "30"]),
    st.sampled_from(["a.xlsx", "b.xlsx", "c.xlsx"]),
    st.sampled_from(["v1", "v2"]),
    st.sampled_from([State.ACCEPTED, State.NEEDS_CORRECTION, State.REJECTED]),
    st.sampled_from(["", "A", "B", "C"]),
    st.sampled_from([CMRT, EMRT]),
)
withdrawals = st.builds(
    Withdrawal, st.sampled_from(["10", "25", "30"]), st.sampled_from(["a.xlsx", "b.xlsx"]), st.sampled_from(["", "v1"])
)


@given(st.lists(receipts, unique_by=version, max_size=8), st.lists(withdrawals, max_size=3), st.randoms())
def test_the_order_in_which_events_are_known_does_not_matter(known, deletions, random) -> None:
    tidy = place(sorted(known, key=lambda r: r.order), deletions)
    shuffled = sorted(known, key=lambda _: random.random())
    assert place(shuffled, reversed(deletions)) == tidy
    assert place([*shuffled, *known], [*deletions, *deletions]) == tidy


def test_the_newest_company_level_declaration_counts_alone() -> None:
    older, newer = receipt("10", "a.xlsx"), receipt("20", "b.xlsx")
    assert place([newer, older], []).current == (newer,)


def test_a_company_level_declaration_of_another_template_replaces_none_of_this_one() -> None:
    cmrt, emrt, newer = receipt("10", "a.xlsx"), receipt("20", "b.xlsx", kind=EMRT), receipt("30", "c.xlsx", kind=EMRT)
    assert place([newer, emrt, cmrt], []).current == (cmrt, newer)


def test_each_product_level_file_counts_beside_the_company_level_one() -> None:
    company, one, two = receipt("10"), receipt("20", "p1.xlsx", scope="B"), receipt("30", "p2.xlsx", scope="C")
    assert place([two, one, company], []).current == (company, one, two)


def test_a_file_sent_again_replaces_itself_even_with_another_scope() -> None:
    company, product = receipt("10"), receipt("20", scope="B")
    assert place([company, product], []).current == (product,)


def test_an_unreadable_file_replaces_nothing_and_is_told_about() -> None:
    good, broken = receipt("10"), receipt("20", state=State.REJECTED, scope="")
    placed = place([broken, good], [])
    assert placed.current == (good,)
    assert placed.rejected == broken


def test_an_unreadable_file_is_forgotten_once_a_readable_one_is_newer() -> None:
    broken, good = receipt("10", state=State.REJECTED, scope=""), receipt("20", "b.xlsx")
    assert place([broken, good], []).rejected is None


def test_deleting_a_file_withdraws_every_version_of_it_and_the_next_newest_file_counts() -> None:
    other, first, second = receipt("05", "b.xlsx"), receipt("10", version="v1"), receipt("20", version="v2")
    assert place([other, first, second], [Withdrawal("21", "a.xlsx")]).current == (other,)


def test_a_file_dropped_again_after_its_deletion_counts() -> None:
    first, again = receipt("10"), receipt("30", version="v3")
    assert place([first, again], [Withdrawal("20", "a.xlsx")]).current == (again,)


def test_erasing_one_version_brings_the_one_before_it_back() -> None:
    first, second = receipt("10", version="v1"), receipt("20", version="v2")
    assert place([first, second], [Withdrawal("30", "a.xlsx", "v2")]).current == (first,)


# ---- what was announced again and came all the same --------------------------------------------------------------


@given(
    st.lists(receipts, unique_by=version, max_size=8),
    st.lists(withdrawals, max_size=3),
    st.sets(st.integers(0, 7)),
    st.sets(st.integers(0, 2)),
)
def test_a_second_receipt_or_withdrawal_from_before_the_first_changes_nothing(known, gone, twice, again) -> None:
    # GIVEN deletions, each by a marker of its own
    gone = [replace(one, marker="" if one.version_id else f"m{number}") for number, one in enumerate(gone)]
    # WHEN some came twice, once with the time that the bucket lists
    earlier = [replace(one, received="0") for number, one in enumerate(known) if number in twice]
    sooner = [replace(one, at="0") for number, one in enumerate(gone) if number in again and one.marker]
    # THEN
    assert place([*earlier, *known], [*sooner, *gone]) == place([*known, *earlier], [*gone, *sooner])
    assert place([*earlier, *known], [*sooner, *gone]) == place(known, gone)


def test_a_late_notice_of_the_day_after_leaves_no_trace_on_the_day_before() -> None:
    # GIVEN an upload at midnight, whose bucket lists the second in which it began
    came = receipt("2017-02-02T00:00:00.345Z", version="v1")
    listed = receipt("2017-02-01T23:59:59.000Z", version="v1")
    # WHEN / THEN
    assert place([came, listed], []) == Placement((came,), None, "2017-02-02")


# ---- what counted before the newest day --------------------------------------------------------------------------

times = st.builds("2017-02-0{}T{:02}:00:00.000Z".format, st.integers(1, 3), st.sampled_from([0, 12, 23]))
dated = st.builds(
    Receipt,
    times,
    st.sampled_from(["a.xlsx", "b.xlsx", "c.xlsx"]),
    st.sampled_from(["v1", "v2", "v3"]),
    st.sampled_from([State.ACCEPTED, State.NEEDS_CORRECTION, State.REJECTED]),
    st.sampled_from(["", "A", "B", "C"]),
    st.sampled_from([CMRT, EMRT]),
)
deletions = st.builds(Withdrawal, times, st.sampled_from(["a.xlsx", "b.xlsx"]), st.just(""))
erasures = st.builds(Withdrawal, times, st.sampled_from(["a.xlsx", "b.xlsx"]), st.sampled_from(["v1", "v2"]))


@given(st.lists(dated, unique_by=version, max_size=8), st.lists(deletions, max_size=3))
def test_before_is_what_counted_when_only_the_days_before_had_come(known, gone) -> None:
    # GIVEN
    placed = place(known, gone)
    # WHEN
    earlier = [r for r in known if r.received < placed.day]
    then = place(earlier, [w for w in gone if w.at < placed.day])
    # THEN
    assert placed.before == (Counted(then.current, then.rejected) if earlier else None)
    assert all(r.received[:10] <= placed.day for r in known)
    assert (placed.day == "") == (not known)


@given(
    st.lists(dated, unique_by=version, max_size=8),
    st.lists(deletions, max_size=3),
    st.lists(erasures, max_size=3),
)
def test_a_version_that_was_erased_is_as_if_it_had_never_come(known, gone, erased) -> None:
    left = [r for r in known if not any(w.covers(r) for w in erased)]
    assert place(known, [*gone, *erased]) == place(left, gone)


def test_a_deletion_is_an_event_of_its_day_and_names_what_it_took_back() -> None:
    # GIVEN
    first, second = receipt("2017-02-01T08", version="v1"), receipt("2017-02-02T08", "b.xlsx", scope="B")
    # WHEN
    placed = place([first, second], [Withdrawal("2017-02-03T08", "b.xlsx")])
    # THEN
    assert placed == Placement((first,), None, "2017-02-03", Counted((first, second)), ("b.xlsx",))


def test_a_deletion_of_what_never_came_is_no_event() -> None:
    first = receipt("2017-02-01T08")
    assert place([first], [Withdrawal("2017-02-03T08", "b.xlsx")]) == place([first], [])
    assert place([], [Withdrawal("2017-02-03T08", "b.xlsx")]).day == ""


def test_of_a_supplier_whose_first_file_came_on_its_newest_day_nothing_was_known_before() -> None:
    assert place([receipt("2017-02-01T08"), receipt("2017-02-01T09", "b.xlsx")], []).before is None
