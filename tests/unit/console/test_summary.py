"""The headline figures after a run read as the index page's do."""

from tests.unit.report.factories import interpretation, profile
from tracelode.picture.figures import figures
from tracelode.sources.program import Risk
from tracelode_console.commands.local.summary import at_risk


def test_places_of_risk_are_called_by_their_names() -> None:
    program = profile(risk=Risk(("Africa",), ("MM", "VE")))

    assert (
        at_risk(figures(interpretation(program=program)), program) == "0 indeterminable in Africa, Myanmar, Venezuela"
    )


def test_no_place_is_said_to_be_none() -> None:
    program = profile(risk=Risk(()))

    assert at_risk(figures(interpretation(program=program)), program) == "0 indeterminable in no place"
