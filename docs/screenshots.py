"""Takes the pictures that the README shows, from the example as `make run` leaves it. `make screenshots` runs it.

python docs/screenshots.py out/2016
"""

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.pages.browser import Page, View, look, missing  # noqa: E402 - the path is set only now
from tests.pages.situations import crowded  # noqa: E402
from tracelode import __version__  # noqa: E402
from tracelode.picture.figures.figures import count_figures  # noqa: E402
from tracelode.report.pages.overview import overview  # noqa: E402

IMAGES = HERE / "images"
AT_MOST = 300_000
"""Bytes of a picture: the README is read on phones, too."""

DESK = View("desk", 1280, 1080, clip=True)
AT_NIGHT = View("desk", 1280, 1080, clip=True, dark=True)
PAPER = View("desk", 900, 760, clip=True)
HAND = View("phone", 390, 760, phone=True, clip=True)


def main(year: Path) -> int:
    """Write the pictures; 1 when they cannot be taken, or when one has become too large."""
    if missing():
        print(f"no pictures: {missing()}", file=sys.stderr)
        return 1
    (told,) = (year / "feedback" / "cindermere").glob("*/feedback.html")
    latest = year / "latest"
    with tempfile.TemporaryDirectory() as folder:
        busy = Path(folder) / "index.html"
        situation = crowded()
        busy.write_bytes(overview(situation, count_figures(situation), software_version=__version__))
        pages = (
            Page("index", (latest / "index.html").resolve().as_uri(), (DESK,)),
            Page("index-tasks", busy.as_uri(), (DESK,)),
            Page("index-dark", (latest / "index.html").resolve().as_uri(), (AT_NIGHT,)),
            Page("index-phone", (latest / "index.html").resolve().as_uri(), (HAND,)),
            Page("exhibit", (latest / "exhibit-1-01.htm").resolve().as_uri(), (PAPER,)),
            Page("feedback-phone", told.resolve().as_uri(), (HAND,)),
        )
        for taken in look(pages, Path(folder)):
            picture = taken.picture.read_bytes()
            if len(picture) > AT_MOST:
                print(f"{taken.page}.png would have {len(picture):,} bytes", file=sys.stderr)
                return 1
            (IMAGES / f"{taken.page}.png").write_bytes(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
