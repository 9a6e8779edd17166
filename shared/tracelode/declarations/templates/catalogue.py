"""The templates that are known: their kinds, and the layouts of those kinds that are read. All of it is data."""

import tomllib
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from tracelode.declarations.templates.layouts import LISTS, Layout, Translations, headers_in, read_layouts, version_in
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.declarations.templates.vocabulary import mineral_of
from tracelode.minerals import MINERALS, Mineral, RegisteredMineral
from tracelode.template_kind import TemplateKind


@dataclass(frozen=True, slots=True)
class KnownKind:
    """A template kind, read or not, and by what a workbook is known as one of it.

    `title` is what its title contains, as `matching_key` writes it. A workbook without titles is one of it by its
    `own_sheet`, or by a look-up tab that has its `own_minerals` alone ("*" for any).
    """

    kind: TemplateKind
    name: str
    title: str
    own_sheet: str
    own_minerals: frozenset[str]

    def lists(self, minerals: Iterable[str]) -> bool:
        """Whether a look-up tab with these minerals, of which none is the CMRT's, can be one of this kind."""
        return "*" in self.own_minerals or self.own_minerals >= set(minerals)


@dataclass(frozen=True, slots=True)
class Templates:
    """Template kinds in the order in which a workbook is held against them, and the layouts of those that are read.

    `layouts` are oldest version first within a kind. `same_as` are versions without a layout of their own whose
    positions are known to be another's; `printed` is how RMI prints a version (4.20 for what counts as 4.2). `spelled`
    has the minerals that any of them asks about, and `headers` what the columns of the lists are called in any.
    """

    kinds: tuple[KnownKind, ...]
    layouts: tuple[Layout, ...]
    same_as: Mapping[TemplateVersion, TemplateVersion]
    printed: Mapping[TemplateVersion, str]
    spelled: Mapping[str, Mineral]
    headers: Mapping[str, Mapping[str, tuple[str, ...]]]

    def of_kind(self, kind: TemplateKind) -> tuple[Layout, ...]:
        """The layouts of a kind, oldest version first; none for a kind that is not read."""
        return tuple(layout for layout in self.layouts if layout.kind == kind)

    def newest(self, kind: TemplateKind) -> Layout:
        """The layout of the newest version that is known of a kind that is read."""
        return self.of_kind(kind)[-1]

    def layout_for(self, version: TemplateVersion) -> Layout | None:
        """The layout to read a version with: its own, the one known to be the same, or the newest one before it.

        A version of a family that is not known yet gets the newest layout of its kind; None is for what came before the
        first template, and for kinds that are not read.
        """
        version = self.same_as.get(version, version)
        before = [layout for layout in self.of_kind(version.kind) if layout.version <= version]
        if not before:
            return None
        of_family = [layout for layout in self.of_kind(version.kind) if layout.version.family == version.family]
        return before[-1] if not of_family or before[-1] in of_family else of_family[0]

    def is_known(self, version: TemplateVersion) -> bool:
        """Whether exactly this version has been released, so that its family's positions are its own."""
        return version in self.same_as or any(layout.version == version for layout in self.layouts)

    def as_printed(self, version: TemplateVersion) -> str:
        """A version as RMI prints it, without its kind; one that RMI has not released as it counts."""
        return self.printed.get(version, version.stated)

    def mineral_of(self, text: str) -> Mineral | None:
        """Which of the minerals that any of these templates asks about a text names."""
        return mineral_of(text, self.spelled)

    @property
    def minerals(self) -> tuple[Mineral, ...]:
        """Every mineral that any of these templates asks about, in the order of the kinds and of their questions."""
        return tuple(dict.fromkeys(mineral for layout in self.layouts for mineral in layout.minerals))


def read_templates(
    kinds: Iterable[Mapping[str, Any]],
    layouts: Mapping[str, Mapping[str, Any]],
    minerals: Mapping[Mineral, RegisteredMineral] = MINERALS,
    translated: Translations | None = None,
) -> Templates:
    """Templates from their data: the kinds (kinds.toml), the layouts of those that are read by acronym (cmrt.toml), the
    registry of minerals, and what their lists' columns are called in other languages (headers.toml).

    Raises ValueError where the data names a mineral that the registry does not know, or a version that is none.
    """
    given = {TemplateKind(acronym): document for acronym, document in layouts.items()}
    read = tuple(
        layout
        for kind, document in given.items()
        for layout in read_layouts(kind, document, minerals, translated or {})
    )
    return Templates(
        kinds=tuple(_kind(entry) for entry in kinds),
        layouts=read,
        same_as={
            version_in(kind, version): version_in(kind, same)
            for kind, document in given.items()
            for version, same in document.get("same_as", {}).items()
        },
        printed={
            version_in(kind, entry["version"]): entry["version"]
            for kind, document in given.items()
            for entry in document["layout"]
        },
        spelled=dict(ChainMap(*(dict(layout.spelled) for layout in read))),
        headers={
            of_list: _united(headers_in(document, translated or {}, of_list) for document in given.values())
            for of_list in LISTS
        },
    )


def template_data(file: str) -> Mapping[str, Any]:
    """The content of one of the files of data here: "kinds.toml", "cmrt.toml", "headers.toml"."""
    return tomllib.loads(files("tracelode.declarations.templates").joinpath(file).read_text(encoding="utf-8"))


def _united(headers: Iterable[Mapping[str, tuple[str, ...]]]) -> Mapping[str, tuple[str, ...]]:
    united: dict[str, dict[str, None]] = {}
    for of_kind in headers:
        for name, texts in of_kind.items():
            united.setdefault(name, {}).update(dict.fromkeys(texts))
    return {name: tuple(texts) for name, texts in united.items()}


def _kind(entry: Mapping[str, Any]) -> KnownKind:
    return KnownKind(
        kind=TemplateKind(entry["acronym"]),
        name=entry["name"],
        title=entry["title"],
        own_sheet=entry.get("own_sheet", ""),
        own_minerals=frozenset(entry.get("own_minerals", ())),
    )


def _known_templates() -> Templates:
    kinds = template_data("kinds.toml")["kind"]
    read = {entry["acronym"]: template_data(entry["layouts"]) for entry in kinds if "layouts" in entry}
    return read_templates(kinds, read, translated=template_data("headers.toml"))


TEMPLATES: Templates = _known_templates()
"""The templates that this release knows."""
