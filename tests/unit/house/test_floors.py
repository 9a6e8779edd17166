"""Rooms stand on floors: a room uses what lies below it, never what lies above; nothing goes round in a circle."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROOMS: Mapping[str, Path] = {
    "tracelode_console": ROOT / "console",
    "tracelode_local": ROOT / "local",
    "tracelode": ROOT / "shared",
}
FLOORS = (
    "tracelode_console.cli",
    "tracelode_console.commands",
    "tracelode_console.arguments",
    "tracelode_console",
    "tracelode_console.desk.doctor",
    "tracelode_console.desk.upload",
    "tracelode_console.desk",
    "tracelode_local",
    "tracelode_local.delivery",
    "tracelode_local.template",
    "tracelode_local.cloud",
    "tracelode.entry",
    "tracelode.flow",
    "tracelode.queues",
    "tracelode.notices",
    "tracelode.ledger",
    "tracelode.storage",
    "tracelode.report.report_set",
    "tracelode.report.pages",
    "tracelode.report.tables",
    "tracelode.report.rollup",
    "tracelode.report.trace",
    "tracelode.report.filing",
    "tracelode.report.manifest",
    "tracelode.report.frozen_run",
    "tracelode.report.files",
    "tracelode.feedback",
    "tracelode.feedback.markup",
    "tracelode.reference",
    "tracelode.own_text",
    "tracelode.picture.figures",
    "tracelode.picture",
    "tracelode.edgar",
    "tracelode.review",
    "tracelode.review.consistency",
    "tracelode.review.rules",
    "tracelode.sources",
    "tracelode.smelters",
    "tracelode.declarations",
    "tracelode.declarations.templates",
    "tracelode.tally",
    "tracelode.ooxml",
    "tracelode.lists",
    "tracelode.workbooks",
    "tracelode.printing",
    "tracelode.submission",
    "tracelode.findings",
    "tracelode.minerals",
    "tracelode.template_kind",
    "tracelode",
)
"""Every room, the highest first. A module belongs to the longest name here that its own begins with."""
MOST_FILES = 12
ADAPTERS = ("ledger", "storage", "notices", "queues")
KNOW_AWS = {f"tracelode.{room}" for room in (*ADAPTERS, "entry")}
KNOW_THEIR_SURROUNDINGS = {*KNOW_AWS, "tracelode.flow"}
IMPURE_LIBRARIES = {"boto3", "botocore", "aws_lambda_powertools", "os", "socket", "urllib.request", "requests",
                    "subprocess", "time", "random", "uuid", "secrets", "threading", "moto"}  # fmt: skip
CLOCKS = {"now", "utcnow", "today", "getenv"}


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the house by its name; a package's `__init__` under the package's own."""
    found = {}
    for package, folder in ROOMS.items():
        for path in sorted((folder / package).rglob("*.py")):
            found[".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")] = path
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the direction"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def used_by(module: str) -> frozenset[str]:
    """The modules of the house that a module imports, wherever in it, for types alone too."""
    named = set(imports(tree_of(modules()[module])))
    known = {name if name in modules() else name.rpartition(".")[0] for name in named}
    return frozenset(known & set(modules())) - {module}


def room_of(module: str) -> str:
    return max((room for room in FLOORS if f"{module}.".startswith(f"{room}.")), key=len)


def floor_of(module: str) -> int:
    return len(FLOORS) - FLOORS.index(room_of(module))


def upward(arrows: Mapping[str, frozenset[str]]) -> list[str]:
    return [f"{module} -> {used}" for module in arrows for used in sorted(arrows[module])
            if floor_of(used) > floor_of(module)]  # fmt: skip


def circles(arrows: Mapping[str, frozenset[str]]) -> list[str]:
    """What remains when everything that uses nothing, or nothing that remains, is taken away again and again."""
    remaining = dict(arrows)
    while True:
        kept = {module: used & set(remaining) for module, used in remaining.items()}
        kept = {module: used for module, used in kept.items() if used}
        if len(kept) == len(remaining):
            return sorted(kept)
        remaining = kept


def arrows() -> dict[str, frozenset[str]]:
    return {module: used_by(module) for module in modules()}


def test_no_import_goes_up_a_floor() -> None:
    assert upward(arrows()) == []


def test_no_file_comes_back_to_itself_by_way_of_others() -> None:
    assert circles(arrows()) == []


def test_the_rule_sees_an_upward_arrow_and_a_circle() -> None:
    up = {"tracelode.printing.printable": frozenset({"tracelode.flow.tally_group"})}
    round_about = {"a": frozenset({"b"}), "b": frozenset({"c"}), "c": frozenset({"a"}), "d": frozenset({"a"})}

    assert len(upward(up)) == 1
    assert circles(round_about) == ["a", "b", "c", "d"]
    assert circles({**round_about, "c": frozenset()}) == []


def test_every_room_is_on_a_floor_and_every_floor_has_a_room() -> None:
    folders = {module for module, path in modules().items() if path.name == "__init__.py"}
    lone = {module for module in modules() if module.count(".") == 1 and module not in folders}
    rooms = {room_of(module) for module in modules()}

    assert {room for room in rooms | lone if room.startswith("tracelode.") and room not in FLOORS} == set()
    assert set(FLOORS) - rooms == {"tracelode"} - rooms


def test_no_folder_has_more_than_a_dozen_files_of_its_own() -> None:
    templates = [path for folder in ROOMS.values() for path in folder.rglob("*.j2")]
    sources = [*modules().values(), *templates]
    counted = Counter(path.parent for path in sources if path.name != "__init__.py")
    assert {str(folder.relative_to(ROOT)): count for folder, count in counted.items() if count > MOST_FILES} == {}


def test_a_public_name_is_defined_once_in_the_shared_code() -> None:
    definers = defaultdict(list)
    for module, path in modules().items():
        if module.startswith("tracelode."):
            for name in public_names(tree_of(path)):
                definers[name].append(module)
    assert {name: found for name, found in definers.items() if len(found) > 1} == {}


def public_names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        else:
            continue
        yield from (name for name in names if not name.startswith("_"))


PURE = [path for module, path in modules().items()
        if module.startswith("tracelode.") and room_of(module) not in KNOW_THEIR_SURROUNDINGS]  # fmt: skip


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_module_knows_no_cloud_no_clock_and_no_environment(path: Path) -> None:
    tree = tree_of(path)
    assert not [name for name in imports(tree) for library in IMPURE_LIBRARIES if f"{name}.".startswith(f"{library}.")]
    called = {node.func.attr for node in ast.walk(tree)
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}  # fmt: skip
    assert not called & CLOCKS
    assert not any(isinstance(node, ast.Name) and node.id == "open" for node in ast.walk(tree))


@pytest.mark.parametrize(
    "path",
    [
        *(path for module, path in modules().items() if module.startswith("tracelode.")),
        *sorted((ROOT / "functions").rglob("app.py")),
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_nothing_reads_the_environment_at_import(path: Path) -> None:
    at_import = [node for node in tree_of(path).body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    names = {node.attr for statement in at_import for node in ast.walk(statement) if isinstance(node, ast.Attribute)}
    assert not names & {"environ", "getenv"}


@pytest.mark.parametrize("function", ["intake", "reference", "tally", "publish"])
def test_a_function_is_a_short_handler_over_one_flow(function: str) -> None:
    tree = tree_of(ROOT / "functions" / function / "app.py")
    bodies = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name != "resources"]
    lines = sum((node.end_lineno or 0) - node.lineno + 1 for node in bodies)
    assert lines <= 25
    flows = {name for name in imports(tree) if name.startswith("tracelode.flow.")}
    assert len(flows) == 1
    assert not {name.split(".")[0] for name in imports(tree)} & {"boto3", "botocore"}


def test_only_the_adapters_and_what_makes_them_speak_to_aws() -> None:
    speakers = {
        room_of(module)
        for module, path in modules().items()
        if module.startswith("tracelode.") and {"boto3", "botocore"} & {n.split(".")[0] for n in imports(tree_of(path))}
    }
    assert speakers <= KNOW_AWS


def test_the_adapters_stand_apart_from_each_other_but_for_what_storage_knows_of_places() -> None:
    across = {
        f"{one} -> {other}"
        for one in ADAPTERS
        for module in modules()
        if module.startswith(f"tracelode.{one}.")
        for used in used_by(module)
        for other in ADAPTERS
        if other != one and used.startswith(f"tracelode.{other}.")
    }
    assert across <= {"queues -> storage"}


_NAMES_A_MINERAL = re.compile(r"(^|[._])(metal|mineral)$|^Mineral\.")


@pytest.mark.parametrize("name", ["tracelode", "tracelode_console", "tracelode_local"])
def test_minerals_are_compared_by_what_they_are_called(name: str) -> None:
    """A mineral is a value, not a member of an enum: two of one name need not be the same object."""
    by_identity = {
        f"{module}:{node.lineno}"
        for module, path in modules().items()
        if module.split(".")[0] == name
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Compare) and any(isinstance(operator, ast.Is | ast.IsNot) for operator in node.ops)
        and not any(isinstance(side, ast.Constant) for side in node.comparators)
        and any(_NAMES_A_MINERAL.search(ast.unparse(side)) for side in (node.left, *node.comparators))
    }  # fmt: skip
    assert by_identity == set()


DESK = ROOT / "console" / "tracelode_console" / "desk"


@pytest.mark.parametrize("path", sorted(DESK.rglob("*.py")), ids=lambda path: str(path.relative_to(DESK)))
def test_the_desk_knows_no_command_line_and_prints_nothing(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(tree_of(path))} & {"argparse", "rich", "sys"}


def test_the_system_on_one_machine_knows_no_console() -> None:
    assert all(
        not used.startswith("tracelode_console")
        for module in modules()
        if module.startswith("tracelode_local")
        for used in used_by(module)
    )


def test_the_floors_are_named_once() -> None:
    assert all(one != other for one, other in pairwise(sorted(FLOORS)))
