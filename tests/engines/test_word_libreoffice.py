"""LibreOffice opens the Word document: the same text, pages with numbers, the annex's headings on each of its pages."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from defusedxml import ElementTree

from tests.engines.libreoffice import SOFFICE
from tests.unit.report.factories import the_filing
from tests.unit.report.filing.test_filing import hostile_situation
from tests.unit.report.filing.test_take_back import edited
from tests.unit.report.prose import text_of
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.filing.filing import as_filed, exhibit, exhibit_by_section
from tracelode.report.filing.read_word import read_word
from tracelode.report.filing.redline import redline
from tracelode.report.filing.take_back import TakenBack, take_back
from tracelode.report.filing.word import word

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
SITUATIONS = {"the-filing": the_filing, "hostile": hostile_situation}


def has_writer() -> bool:
    """Whether LibreOffice can open text documents: Calc alone cannot."""
    return bool(SOFFICE) and any(Path(str(SOFFICE)).resolve().parent.glob("libswlo.so"))


pytestmark = [pytest.mark.engine, pytest.mark.skipif(not has_writer(), reason="LibreOffice Writer is not installed")]


def html_of(situation: Interpretation) -> bytes:
    return exhibit(situation, count_figures(situation))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The documents as LibreOffice saves them, by situation and format, all in two runs of it."""
    folder = tmp_path_factory.mktemp("word")
    sources = {name: folder / f"{name}.docx" for name in SITUATIONS}
    for name, source in sources.items():
        source.write_bytes(word(html_of(SITUATIONS[name]())))
    for ending in ("odt", "pdf"):
        subprocess.run(
            [str(SOFFICE), f"-env:UserInstallation={folder.as_uri()}/profile", "--headless", "--convert-to", ending,
             "--outdir", str(folder), *map(str, sources.values())],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=240,
        )  # fmt: skip
    return {
        name: {ending: source.with_suffix(f".{ending}").read_bytes() for ending in ("odt", "pdf")}
        for name, source in sources.items()
    }


def content(odt: bytes) -> ElementTree:
    with zipfile.ZipFile(io.BytesIO(odt)) as archive:
        return ElementTree.fromstring(archive.read("content.xml"))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("name", SITUATIONS)
def test_libreoffice_reads_the_text_of_the_exhibit(opened, name: str) -> None:
    read = content(opened[name]["odt"])

    told = "".join("".join(each.itertext()) for each in read.iter() if each.tag in (f"{TEXT}p", f"{TEXT}h"))

    assert squeezed(told) == squeezed(text_of(html_of(SITUATIONS[name]())))


def test_libreoffice_sees_headings_lists_and_a_table_that_repeats_its_head(opened) -> None:
    read = content(opened["the-filing"]["odt"])

    levels = [each.get(f"{TEXT}outline-level") for each in read.iter(f"{TEXT}h")]
    annex = list(read.iter(f"{TABLE}table"))[-1]

    assert levels[0] == "1"
    assert set(levels) == {"1", "2", "3"}
    assert levels.count("3") == 5
    assert list(read.iter(f"{TEXT}list-item"))
    assert len(list(annex.iter(f"{TABLE}table-header-rows"))) == 1
    assert len(list(annex.iter(f"{TABLE}table-row"))) == 311


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler) is not installed")
def test_on_paper_every_page_has_its_number_and_the_annex_its_headings(opened, tmp_path: Path) -> None:
    printed = tmp_path / "exhibit.pdf"
    printed.write_bytes(opened["the-filing"]["pdf"])

    told = subprocess.run(
        ["pdftotext", "-layout", str(printed), "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = told.rstrip("\f").split("\f")

    assert [re.findall(r"Page (\d+) of (\d+)", page) for page in pages] == [
        [(str(number), str(len(pages)))] for number in range(1, len(pages) + 1)
    ]
    annex = next(number for number, page in enumerate(pages) if "ANNEX I –" in page)
    assert pages[annex].lstrip().startswith("ANNEX I")
    assert all(re.search(r"Metal\s+Smelter Name\s+Country\s+Status", page) for page in pages[annex:])
    assert len(pages) - annex > 5


def test_what_libreoffice_saves_gives_back_what_was_edited_and_nothing_else(tmp_path: Path) -> None:
    # GIVEN the report's Word document as it is, with a sentence edited, and a redline with tracked changes
    situation = the_filing()
    html = exhibit_by_section(situation, count_figures(situation))
    filed = as_filed(html)
    printed = word(html)
    sources = {
        "same": printed,
        "edited": edited(printed, lambda text: text.replace("sets out what it did", "says what it did")),
        "tracked": word(redline(filed, filed.replace(b"sets out what it did", b"says what it did")).document),
    }
    for name, docx in sources.items():
        (tmp_path / f"{name}.docx").write_bytes(docx)
    # WHEN LibreOffice opens and saves them
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--headless", "--convert-to",
         "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "saved"), *(str(tmp_path / f"{n}.docx") for n in sources)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=240,
    )  # fmt: skip
    saved = {name: read_word((tmp_path / "saved" / f"{name}.docx").read_bytes()) for name in sources}
    # THEN nothing comes back of the first, and of the others what was edited
    assert take_back(read_word(printed), saved["same"], {}) == TakenBack({}, ())
    for name in ("edited", "tracked"):
        taken = take_back(read_word(printed), saved[name], {})
        assert list(taken.sections) == ["introduction"], name
        assert "says what it did" in taken.sections["introduction"]
    assert "tracked changes, taken as accepted" in saved["tracked"].noted
