"""Mutants of the review's own source: one small change each, and whether the tests of this folder notice it.

python -m tests.unit.review.mutants [MODULE...] tries them all, prints the survivors, and fails if one is not expected.
"""

import ast
import importlib
import inspect
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.properties import register_profiles

PACKAGE = "tracelode.review"
TOPICS = tuple(
    f"{PACKAGE}.consistency.{topic}"
    for topic in ("answers", "company", "company_answers", "dates", "entries", "products", "smelter_list",
                  "smelter_rows", "template")
)  # fmt: skip
CORE = (
    f"{PACKAGE}.rules.plausible",
    f"{PACKAGE}.rules.demands",
    f"{PACKAGE}.rules.rule",
    f"{PACKAGE}.rules.completeness",
)
LAST = (f"{PACKAGE}.consistency", f"{PACKAGE}.review", f"{PACKAGE}.wording")
APART = (f"{PACKAGE}.cross_checks",)
MODULES = (*CORE, *TOPICS, *LAST, *APART)
"""In the order in which they import each other; topics do not, and what stands apart is imported by none."""

_COMPARISONS: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}


@dataclass(frozen=True)
class Mutant:
    """A module's source with one change."""

    module: str
    line: int
    change: str
    place: tuple[int, int]
    """Which of the tree's nodes, as they are walked, and which of its changes."""

    def tree(self) -> ast.Module:
        """The source with the change."""
        mutated = ast.parse(_source_of(self.module))
        node, number = self.place
        target = next(itertools.islice(ast.walk(mutated), node, None))
        list(_changes(target))[number][1]()
        return ast.fix_missing_locations(mutated)

    def __str__(self) -> str:
        return f"{self.module.removeprefix(PACKAGE + '.')}:{self.line} {self.change}"


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(_source_of(module))
    for index, node in enumerate(ast.walk(tree)):
        if not _is_code(node, tree):
            continue
        for number, (change, _) in enumerate(_changes(node)):
            yield Mutant(module, getattr(node, "lineno", 0), change, (index, number))


def _source_of(module: str) -> str:
    return Path(inspect.getsourcefile(importlib.import_module(module)) or "").read_text("utf-8")


def _is_code(node: ast.AST, tree: ast.Module) -> bool:
    """Whether a node computes something: words for people, annotations and vocabularies are left alone."""
    left_alone = _LEFT_ALONE.get(id(tree))
    if left_alone is None:
        left_alone = _LEFT_ALONE[id(tree)] = {id(inner) for outer in _plain(tree) for inner in ast.walk(outer)}
        _KEPT.append(tree)
    return id(node) not in left_alone


_LEFT_ALONE: dict[int, set[int]] = {}
_KEPT: list[ast.Module] = []  # an id stays a tree's only while the tree lives


def _plain(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node
        if isinstance(node, ast.keyword) and node.arg in (
            "message",
            "remedy",
            "source",
            "severity",
            "slots",
            "frozen",
            "hash",
            "maxsize",
        ):
            yield node
        if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation:
            yield node.annotation
        if isinstance(node, ast.FunctionDef) and node.returns:
            yield node.returns
        if isinstance(node, ast.Raise):
            yield node
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "CrossRule":
            yield from node.args
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            yield from (
                node for node in ast.walk(statement) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:  # noqa: C901 (a table of cases)
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in _COMPARISONS[type(operator)]:
                name = f"{type(operator).__name__} -> {other.__name__}"
                yield name, lambda place=place, other=other: node.ops.__setitem__(place, other())
    elif isinstance(node, ast.BoolOp):
        other_bool = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} -> {other_bool.__name__}", lambda: setattr(node, "op", other_bool())
        for place in range(len(node.values)):
            yield f"operand {place + 1} dropped", lambda place=place: _drop(node, place)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", lambda: setattr(node, "op", ast.UAdd()) or _make_truth(node)
    elif isinstance(node, ast.If | ast.IfExp):
        yield "always", lambda: setattr(node, "test", ast.Constant(True))
        yield "never", lambda: setattr(node, "test", ast.Constant(False))
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield "unfiltered", lambda: setattr(node, "ifs", [])
    elif isinstance(node, ast.Constant):
        yield from _constant_changes(node)
    elif isinstance(node, ast.Name) and node.id in ("any", "all"):
        yield f"{node.id} swapped", lambda: setattr(node, "id", "all" if node.id == "any" else "any")
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        yield "- -> +", lambda: setattr(node, "op", ast.Add())


def _constant_changes(node: ast.Constant) -> Iterator[tuple[str, Callable[[], None]]]:
    if isinstance(node.value, bool):
        yield f"{node.value} flipped", lambda: setattr(node, "value", not node.value)
    elif isinstance(node.value, int):
        yield f"{node.value} + 1", lambda: setattr(node, "value", int(str(node.value)) + 1)
        yield f"{node.value} - 1", lambda: setattr(node, "value", int(str(node.value)) - 1)
    elif isinstance(node.value, str) and node.value:
        yield f"{node.value!r} altered", lambda: setattr(node, "value", f"{node.value}~")


def _drop(node: ast.BoolOp, place: int) -> None:
    del node.values[place]
    if len(node.values) == 1:
        node.values.append(node.values[0])


def _make_truth(node: ast.UnaryOp) -> None:
    # `not x` becomes `not not x`: a truth value, as before.
    node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)


@contextmanager
def in_place(mutant: Mutant) -> Iterator[Mapping[str, ModuleType]]:
    """The review's modules as they are with a mutant: it, and every module that could import it, made anew."""
    afresh = _importers(mutant.module)
    parents = {name: importlib.import_module(name.rpartition(".")[0]) for name in afresh}
    before = {name: sys.modules[name] for name in afresh}
    made: dict[str, ModuleType] = {}
    try:
        for name in afresh:
            module = ModuleType(name)
            module.__dict__.update(__file__=before[name].__file__, __package__=before[name].__package__)
            if hasattr(before[name], "__path__"):
                module.__path__ = before[name].__path__
                for topic in TOPICS:
                    setattr(module, topic.rpartition(".")[2], made.get(topic, sys.modules[topic]))
            sys.modules[name] = made[name] = module
            code = compile(mutant.tree(), name, "exec") if name == mutant.module else _code_of(name)
            exec(code, module.__dict__)  # noqa: S102 (our own source)
            if name not in LAST[:1]:
                setattr(parents[name], name.rpartition(".")[2], module)
        yield made
    finally:
        sys.modules.update(before)
        for name, module in before.items():
            setattr(parents[name], name.rpartition(".")[2], module)


def _importers(module: str) -> tuple[str, ...]:
    if module in APART:
        return (module,)
    if module in TOPICS:
        return (module, *LAST)
    return tuple(name for name in MODULES[MODULES.index(module) :] if name not in APART)


_CODE: dict[str, object] = {}


def _code_of(name: str) -> object:
    if name not in _CODE:
        path = Path(inspect.getsourcefile(sys.modules[name]) or sys.modules[name].__file__ or "")
        _CODE[name] = compile(path.read_text("utf-8"), name, "exec")
    return _CODE[name]


def is_noticed(mutant: Mutant, tests: "list[Test]") -> bool:
    """Whether a test fails, or the code does not even import, with a mutant in place."""
    try:
        with in_place(mutant) as made:
            return any(not test.passes(made) for test in tests)
    except Exception:  # noqa: BLE001 (a module that cannot be imported is as loud as a failing test)
        return True


@dataclass(frozen=True)
class Test:
    """A test function of this folder, with one set of arguments, to be run against mutated modules."""

    function: Callable[..., None]
    arguments: Mapping[str, object]

    def passes(self, made: Mapping[str, ModuleType]) -> bool:
        """Whether it passes when every name of its module that comes from the review is the mutated one."""
        # What hypothesis wraps around a test has the globals of hypothesis.
        wrapped = getattr(self.function, "hypothesis", None)
        names = (wrapped.inner_test if wrapped else self.function).__globals__
        swapped = {name: names[name] for name, path in _borrowed(names) if path in made}
        names.update({name: vars(made[path])[name] for name, path in _borrowed(names) if path in made})
        try:
            self.function(**self.arguments)
        except BaseException:  # noqa: BLE001 (pytest's own failures are no Exceptions)
            return False
        finally:
            names.update(swapped)
        return True


def _borrowed(names: dict[str, object]) -> list[tuple[str, str]]:
    """The names of a test module that come from the review, each with the module that says what it is."""
    known = _BORROWED.get(id(names))
    if known is None:
        known = _BORROWED[id(names)] = [
            (name, path)
            for name, value in names.items()
            for path, module in _ORIGINALS.items()
            if name in vars(module) and vars(module)[name] is value and not name.startswith("__")
        ]
    return known


_BORROWED: dict[int, list[tuple[str, str]]] = {}
_ORIGINALS: dict[str, ModuleType] = {name: importlib.import_module(name) for name in MODULES}


def tests_of(module: ModuleType) -> list[Test]:
    """Every test of a module, one for each set of its parameters."""
    found = []
    for name, function in vars(module).items():
        if not name.startswith("test_"):
            continue
        sets: list[dict[str, object]] = [{}]
        for mark in getattr(function, "pytestmark", []):
            names, values = mark.args[0], mark.args[1]
            names = [names] if isinstance(names, str) else list(names)
            rows = [value if len(names) > 1 else (value,) for value in values]
            sets = [{**known, **dict(zip(names, row, strict=True))} for known in sets for row in rows]
        found += [Test(function, arguments) for arguments in sets]
    return found


def survivors(module: str, step: int = 1) -> list[Mutant]:
    """The mutants of a module, or every `step`-th of them, that no test notices and that are not expected to live."""
    from tests.unit.review import (
        test_completeness_rules,
        test_consistency_rules,
        test_cross_checks,
        test_plausible,
        test_review,
    )

    tables = [table for name, table in vars(_ORIGINALS[module]).items() if name.endswith("_RULES")]
    own = {rule.id for table in tables for rule in table}
    cases = tests_of(test_consistency_rules)
    cases.sort(key=lambda test: getattr(test.arguments.get("pair"), "rule", "") not in own)
    review = [*cases, *tests_of(test_review), *tests_of(test_completeness_rules)]
    order = {
        f"{PACKAGE}.cross_checks": tests_of(test_cross_checks),
        f"{PACKAGE}.rules.plausible": [*tests_of(test_plausible), *review],
        f"{PACKAGE}.rules.completeness": [*tests_of(test_completeness_rules), *review],
    }
    tests = order.get(module, review)
    tried = itertools.islice(mutants(module), 0, None, step)
    return [mutant for mutant in tried if not is_noticed(mutant, tests) and not _is_expected(mutant)]


EXPECTED_TO_LIVE: Mapping[tuple[str, str, str], str] = {
    ("rules.plausible", "'.,;:()[]<>\\'\"' altered", ""): "one more sign to strip from an address",
    ("consistency.smelter_rows", "operand 2 dropped", "line.cid or"): "it is for the type: a confirmed line has a CID",
    ("cross_checks", "never", "if sizes.get(number) == len(members):"): "those that stay together may get a new number",
    ("cross_checks", "never", "if number:"): "a size that is too large only gives those that stay a new number",
    ("cross_checks", "never", "if len(members) == 1:"): "whoever is alike to nobody may as well be looked at again",
    ("cross_checks", "1 - 1", "if len(members) == 1:"): "whoever is alike to nobody may as well be looked at again",
    ("cross_checks", "1 + 1", "parted = len(sizes) + 1"): "any number that is new will do",
    ("cross_checks", "0 + 1", "counts[members[0]]"): "those that are alike have the same count",
    ("cross_checks", "0 - 1", "counts[members[0]]"): "those that are alike have the same count",
}
"""Changes that no declaration can show, by module, change and a part of the line, each with its reason."""


def _is_expected(mutant: Mutant) -> bool:
    module = mutant.module.removeprefix(f"{PACKAGE}.")
    return any(
        (module, mutant.change) == (of, change) and part in _line_of(mutant) for of, change, part in EXPECTED_TO_LIVE
    )


def _line_of(mutant: Mutant) -> str:
    path = Path(inspect.getsourcefile(_ORIGINALS[mutant.module]) or "")
    return path.read_text("utf-8").splitlines()[mutant.line - 1]


if __name__ == "__main__":
    register_profiles()
    living = 0
    for each in sys.argv[1:] or MODULES:
        alive = survivors(each)
        living += len(alive)
        print(each, sum(1 for _ in mutants(each)), "mutants,", len(alive), "alive")  # noqa: T201
        for survivor in alive:
            print("   ", survivor)  # noqa: T201
    sys.exit(living > 0)
