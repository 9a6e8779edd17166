"""Holds what was made of the facts against the facts, and makes again what differs."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracelode import __version__
from tracelode.flow.announce_again import (
    Announcer,
    Unrecorded,
    announce_again,
    uploads_by_supplier,
    without_receipt,
)
from tracelode.flow.publish_report import publish_report
from tracelode.flow.settle_supplier import settle_current
from tracelode.flow.stores import Stores
from tracelode.flow.tally_group import fold_members, tally_group
from tracelode.flow.tell_team import tell_team
from tracelode.ledger.groups import Member, member_of
from tracelode.ledger.ledger import Ledger
from tracelode.storage.objects import ListedVersion
from tracelode.storage.year_before import digest_of_year_before
from tracelode.tally.current import Placement, place


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a reconciliation found in a year, all of which it healed.

    `unsettled` counts suppliers whose receipts say something else than what counts for them, `stale` groups whose
    partial was not folded from what is current: work that is under way, or whose trigger was lost. `drift` counts
    groups whose partial says that it covers what is current and yet differs from the fold, which nothing explains but
    a bug. `run` is the latest report, `published` says whether it is a new one, `not_sent` why nobody could be told.

    `unrecorded` counts what lies in the inbox and was never recorded, though it is old enough: it was announced again,
    and the next full reconciliation tells whether that was enough. `unrecorded_of` names the first suppliers of it.
    """

    year: int
    groups: int
    unsettled: int = 0
    stale: int = 0
    drift: int = 0
    run: str = ""
    published: bool = False
    not_sent: str = ""
    unrecorded: int = 0
    unrecorded_of: tuple[str, ...] = ()


def reconcile_year(year: int, stores: Stores, *, full: bool, announcer: Announcer | None = None) -> Reconciled:
    """Sweep a year, or reconcile it in full; safe at any time and beside anything else.

    A sweep is one query a group: it folds the groups again whose partial does not cover what is current, lets
    `latest/` hold what the pointer names, and publishes if anything that the report is made of has changed since a
    sweep last did. A full reconciliation also settles every supplier from its receipts and folds every group from the
    submissions as recorded, which reads each supplier of the year; and, with an announcer, it announces again what is
    in the inbox and not in the ledger.

    Raises LostRaceError after too many rounds against others, and AWS errors for what is worth another try.
    """
    ledger = stores.ledger
    unsettled, suspects = _settle_suppliers(year, stores) if full else (0, {})
    # Before anything is published: whatever a report fails for, what nobody recorded is on its way.
    lost = announce_again(year, suspects, stores, by=announcer) if announcer else Unrecorded()
    stale, drift = 0, 0
    versions: list[int] = []
    groups = ledger.groups.numbers(year)
    for group in groups:
        state = ledger.groups.state(year, group)
        drifted = full and not state.stale and _drifted(year, group, ledger)
        stale += state.stale
        drift += drifted
        if state.stale or drifted:
            tally_group(year, group, ledger, rewrite=True)
            state = ledger.groups.state(year, group)
        versions.append(state.version)
    run, published = _verify_report(year, versions, stores)
    found = Reconciled(year, len(groups), unsettled, stale, drift, run, published)
    return replace(found, unrecorded=lost.count, unrecorded_of=lost.suppliers)


def reconcile_every_year(stores: Stores, *, full: bool, announcer: Announcer | None = None) -> Iterator[Reconciled]:
    """Reconcile each year that has suppliers or reference data, and tell of a report not told of yet.

    The newest year comes right after the one before it, with whose report its own compares itself; then the others, so
    that it is old ones that have to wait where time runs out. Every year gets its turn. Raises ExceptionGroup in the
    end, with a group named after each year that went wrong.
    """
    failures: list[Exception] = []
    newest_first = stores.ledger.changes.years()
    for year in (*sorted(newest_first[:2]), *newest_first[2:]):
        try:
            found = reconcile_year(year, stores, full=full, announcer=announcer)
            told = tell_team(year, stores)
        except Exception as error:  # noqa: BLE001  a year that cannot be mended may not hold up the others
            failures.append(ExceptionGroup(f"{year}", [error]))
        else:
            yield replace(found, not_sent=told.not_sent)
    if failures:
        raise ExceptionGroup("years that could not be reconciled", failures)


def _settle_suppliers(year: int, stores: Stores) -> tuple[int, dict[str, list[ListedVersion]]]:
    """Settle each supplier whose receipts say something else than what counts for it; says how many there were, and
    what of each supplier's lies in the inbox without a receipt.

    The inbox names every supplier that can have receipts, also one that died before it got a seat, because versions
    in it never expire.
    """
    ledger = stores.ledger
    members = {
        member.supplier_id: member
        for group in ledger.groups.numbers(year)
        for member in ledger.groups.members(year, group)
    }
    uploads = uploads_by_supplier(year, stores.inbox)
    unsettled = 0
    suspects: dict[str, list[ListedVersion]] = {}
    for supplier_id in sorted({*members, *uploads}):
        receipts, withdrawals = (
            ledger.submissions.receipts(year, supplier_id),
            ledger.submissions.withdrawals(year, supplier_id),
        )
        if suspected := without_receipt(uploads.get(supplier_id, ()), receipts, withdrawals):
            suspects[supplier_id] = suspected
        placement = place(receipts, withdrawals)
        if not _settled(members.get(supplier_id), placement):
            settle_current(year, supplier_id, ledger)
            unsettled += 1
    return unsettled, suspects


def _settled(member: Member | None, placement: Placement) -> bool:
    """Whether what counts for a supplier is what its receipts say; nothing ever received is nothing to count."""
    if member is None:
        return placement == place((), ())
    return member == member_of(member.supplier_id, member.seat, placement)


def _drifted(year: int, group: int, ledger: Ledger) -> bool:
    """Whether a partial differs from the fold of exactly what it says that it covers.

    The partial is read before its members: where both name the same submissions nothing can have come between.
    """
    stored = ledger.partials.stored(year, group)
    state = ledger.groups.state(year, group)
    if state.stale or stored.covers != state.covers:
        return False
    return bool(state.members) and stored.partial != fold_members(year, group, state.members, ledger)


def _verify_report(year: int, versions: list[int], stores: Stores) -> tuple[str, bool]:
    """Publish unless the report was found to say what these partials and the reference data in force come to.

    A publish that finds nothing new is no new run; that it was found is remembered, so that a quiet year costs no
    rendering.
    """
    ledger, results = stores.ledger, stores.results
    references = ledger.references.in_force(year)
    in_force = sorted((kind, snapshot.order) for kind, snapshot in references.items())
    history = sorted((snapshot.kind, snapshot.order) for snapshot in ledger.references.history(year))
    made_of = json.dumps([__version__, versions, in_force, history, digest_of_year_before(year, references, results)])
    if frozen := results.frozen(year):
        made_of += frozen.etag
    digest = hashlib.sha256(made_of.encode()).hexdigest()
    if ledger.changes.verified(year) == digest:
        return results.settle_latest(year).run, False
    published = publish_report(year, stores)
    ledger.changes.note_verified(year, digest)
    return published.run, published.new
