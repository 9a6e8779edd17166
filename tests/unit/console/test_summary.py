"""The headline figures after a run read as the index page's do."""

import json

from tests.unit.report.factories import interpretation, profile
from tracelode.picture.figures.by_name import figures_json
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.headline import FiguresDocument
from tracelode.sources.program import Program, Risk
from tracelode_console.commands.local.summary import headline


def nothing(program: Program) -> FiguresDocument:
    """The figures of a year in which nothing came, as they are published."""
    return json.loads(figures_json(count_figures(interpretation(program=program))))


def test_places_of_risk_are_called_by_their_names() -> None:
    program = profile(risk=Risk(("Africa",), ("MM", "VE")))

    assert headline(nothing(program), program)["At greater risk"] == "0 indeterminable in Africa, Myanmar, Venezuela"


def test_no_place_is_said_to_be_none() -> None:
    program = profile(risk=Risk(()))

    assert headline(nothing(program), program)["At greater risk"] == "0 indeterminable in no place"
