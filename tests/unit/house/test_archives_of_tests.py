"""What tests write into an archive bears no time of the clock: it all goes through one factory."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
FACTORY = ROOT / "tests/factories/archives.py"


def clocked(source: str) -> list[str]:
    """The statements that put the time of the clock into an archive: openpyxl's `save`, a part given by its name."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    methods = [call for call in calls if isinstance(call.func, ast.Attribute)]
    saved = [call for call in methods if call.func.attr == "save"]
    named = [call for call in methods if call.func.attr == "writestr" and isinstance(call.args[0], ast.Constant)]
    return [ast.unparse(call) for call in (*saved, *named)]


def test_archives_are_written_by_their_factory() -> None:
    modules = sorted({*(ROOT / "tests").rglob("*.py")} - {FACTORY})
    assert {path: found for path in modules if (found := clocked(path.read_text("utf-8")))} == {}


def test_what_the_clock_gets_into_is_found() -> None:
    assert clocked("book.save(stream)") == ["book.save(stream)"]
    assert clocked("archive.writestr('a.xml', b'')") == ["archive.writestr('a.xml', b'')"]
    assert clocked("archive.writestr(ZipInfo('a.xml'), b'')") == []
