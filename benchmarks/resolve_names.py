"""How often the right facility comes first for damaged names, by kind of damage, and how long 2,000 names take.

    python -m benchmarks.resolve_names

Over the 310 names of the example's annex; half of the lines state the country. "exact" is what resolves by itself,
"first" what a person would find first among the suggestions.
"""

import random
import time
from collections import Counter

from tests.unit.smelters.knowledge import annex, annex_names, line
from tests.unit.smelters.misspellings import KINDS
from tracelode.smelters.dispositions import NOTHING_DECIDED
from tracelode.smelters.identity import resolve

CASES = 5_000


def main() -> None:
    dice, seen = random.Random(2016), Counter[tuple[str, str]]()
    started = time.perf_counter()
    for number in range(CASES):
        kind = [*KINDS][number % len(KINDS)]
        meant = dice.choice(annex_names())
        damaged = KINDS[kind](meant.name, meant.country, dice)
        identity = line(meant.facility.metal, damaged, dice.choice((meant.country, "")))
        found = resolve(identity, annex(), NOTHING_DECIDED)
        first = found.facility or (found.suggestions[0].facility if found.suggestions else None)
        seen[kind, "wrong" if found.facility not in (None, meant.facility) else "cases"] += 1
        seen[kind, "exact" if found.facility else "first"] += first == meant.facility
    elapsed = time.perf_counter() - started
    print(f"{'damage':30} {'cases':>5} {'exact':>5} {'first':>5} {'wrong':>5}   rate")
    for kind in [*KINDS, ""]:
        row = {
            name: sum(seen[k, name] for k in KINDS if kind in ("", k)) for name in ("cases", "exact", "first", "wrong")
        }
        right = (row["exact"] + row["first"]) / (row["cases"] + row["wrong"])
        print(f"{kind or 'all':30} {row['cases']:5} {row['exact']:5} {row['first']:5} {row['wrong']:5} {right:6.1%}")
    print(f"{CASES} names in {elapsed:.1f} s")


if __name__ == "__main__":
    main()
