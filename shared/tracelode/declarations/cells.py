"""In which cells a declaration's statements stand: where its template version has them, unless the workbook differs.

Nearly all workbooks keep to their template, so that of each only what it has elsewhere is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tracelode.declarations.declaration import Reading
from tracelode.declarations.templates.catalogue import TEMPLATES, Templates
from tracelode.declarations.templates.layouts import DECLARATION, Layout
from tracelode.declarations.templates.questions import Question
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.minerals import Mineral
from tracelode.template_kind import TemplateKind


def elsewhere(reading: Reading, templates: Templates = TEMPLATES) -> dict[str, str]:
    """What a workbook has elsewhere than its template version, for `cells_of`; empty where nothing was read.

    Sheets have their own name, columns their letter and answers their cell; "" stands for what the workbook lacks.
    """
    if reading.declaration is None or reading.layout is None:
        return {}
    version = TemplateVersion.parse(reading.declaration.kind, reading.declaration.template_version)
    usual, own = _usual(version, templates), _places(reading.layout)
    moved = {place: own.get(place, "") for place in {*usual, *own} if usual.get(place) != own.get(place)}
    renamed = {f"sheet:{title}": name for title, name in reading.renamed.items()}
    return dict(sorted({**moved, **renamed}.items()))


@dataclass(frozen=True, slots=True)
class Cells:
    """Where one workbook has what: names of sheets, letters of columns and cells of answers, by what stands there.

    Places are "list" and "sheet:..." for sheets, "column:cid" and the like for columns of the Smelter List, and
    "answer:{question}:{metal}" and "company:scope" for cells of the Declaration.
    """

    places: Mapping[str, str]

    @property
    def smelter_list(self) -> str:
        """The name of the sheet that holds the smelters, "" where that is not known."""
        return self._sheet(self.places.get("list", ""))

    @property
    def declaration(self) -> str:
        """The name of the sheet that holds the answers."""
        return self._sheet(DECLARATION)

    def column(self, field: str) -> str:
        """The letter of a column of the Smelter List ("cid", "metal", "mine_country"...), "" for one it lacks."""
        return self.places.get(f"column:{field}", "")

    def answer(self, question: Question, metal: Mineral) -> str:
        """The cell of the answer to a question about a metal, "" for one that is not asked."""
        return self.at(f"answer:{question.value}:{metal.value}")

    def at(self, place: str) -> str:
        """The cell of a place on the Declaration, "" for one that the workbook does not have."""
        return self.places.get(place, "")

    def _sheet(self, title: str) -> str:
        return self.places.get(f"sheet:{title}", title)


def cells_of(kind: TemplateKind, template_version: str, moved: Mapping[str, str]) -> Cells:
    """The cells of a workbook of a version, with what `elsewhere` said of it; none where the version is not known."""
    return Cells({**_known(kind, template_version), **moved})


@cache
def _known(kind: TemplateKind, template_version: str) -> Mapping[str, str]:
    return _usual(TemplateVersion.parse(kind, template_version), TEMPLATES)


def _usual(version: TemplateVersion | None, templates: Templates) -> Mapping[str, str]:
    layout = templates.layout_for(version) if version else None
    return _places(layout) if layout else {}


def _places(layout: Layout) -> dict[str, str]:
    letter = layout.answer_column
    return {
        "list": layout.smelter_list.sheet,
        **({"company:scope": f"{letter}{layout.company['scope']}"} if "scope" in layout.company else {}),
        **{f"column:{field}": column for field, column in layout.smelter_list.columns.items()},
        **{
            f"answer:{question.value}:{metal.value}": f"{letter}{row}"
            for question, place in layout.asked.items()
            for metal, row in zip(layout.minerals, place.metal_rows, strict=True)
        },
    }
