"""Chromium opens pages and says what a reader would meet: on the console, past the edge, by keyboard, on paper."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")


@dataclass(frozen=True, slots=True)
class View:
    """A way to look at a page; `clip` cuts the picture to the first screen, `unfolded` opens what is folded."""

    name: str
    width: int
    height: int
    dark: bool = False
    phone: bool = False
    clip: bool = False
    unfolded: bool = False
    scale: float = 1


DESK = View("desk", 1280, 900)
DESK_AT_NIGHT = View("desk-dark", 1280, 900, dark=True)
PHONE = View("phone", 390, 844, phone=True)
PHONE_AT_NIGHT = View("phone-dark", 390, 844, dark=True, phone=True)


@dataclass(frozen=True, slots=True)
class Page:
    """A page to open; `excused` are rules of axe-core that it is not held to."""

    name: str
    address: str
    views: Sequence[View]
    pdf: bool = False
    keyboard: bool = False
    judged: bool = False
    excused: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """A place that the Tab key stops at: which in document order, -1 for none of those that can be reached.

    `top` is how far down the page it lies and `outline` how broad the line around it is, in CSS pixels.
    """

    place: int
    name: str
    outline: float
    top: float
    inView: bool  # noqa: N815 - the browser's word


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of axe-core that a page breaks, and where."""

    rule: str
    help: str
    count: int
    where: Sequence[str]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a page showed; sizes in CSS pixels."""

    page: str
    view: str
    picture: Path
    pdf: Path | None
    title: str
    width: int
    scroll_width: int
    height: int
    wide: Sequence[str]
    headings: Sequence[int]
    landmarks: Sequence[str]
    violations: Sequence[Violation]
    stops: Sequence[Stop]
    said: Sequence[str]
    asked: Sequence[str]


def missing() -> str:
    """Why no page can be opened on this machine, "" where one can."""
    if not CHROMIUM:
        return "chromium is not on this machine"
    if not shutil.which("node"):
        return "node is not installed, which drives the browser"
    if not all((FOLDER / "node_modules" / name).is_dir() for name in ("playwright-core", "axe-core")):
        return "playwright-core and axe-core are not installed (npm ci --prefix tests/pages)"
    return ""


def look(pages: Iterable[Page], folder: Path) -> list[Look]:
    """Open every page in each of its views, in one browser; pictures and PDFs go into `folder`."""
    job = {"executable": CHROMIUM, "folder": str(folder), "pages": [asdict(page) for page in pages]}
    done = subprocess.run(
        ["node", str(FOLDER / "browser.cjs")],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the browser gave up: {done.stderr}")
    return [_look(found) for found in json.loads(done.stdout)]


def _look(found: dict) -> Look:
    return Look(
        **{
            **{name: value for name, value in found.items() if name != "scrollWidth"},
            "scroll_width": found["scrollWidth"],
            "picture": Path(found["picture"]),
            "pdf": Path(found["pdf"]) if found["pdf"] else None,
            "violations": [Violation(**one) for one in found["violations"]],
            "stops": [Stop(**one) for one in found["stops"]],
        }
    )
