"""The language of the team's own sections: plain text with figures by name, and nothing else within reach.

Paragraphs are parted by empty lines, a line that begins with `- ` is an item of a list. Between braces stand names,
filters, comparisons, `if` and `for` of Jinja. What else Jinja knows (calls, arithmetic that grows, macros, includes) is
refused before anything is run, and what is left runs in Jinja's sandbox with a bound on what it prints. Loops go over
the figures' groups alone, at most two within each other. So a text can neither reach anything nor cost more than its
length and the figures allow.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.exceptions import TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tracelode.printing import wording

MAX_CHARACTERS: Final = 20_000
"""Characters of a section's text; the longest sections of filings have some thousands."""
MAX_PRINTED: Final = 40_000
"""Characters that a section prints at most."""
MAX_NESTING: Final = 40
"""How deep expressions and conditions may stand within each other."""
MAX_LOOPS: Final = 2
"""How deep loops may stand within each other."""

FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    **{
        filter_.__name__: filter_
        for filter_ in (
            wording.in_words, wording.grouped, wording.counted, wording.pluralized, wording.listed,
            wording.capitalized, wording.long_date,
        )
    },
    "length": len,
    "sort": sorted,
}  # fmt: skip
"""What a text may do with a name."""

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Filter,
    nodes.Const, nodes.If, nodes.CondExpr, nodes.For, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Add, nodes.Sub,
)  # fmt: skip
_CALLED = {
    nodes.Call: "a call",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.Macro: "macro",
    nodes.Mul: "*",
    nodes.Pow: "**",
    nodes.Concat: "~",
    nodes.Test: "a test (is ...)",
    nodes.Scope: "autoescape",
}
_LOOP = {"first": True, "last": True, "index": 1, "length": 1}
_LOOPED: Final = "a loop goes over a group of figures"
_ANYTHING: Final = object()
"""A part of a name that depends on the data, so that nothing can be said of it in advance."""


class OpenMapping(dict[str, Any]):
    """A mapping whose keys depend on the data: any key of it is taken for one that may be there."""


class NotPrintableError(ValueError):
    """A text that cannot be printed with the names as they stand; its message says why.

    `names_missing` says whether it is for want of a name, which other data may have.
    """

    def __init__(self, reason: str, *, names_missing: bool = False) -> None:
        self.names_missing = names_missing
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (its lines belong together) or a list (each line is an item)."""

    is_list: bool
    lines: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The texts that stand for themselves: the paragraph, or each item."""
        return self.lines if self.is_list else (" ".join(self.lines),)


def problems_of(text: str, names: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wrong with a text, each with its line; none if it can be printed whenever the names are like these."""
    if len(text) > MAX_CHARACTERS:
        return (f"longer than {MAX_CHARACTERS:,} characters",)
    try:
        parsed = _environment().parse(text)
    except TemplateSyntaxError as error:
        return (f"line {error.lineno}: {error.message}",)
    except (RecursionError, MemoryError, ValueError) as error:
        return (f"beyond what is read: {type(error).__name__}",)
    if _depth(parsed) > MAX_NESTING:
        return (f"nested more than {MAX_NESTING} deep",)
    return tuple(dict.fromkeys(_Checked(names).problems(parsed)))


def blocks_of(text: str, names: Mapping[str, Any]) -> tuple[Block, ...]:
    """What a text that has no problems prints, in paragraphs and lists.

    Raises NotPrintableError where a name of it is not there, holds what cannot be printed, or it prints too much.
    """
    printed: list[str] = []
    size = 0
    try:
        for piece in _environment().from_string(text).generate(names):
            size += len(piece)
            if size > MAX_PRINTED:
                raise NotPrintableError(f"prints more than {MAX_PRINTED:,} characters")
            printed.append(piece)
    except UndefinedError as error:
        raise NotPrintableError(f"a figure of it is not there: {error}", names_missing=True) from error
    except NotPrintableError:
        raise
    except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise NotPrintableError(f"cannot be printed: {error}") from error
    return tuple(in_blocks("".join(printed)))


def in_blocks(text: str) -> Iterator[Block]:
    """The paragraphs and lists of a plain text: parted by empty lines, an item begins with `- `."""
    lines: list[str] = []
    is_list = False
    for line in (*(line.strip() for line in text.replace("\r\n", "\n").split("\n")), ""):
        begins_item = line.startswith("- ")
        if lines and (not line or (begins_item and not is_list)):
            yield Block(is_list, tuple(lines))
            lines = []
        if begins_item:
            is_list = True
            lines.append(line[2:].strip())
        elif line and lines and is_list:
            lines[-1] = f"{lines[-1]} {line}"
        elif line:
            is_list = False
            lines.append(line)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, finalize=_finalize, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()
    environment.tests.clear()
    environment.filters.clear()
    environment.filters.update(FILTERS)
    return environment


def _finalize(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | float | StrictUndefined):
        raise NotPrintableError("prints a claim or a group of figures, which are no text or number")
    return value


def _depth(root: nodes.Node) -> int:
    """How deep nodes stand within each other, told without recursion, which a text could exhaust."""
    deepest, level = 0, [root]
    while level:
        deepest += 1
        level = [child for node in level for child in node.iter_child_nodes()]
    return deepest


class _Checked:
    """Walks a text once, telling of names that are not there and of what the language does not have."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._scopes: list[Mapping[str, Any]] = [names]
        self._problems: list[str] = []

    def problems(self, root: nodes.Node) -> list[str]:
        self._visit(root)
        return self._problems

    def _tell(self, node: nodes.Node, message: str) -> None:
        self._problems.append(f"line {node.lineno}: {message}")

    def _visit(self, node: nodes.Node) -> Any:
        """What an expression stands for, as far as that can be told."""
        if not isinstance(node, _ALLOWED):
            what = next((word for kind, word in _CALLED.items() if isinstance(node, kind)), type(node).__name__.lower())
            self._tell(node, f"{what} is not part of the language of sections: names, filters, if and for are")
            return _ANYTHING
        match node:
            case nodes.Name():
                return self._name(node)
            case nodes.Getattr():
                return self._part(node, self._visit(node.node), node.attr)
            case nodes.Getitem():
                return self._item(node)
            case nodes.For():
                self._loop(node)
            case nodes.Filter():
                self._filter(node)
            case _:
                for child in node.iter_child_nodes():
                    self._visit(child)
        return _ANYTHING

    def _name(self, node: nodes.Name) -> Any:
        for scope in reversed(self._scopes):
            if node.name in scope:
                return scope[node.name]
        known = [name for scope in self._scopes for name in scope]
        self._tell(node, f"there is no {node.name!r}{_near(node.name, known)}; there are {', '.join(known)}")
        return _ANYTHING

    def _item(self, node: nodes.Getitem) -> Any:
        whole = self._visit(node.node)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._part(node, whole, node.arg.value)
        self._visit(node.arg)
        if isinstance(whole, Mapping):
            return next(iter(whole.values()), _ANYTHING)
        return whole[0] if isinstance(whole, Sequence) and whole else _ANYTHING

    def _part(self, node: nodes.Expr, whole: Any, part: str) -> Any:
        if whole is _ANYTHING:
            return _ANYTHING
        path = _path(node)
        if not isinstance(whole, Mapping):
            self._tell(node, f"{path}: what stands before .{part} has no parts")
        elif part in whole:
            return whole[part]
        elif not isinstance(whole, OpenMapping) or hasattr(dict, part):
            self._tell(node, f"there is no {path}{_near(part, whole)}")
        return _ANYTHING

    def _filter(self, node: nodes.Filter) -> None:
        if node.name not in FILTERS:
            self._tell(node, f"there is no filter {node.name!r}{_near(node.name, FILTERS)}")
        for child in node.iter_child_nodes():
            self._visit(child)

    def _looped(self, group: nodes.Node) -> Any:
        """What a loop goes over: a group by its name, sorted or not. A text of the writer's own is as long as it is."""
        if isinstance(group, nodes.Filter) and group.name == "sort" and group.node and not group.args:
            return self._looped(group.node)
        if not isinstance(group, nodes.Name | nodes.Getattr | nodes.Getitem):
            self._tell(group, _LOOPED)
        return self._visit(group)

    def _loop(self, node: nodes.For) -> None:
        whole = self._looped(node.iter)
        if not isinstance(node.target, nodes.Name) or node.recursive:
            self._tell(node, "a loop names one thing at a time: for ... in ...")
            return
        if len(self._scopes) > MAX_LOOPS:
            self._tell(node, f"loops stand more than {MAX_LOOPS} deep")
            return
        if isinstance(whole, str | int):
            self._tell(node, _LOOPED)
        each = whole[0] if isinstance(whole, list) and whole else "" if isinstance(whole, Mapping) else _ANYTHING
        self._scopes.append({node.target.name: each, "loop": _LOOP})
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            self._visit(child)
        self._scopes.pop()


def _path(node: nodes.Node) -> str:
    match node:
        case nodes.Getattr():
            return f"{_path(node.node)}.{node.attr}"
        case nodes.Getitem():
            inside = node.arg.value if isinstance(node.arg, nodes.Const) else "..."
            return f"{_path(node.node)}.{inside}"
        case nodes.Name():
            return node.name
        case _:
            return "(...)"


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, sorted(known), n=3, cutoff=0.5)
    return f" (is {' or '.join(near)} meant?)" if near else ""
