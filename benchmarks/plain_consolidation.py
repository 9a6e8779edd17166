"""What people write when they have a folder of CMRTs and an afternoon: the yardstick of run_against_consolidation.py.

    python benchmarks/plain_consolidation.py INBOX OUT.xlsx

It opens every workbook with openpyxl, merges the smelter lists by CID, and writes one workbook.
"""

import argparse
from pathlib import Path

import openpyxl


def consolidate(inbox: Path, out: Path) -> int:
    """Merge the smelter lists of all workbooks under `inbox` into `out`; how many CIDs that makes."""
    merged: dict[str, tuple[object, object, set[str]]] = {}
    for path in sorted(inbox.rglob("*.xlsx")):
        sheet = openpyxl.load_workbook(path, data_only=True)["Smelter List"]
        for row in sheet.iter_rows(min_row=5, max_row=2504, max_col=18, values_only=True):
            cid = row[0] or row[5]
            if isinstance(cid, str) and cid.startswith("CID"):
                merged.setdefault(cid, (row[1], row[17] or row[2], set()))[2].add(path.parent.name)
    result = openpyxl.Workbook(write_only=True)
    table = result.create_sheet("Smelters")
    table.append(["CID", "Metal", "Name", "Suppliers"])
    for cid, (metal, name, suppliers) in sorted(merged.items()):
        table.append([cid, metal, name, ", ".join(sorted(suppliers))])
    result.save(out)
    return len(merged)


def main() -> None:
    parser = argparse.ArgumentParser(description="Merge the smelter lists of a folder of CMRTs.")
    parser.add_argument("inbox", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    print(consolidate(arguments.inbox, arguments.out))


if __name__ == "__main__":
    main()
