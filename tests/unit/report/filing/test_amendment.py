"""An amendment is Form SD/A with the registrant's own reason, and otherwise the form that it would be."""

import re

import pytest

from tests.unit.report.factories import the_filing
from tests.unit.report.prose import text_of
from tracelode.lists.problems import ReferenceRefusedError
from tracelode.own_text.blanks import blanks
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.filing.filing import exhibit, form_sd
from tracelode.report.pages.tasks import tasks
from tracelode.review.review import RULE_IDS
from tracelode.sources.program import Edition, parse_program

REASON = "This amendment corrects the number of facilities in Annex I."
AMENDED = Edition(amendment=REASON, amendment_number=2)


def printed(situation: Interpretation) -> tuple[str, str]:
    figures = count_figures(situation)
    return text_of(form_sd(situation, figures)), text_of(exhibit(situation, figures))


def test_an_amendment_says_on_the_cover_which_it_is_and_why() -> None:
    form, report = printed(the_filing(edition=AMENDED))
    assert "FORM SD/A\n(Amendment No. 2)\nSPECIALIZED DISCLOSURE REPORT" in form
    assert (
        "Explanatory Note\nThis Amendment No. 2 on Form SD/A amends the Form SD that Example Devices, Inc. filed"
        in form
    )
    assert form.index(REASON) < form.index("Section 1")
    assert "As filed with Amendment No. 2 to Form SD" in report


def test_nothing_else_changes() -> None:
    plain, amended = (printed(the_filing(edition=edition)) for edition in (Edition(), AMENDED))
    form = amended[0].replace("FORM SD/A\n(Amendment No. 2)", "FORM SD")
    form = re.sub(r"Explanatory Note\n.*\n.*\n", "", form).replace("Form SD/A of", "Form SD of")
    report = amended[1].replace("As filed with Amendment No. 2 to Form SD\n", "")
    assert (form, report) == plain


@pytest.mark.parametrize(
    ("edition", "open_", "shown"),
    [
        (Edition(amendment_number=1), "edition.amendment", "[reason of the amendment]"),
        (Edition(amendment=REASON), "edition.amendment_number", "(Amendment No. [number of the amendment])"),
    ],
)
def test_what_the_profile_leaves_out_of_an_amendment_is_a_blank_and_a_task(edition, open_, shown) -> None:
    situation = the_filing(edition=edition)
    assert [blank.key for blank in blanks(situation.facts.program)] == [open_]
    assert shown in printed(situation)[0]
    notes = [subject.note for task in tasks(situation, count_figures(situation)) for subject in task.subjects]
    assert open_ in notes


def test_a_form_that_amends_nothing_has_no_such_blank() -> None:
    situation = the_filing()
    assert blanks(situation.facts.program) == ()
    assert "mendment" not in "".join(printed(situation))


@pytest.mark.parametrize("number", ["0", "-1", "true", '"1"', "1.5"])
def test_a_number_that_no_amendment_has_is_refused(number: str) -> None:
    with pytest.raises(ReferenceRefusedError, match=r"edition\.amendment_number: a whole number"):
        parse_program(f'year = 2024\nvocabulary = "rmap"\n[edition]\namendment_number = {number}\n'.encode(), RULE_IDS)


def test_the_profile_states_an_amendment() -> None:
    program = parse_program(
        f'year = 2024\nvocabulary = "rmap"\n[edition]\namendment_number = 2\namendment = " {REASON} "\n'.encode(),
        RULE_IDS,
    )
    assert (program.edition.amendment, program.edition.amendment_number) == (REASON, 2)
    assert program.edition.status_counts
