"""Imports point inwards: functions -> flow -> adapters -> pure packages. Nothing reads its surroundings."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHARED = ROOT / "shared" / "tracelode"

PURE = ("cmrt", "review", "smelters", "tally", "report", "reference", "markup", "edgar", "rollup", "findings", "metals",
        "submission")  # fmt: skip
ADAPTERS = ("ledger", "storage", "notices", "queues")
OUTER = ("flow", "entry")
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(PURE, PURE),
    **dict.fromkeys(ADAPTERS, (*PURE, *ADAPTERS)),
    "flow": (*PURE, *ADAPTERS, "flow"),
    "entry": (*PURE, *ADAPTERS, "entry"),
}
IMPURE_LIBRARIES = {"boto3", "botocore", "aws_lambda_powertools", "os", "socket", "urllib.request", "requests",
                    "subprocess", "time", "random", "uuid", "secrets", "threading", "moto"}  # fmt: skip
CLOCKS = {"now", "utcnow", "today", "getenv"}


def modules() -> list[Path]:
    return sorted(path for path in SHARED.rglob("*.py") if path != SHARED / "__init__.py")


def part(path: Path) -> str:
    return path.relative_to(SHARED).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the direction"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SHARED)))
def test_a_module_imports_only_what_lies_further_in(path: Path) -> None:
    own = part(path)
    assert own in MAY_IMPORT, f"say in MAY_IMPORT which way {own} may look"
    inward = {
        name.split(".")[1] for name in imports(ast.parse(path.read_text("utf-8"))) if name.startswith("tracelode.")
    }
    assert inward - {"__version__"} <= set(MAY_IMPORT[own])


@pytest.mark.parametrize("path", [p for p in modules() if part(p) in PURE], ids=lambda p: str(p.relative_to(SHARED)))
def test_a_pure_module_knows_no_cloud_no_clock_and_no_environment(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    names = list(imports(tree))
    assert not [name for name in names for library in IMPURE_LIBRARIES if f"{name}.".startswith(f"{library}.")]
    called = {node.func.attr for node in ast.walk(tree)
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}  # fmt: skip
    assert not called & CLOCKS
    assert not any(isinstance(node, ast.Name) and node.id == "open" for node in ast.walk(tree))


@pytest.mark.parametrize(
    "path",
    [*modules(), *sorted((ROOT / "functions").rglob("app.py"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_nothing_reads_the_environment_at_import(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    at_import = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    names = {node.attr for statement in at_import for node in ast.walk(statement) if isinstance(node, ast.Attribute)}
    assert not names & {"environ", "getenv"}


@pytest.mark.parametrize("function", ["intake", "reference", "tally", "publish"])
def test_a_function_is_a_short_handler_over_one_flow(function: str) -> None:
    tree = ast.parse((ROOT / "functions" / function / "app.py").read_text("utf-8"))
    bodies = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name != "resources"]
    lines = sum((node.end_lineno or 0) - node.lineno + 1 for node in bodies)
    assert lines <= 25
    flows = {name for name in imports(tree) if name.startswith("tracelode.flow.")}
    assert len(flows) == 1
    assert not {name.split(".")[0] for name in imports(tree)} & {"boto3", "botocore"}


def test_only_the_ledger_speaks_dynamodb_only_storage_s3_and_only_notices_sns() -> None:
    speakers = {
        part(path)
        for path in modules()
        if {"boto3", "botocore"} & {name.split(".")[0] for name in imports(ast.parse(path.read_text("utf-8")))}
    }
    assert speakers == {"ledger", "storage", "notices", "entry"}


DESK = ROOT / "local" / "tracelode_local" / "desk"


@pytest.mark.parametrize("path", sorted(DESK.rglob("*.py")), ids=lambda path: str(path.relative_to(DESK)))
def test_the_desk_knows_no_command_line_and_prints_nothing(path: Path) -> None:
    names = list(imports(ast.parse(path.read_text("utf-8"))))
    assert not {name.split(".")[0] for name in names} & {"argparse", "rich", "sys"}
    commands = [
        name for name in names if name.startswith("tracelode_local.") and name.split(".")[1].endswith("command")
    ]
    assert not commands
    assert not [
        name for name in names if name.split(".")[:2] in (["tracelode_local", "cli"], ["tracelode_local", "everyday"])
    ]
