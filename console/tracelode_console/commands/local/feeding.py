"""Feeds a whole case to the system on this machine, and shows how far it is."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from tracelode_local.case import INBOX, CaseFile, CaseRefusedError, Listing
from tracelode_local.delivery.pump import Activity
from tracelode_local.engine import LocalSystem
from tracelode_local.feed import Feed


def feed_case(
    listing: Listing,
    system: LocalSystem,
    feed: Feed,
    out: Console,
    warn: Callable[[Sequence[str]], None],
    before: Callable[[], None],
    meanwhile: Callable[[], None],
) -> None:
    """Feed what a listing has, and work until the system is quiet.

    A file that is gone by then is warned of; CaseRefusedError is raised for one that cannot be read. When every file is
    in its bucket `before` is called, and then the functions begin. When every file is answered, and while the report is
    made of them, `meanwhile` is called in a thread of its own; what it raises is raised in the end.
    """
    references, files = listing.references.values(), listing.inbox.values()
    intake = {mapping.function.name for mapping in system.stack.queue_mappings}
    spoken = {function.name: function.folder.name for function in system.stack.functions.values()}
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    aside: list[Future[None]] = []
    with (
        ThreadPoolExecutor(max_workers=1) as executor,
        Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress,
    ):
        task = progress.add_task("feeding", total=len(references) + len(files))

        def settled(activity: Activity) -> int:
            return sum(activity.settled.get(name, 0) for name in intake)

        def observe(activity: Activity) -> None:
            working = ", ".join(spoken[name] for name in activity.running)
            progress.update(task, completed=settled(activity), description=working or "settling")
            if settled(activity) == len(references) + len(files) and not aside:
                aside.append(executor.submit(meanwhile))

        for reference in references:
            feed.reference(reference.name, reference.path, reference.stamp.modified)
        # What a supplier is told speaks of the reference data, so these have to be in force by then. Everything is in
        # its bucket before any function works, so that two runs of a case give it the same version ids.
        with system.telling_later():
            for file in files:
                _drop(file, feed, warn)
            before()
            system.drain(observe, until=lambda activity: settled(activity) >= len(references))
        system.drain(observe)
    for called in aside:
        called.result()


def _drop(file: CaseFile, feed: Feed, warn: Callable[[Sequence[str]], None]) -> None:
    try:
        feed.document(file.name, file.path, file.stamp.modified)
    except FileNotFoundError:
        warn((f"{INBOX}/{file.name} was gone before it could be read",))
    except OSError as error:
        raise CaseRefusedError((f"{INBOX}/{file.name}: cannot be read: {error.strerror}",)) from error
