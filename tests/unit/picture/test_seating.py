"""Masks turned back into suppliers, held against the submissions that they were folded from."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.submissions import identity, submission
from tracelode.picture.seating import Seating
from tracelode.review.cross_checks import SHORTEST_COPY, same_lists, same_namings
from tracelode.tally.aggregate import GROUP_SIZE, Standing, fold, seat_number

IDENTITIES = [identity(cid=f"CID{number:06}") for number in range(4)]
ORIGINS = ("Peru", "Rwanda")


@st.composite
def populations(draw):
    """Standings on seats of three groups with their last seats among them, and the suppliers that count.

    Whoever came first need not be the first by name.
    """
    places = draw(
        st.lists(st.sampled_from([0, 1, 62, 63, 64, 127, 128]), unique=True, min_size=1).map(sorted), label="seats"
    )
    names = draw(st.permutations([f"s{place:03}" for place in places]), label="names")
    standings = []
    for place, name in zip(places, names, strict=True):
        sent = tuple(_sent(draw, name, number) for number in range(draw(st.integers(0, 2))))
        standings.append(Standing(name, seat_number(place), sent))
    counted = draw(st.sets(st.sampled_from([standing.supplier_id for standing in standings] + ["nobody"])))
    return standings, counted


def _sent(draw, supplier_id, number):
    named = draw(st.dictionaries(st.sampled_from(IDENTITIES), st.integers(1, 3)))
    return submission(
        supplier_id,
        received=f"2017-02-0{number + 1}T08:00:00.000Z",
        identities=named,
        origins={name: tuple(sorted(draw(st.sets(st.sampled_from(ORIGINS), min_size=1)))) for name in named},
    )


@given(populations())
def test_seating_says_what_the_submissions_of_counted_suppliers_say(population) -> None:
    # GIVEN an aggregate, and the suppliers that count
    standings, counted = population
    aggregate = fold(standings)
    seating = Seating(aggregate, counted)
    for asked in aggregate.identities:
        # WHEN it is counted in plain dictionaries
        lines: dict[str, int] = defaultdict(int)
        carrying, origins = set(), defaultdict(set)
        for standing in standings:
            for sent in standing.current if standing.supplier_id in counted else ():
                if asked in sent.identities:
                    lines[standing.supplier_id] += len(sent.identities[asked])
                    carrying.add((standing.supplier_id, sent.received))
                for text in sent.origins.get(asked, ()):
                    origins[text].add(standing.supplier_id)
        # THEN the masks say the same
        assert seating.lines(asked) == lines
        assert seating.named(asked) == bool(lines)
        assert seating.suppliers(asked) == tuple(sorted(lines))
        assert seating.supplier_count(asked) == len(lines)
        assert list(seating.lines(asked)) == sorted(lines)
        carried = [seating.current[number] for number in seating.submissions(asked)]
        assert [(sent.supplier_id, sent.received) for sent in carried] == sorted(carrying)
        assert seating.origins(asked) == origins
        assert seating.senders(seating.submissions(asked)) == seating.suppliers(asked)


@given(populations())
def test_the_rows_of_an_identity_are_those_that_the_submissions_of_counted_suppliers_declare(population) -> None:
    # GIVEN an aggregate, and the suppliers that count
    standings, counted = population
    # WHEN its rows are read identity by identity
    seating = Seating(fold(standings), counted)
    read = [
        (one, [(seating.current[number].order, there) for number, there in zip(numbers, rows, strict=True)])
        for one, numbers, rows in seating.rows()
    ]
    # THEN every submission that counts says the same, in the identities' order
    declared = defaultdict(list)
    for standing in standings:
        for sent in standing.current if standing.supplier_id in counted else ():
            for named, rows in sent.identities.items():
                declared[named].append((standing.supplier_id, sent.order, rows))
    assert read == [
        (named, [(order, rows) for _, order, rows in sorted(declared[named])]) for named in sorted(declared)
    ]


def test_a_full_group_is_expanded_from_its_first_seat_to_its_last() -> None:
    names = [f"s{place:03}" for place in range(GROUP_SIZE)]
    everyone = [
        Standing(name, seat_number(place), (submission(name, identities={IDENTITIES[0]: 1}),))
        for place, name in enumerate(names)
    ]
    assert Seating(fold(everyone), set(names)).suppliers(IDENTITIES[0]) == tuple(names)


LONG = [identity(cid=f"CID{number:06}") for number in range(SHORTEST_COPY)]


@given(
    st.lists(st.sets(st.sampled_from([*IDENTITIES, identity(cid="CID000900"), identity(cid="", name="Odd Works")]))),
    st.booleans(),
)
def test_equal_lists_are_found_by_comparing_who_names_what(extras, short) -> None:
    # GIVEN suppliers that share a long list, or a short one, and each name something of their own beside it
    shared = LONG[:5] if short else LONG
    lists = {f"s{n}": dict.fromkeys([*shared, *extra], 1) for n, extra in enumerate(extras)}
    # WHEN the lists are compared as sets, one by one
    by_list = defaultdict(list)
    for supplier, declared in lists.items():
        by_list[frozenset((one.metal, one.cid, "" if one.cid else one.name) for one in declared)].append(supplier)
    expected = sorted(
        (tuple(sorted(members)), str(len(named)))
        for named, members in by_list.items()
        if len(members) > 1 and len(named) >= SHORTEST_COPY
    )
    # THEN the same suppliers are found, with the same number of smelters
    assert [(found.suppliers, found.words["count"]) for found in same_lists(lists)] == expected


def test_spellings_of_one_smelter_are_one_smelter_however_its_cid_was_found() -> None:
    typed, chosen = identity(cid="CID000901", name="A"), identity(cid="CID000901", name="B")
    naming = {**dict.fromkeys(LONG, ("acme", "beta", "gamma")), typed: ("acme",), chosen: ("beta", "acme")}
    (found,) = same_namings(naming, naming.__getitem__)
    assert (found.suppliers, found.words["count"]) == (("acme", "beta"), str(SHORTEST_COPY + 1))
