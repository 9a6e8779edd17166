"""The big run: thousands of generated declarations over all versions, and one declaration again.

python -m tests.engines.checker --declarations 2400    compares as many
python -m tests.engines.checker --spec 'JSON'          both verdicts on the declaration that a failure printed
"""

import argparse
import sys
from collections.abc import Iterable

from tests.engines.checker.cells import from_spec
from tests.engines.checker.differences import DIFFERENCES
from tests.engines.checker.parity import Tally, compare, hold_against_the_checker, unfaithful
from tests.engines.checker.rmi import python_with_uno, rmi_checker
from tests.engines.libreoffice import SOFFICE
from tests.factories.official import VERSIONS, missing_templates

_ONE_IN = 20


def main() -> int:
    """The exit status: 1 if there is an unexplained difference, or if the run has not seen what it should."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--declarations", type=int, default=2400, help="how many, over all versions together")
    parser.add_argument("--seed", default="0", help="another seed makes other declarations")
    parser.add_argument("--versions", nargs="+", choices=VERSIONS, default=VERSIONS, help="of the template")
    parser.add_argument("--spec", help="compare this declaration only")
    arguments = parser.parse_args()
    lacking = missing_templates() or ("" if SOFFICE and python_with_uno() else "LibreOffice Calc with python3-uno")
    if lacking:
        sys.exit(f"lacking: {lacking}")
    return _once(arguments.spec) if arguments.spec else _all(arguments)


def _once(spec: str) -> int:
    version, cells = from_spec(spec)
    with rmi_checker() as checker:
        comparison = compare(checker, version, cells)
        sys.stdout.write(f"{comparison}\n{unfaithful(checker, comparison)}\n")
    return 0 if comparison.explained else 1


def _all(arguments: argparse.Namespace) -> int:
    tallies = []
    each = -(-arguments.declarations // len(arguments.versions))
    with rmi_checker() as checker:
        for version in arguments.versions:
            tallies.append(
                hold_against_the_checker(checker, version, each, arguments.seed, lambda number: number % _ONE_IN == 0)
            )
            sys.stdout.write("".join(f"UNEXPLAINED\n{difference}\n" for difference in tallies[-1].unexplained))
            sys.stdout.write(f"{_row(tallies[-1])}\n")
            sys.stdout.flush()
    sys.stdout.write(_report(tallies))
    never = sorted({kind.id for kind in DIFFERENCES} - {kind for tally in tallies for kind in tally.kinds})
    never += [f"{tally.version}, row {row}, both ways" for tally in tallies for row in sorted(tally.unseen)]
    sys.stdout.write("".join(f"NEVER SEEN: {what}\n" for what in never))
    return 1 if never or any(tally.unexplained for tally in tallies) else 0


def _report(tallies: Iterable[Tally]) -> str:
    tallies = list(tallies)
    seen = {kind.id: sum(tally.kinds[kind.id] for tally in tallies) for kind in DIFFERENCES}
    return "\n".join(
        (
            "| version | declarations | the same | explained | each row incomplete at least | complete at least | "
            "metals in scope | out by question 1 | out by question 2 | open | as files |",
            "|---|" + "---:|" * 10,
            *map(_row, tallies),
            "",
            f"together {sum(len(tally.declarations) for tally in tallies)} different declarations",
            "",
            "| difference | declarations that differ and have it |",
            "|---|---:|",
            *(f"| `{kind}` | {count} |" for kind, count in seen.items()),
            "",
        )
    )


def _row(tally: Tally) -> str:
    count = len(tally.declarations)
    still_open = tally.metals["question 1 open"] + tally.metals["question 2 open"]
    figures = (
        tally.version, count, tally.same, count - tally.same, min(tally.incomplete.values()),
        min(tally.complete.values()), tally.metals["in scope"], tally.metals["question 1 No"],
        tally.metals["question 2 No"], still_open, tally.sampled,
    )  # fmt: skip
    return f"| {' | '.join(map(str, figures))} |"


if __name__ == "__main__":
    sys.exit(main())
