"""The team's own sections print what it writes, with the figures as they are; what is wrong in them never prints."""

import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import examples
from tests.unit.report.factories import answered, facility, interpretation, the_filing
from tests.unit.report.prose import prose_of, text_of
from tracelode.lists.problems import ReferenceRefusedError
from tracelode.minerals import Mineral
from tracelode.own_text.claims import Claims
from tracelode.own_text.language import FILTERS, MAX_CHARACTERS, MAX_PRINTED, NotPrintableError, blocks_of
from tracelode.own_text.own_sections import MAX_SECTION_BYTES, parse_own_section, placed_sections
from tracelode.own_text.sections import PRESCRIBED, SECTIONS
from tracelode.picture.figures.by_name import figures_by_name
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.printing.templating import render
from tracelode.reference.kinds import take
from tracelode.report.filing.filing import exhibit, form_sd
from tracelode.report.report_set import build_report_set
from tracelode.smelters.status import Status
from tracelode.sources.last_year import LastYear
from tracelode.sources.own_section import OwnSection

FILE = "section-future-steps.txt"


def own(text: str, section: str = "future-steps") -> OwnSection:
    return parse_own_section(section, f"section-{section}.txt", text.encode())


def refused(text: str, section: str = "future-steps") -> list[str]:
    with pytest.raises(ReferenceRefusedError) as refusal:
        own(text, section)
    return [str(problem) for problem in refusal.value.problems]


def with_text(text: str, section: str = "future-steps", situation: Interpretation | None = None) -> Interpretation:
    made = situation or the_filing()
    return replace(made, facts=replace(made.facts, sections=(own(text, section),)))


def printed(situation: Interpretation) -> str:
    return prose_of(exhibit(situation, count_figures(situation)))


def left_out(situation: Interpretation) -> list[str]:
    return [reason for text in placed_sections(situation, count_figures(situation)).left_out for reason in text.reasons]


def test_paragraphs_and_lists_take_the_place_of_ours_below_our_heading() -> None:
    # GIVEN
    text = "We will\ndo two things:\n- ask again,\n  and again\n- look <closer> & closer\n\nThen we rest."
    # WHEN
    html = exhibit(with_text(text), count_figures(the_filing())).decode()
    # THEN
    assert (
        "<h2>Future Steps</h2>\n<p>We will do two things:</p>\n<ul>\n<li>ask again, and again</li>\n"
        "<li>look &#60;closer&#62; &#38; closer</li>\n</ul>\n<p>Then we rest.</p>"
    ) in html
    assert "To reduce the risk" not in html


def test_figures_claims_words_and_the_registrant_are_there_by_name() -> None:
    text = (
        "{{ registrant.short_name }} knows {{ figures.smelters.total | counted('facility') }}, "
        "{{ figures.smelters.indeterminable_at_risk | in_words }} of them at risk, by {{ words.initiative_short }}."
        "{% if claims.everybody_responded %} All answered.{% else %} Not all answered.{% endif %}"
        "{% for metal in figures.smelters.by_metal %} {{ metal }}: {{ figures.smelters.by_metal[metal].active }}"
        "{{ '.' if loop.last else ';' }}{% endfor %}"
        " {{ figures.metals.in_products | listed }} on {{ figures.data_cut_off | long_date }}."
    )
    assert (
        "Example knows 310 facilities, four of them at risk, by CFSI. All answered. Gold: 6; Tantalum: 0; Tin: 7; "
        "Tungsten: 1. Gold, Tantalum, Tin and Tungsten on March 2, 2017."
    ) in printed(with_text(text))


@pytest.mark.parametrize("section", SECTIONS)
def test_any_section_can_be_put_in_place(section: str) -> None:
    situation = with_text("What we say ourselves.", section)
    numbers = count_figures(situation)
    told = text_of(exhibit(situation, numbers)) + text_of(form_sd(situation, numbers))
    assert told.count("What we say ourselves.") == 1
    assert placed_sections(situation, numbers).left_out == ()


def test_every_section_has_a_template_and_every_template_of_the_documents_is_a_section_or_prescribed() -> None:
    filing = Path(str(files("tracelode.report.filing")))
    ours = {path.name for folder in ("exhibit", "form_sd") for path in (filing / folder).rglob("*.j2")}
    named = {template.rpartition("/")[2] for template in SECTIONS.values()}
    prescribed = {f"{name.replace('-', '_')}.j2" for name in PRESCRIBED}
    assert ours == named | prescribed | {"exhibit-1-01.htm.j2", "form-sd.htm.j2"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ figures.smelters.totl }}", "line 1: there is no figures.smelters.totl (is total"),
        ("\n\n{{ figurs.smelters.total }}", "line 3: there is no 'figurs' (is figures meant?)"),
        ("{{ claims.everybody_respond }}", "line 1: there is no claims.everybody_respond (is everybody_responded"),
        ("{% if claims.nobody %}a{% endif %}", "there is no claims.nobody"),
        ("{{ words.initiativ }}", "(is initiative or initiative_short meant?)"),
        ("{{ registrant.nme }}", "(is name"),
        ("{{ figures.year | in_word }}", "line 1: there is no filter 'in_word' (is in_words meant?)"),
        ("{{ figures.smelters.total.more }}", "what stands before .more has no parts"),
        ("{{ figures['smelter']['total'] }}", "there is no figures.smelter (is smelters or"),
        ("a\n{% if claims.somebody_surveyed %}\nb", "line 3: Unexpected end of template"),
        ("{{ }}", "line 1: Expected an expression"),
        ("{{ figures.smelters }}", "prints a claim or a group of figures"),
        ("{% if claims.all_active %}{{ claims.all_active }}{% endif %}", "prints a claim or a group"),
        ("{% if not claims.all_active %}{{ figures.smelters | in_words }}{% endif %}", "cannot be printed"),
        ("{{ figures.smelters.by_metal.Tin | counted }}", "cannot be printed"),
        ("{% for a in figures.year %}a{% endfor %}", "a loop goes over a group of figures"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_comes_close(text: str, problem: str) -> None:
    assert [told for told in refused(text) if problem in told], refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ range(1000000000) }}", "{% for a in range(10**9) %}a{% endfor %}", "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}", "{% set a = 'b' %}", "{% include 'limits.j2' %}", "{% import 'a' as b %}",
        "{% extends 'cover.j2' %}", "{% macro a() %}{% endmacro %}", "{% block a %}{% endblock %}",
        "{{ figures.items() }}", "{{ figures.items }}", "{{ figures.declarations.template_versions.items }}",
        "{{ ''.__class__.__mro__ }}", "{{ figures.__class__ }}", "{{ self }}", "{{ config }}", "{{ lipsum }}",
        "{{ cycler }}", "{{ 'a' ~ 'b' }}", "{{ ['a'] | listed }}", "{{ {'a': 1} }}", "{{ '%999999999d' % 1 }}",
        "{{ 'a' | format }}", "{{ 'a' | center(1000000000) }}", "{{ 'a' | attr('b') }}", "{{ 'a' is defined }}",
        "{% filter upper %}a{% endfilter %}", "{% call a() %}{% endcall %}", "{{ (1).__add__ }}", "{{ 'abc'[0:2] }}",
        "{% for a in figures.smelters.by_metal %}{% for b in figures.smelters.by_metal %}"
        "{% for c in figures.smelters.by_metal %}a{% endfor %}{% endfor %}{% endfor %}",
        "{% for a, b in figures.smelters.by_metal %}a{% endfor %}", "{{ 'a' if " + "not " * 100 + "true }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "{{ 1" + " + 1" * 3000 + " }}", "{{ " + "9" * 6000 + " }}",
        "{{ 1" + " | in_words" * 1000 + " }}", "x" * (MAX_CHARACTERS + 1), "{% autoescape false %}a{% endautoescape %}",
        *(f"{{% for a in {group} %}}b{{% endfor %}}" for group in
          ("'" + "a" * 9_000 + "'", "'cba' | sort", "registrant.name | sort", "registrant.name + registrant.name",
           "'abc' if claims.everybody_responded else 'ab'", "figures.metals.in_products | listed")),
    ],
)  # fmt: skip
def test_what_reaches_for_more_is_refused_before_it_runs(text: str) -> None:
    assert refused(text)


def test_what_is_no_text_or_no_section_is_refused() -> None:
    with pytest.raises(ReferenceRefusedError, match=r"there is no section 'future-step'; there are introduction, "):
        own("a", "future-step")
    with pytest.raises(ReferenceRefusedError, match=r"the cover is the form's own"):
        own("a", "cover")
    with pytest.raises(ReferenceRefusedError, match=r"section-annex-1.txt is the text above it"):
        own("a", "annex-1-table")
    with pytest.raises(ReferenceRefusedError, match=r"not UTF-8 text \(byte 1\)"):
        parse_own_section("limits", "section-limits.txt", b"a\xff")
    with pytest.raises(ReferenceRefusedError, match=r"longer than"):
        parse_own_section("limits", "section-limits.txt", b"a" * (MAX_SECTION_BYTES + 1))


def test_a_file_s_name_says_which_section_it_is_for_however_it_is_written() -> None:
    for name in ("section-future-steps.txt", "Section_Future_Steps.TXT", "section future steps.txt"):
        assert take(name, b"We go on.").content == OwnSection("future-steps", name, "We go on.")
    assert take("section-step-1-management-systems.txt", b"a").content.section == "step-1-management-systems"


@pytest.mark.parametrize("blank", ["", "  \n\n", "\ufeff"])
def test_a_blank_file_removes_nothing_and_brings_our_text_back(blank: str) -> None:
    # WHEN
    taken = take(FILE, blank.encode())
    # THEN
    assert taken.notes == ("blank: the section has the text again that it has without this file",)
    assert printed(with_text(blank)) == printed(the_filing())
    assert left_out(with_text(blank)) == []


def test_a_text_that_prints_nothing_is_left_out_and_ours_stands() -> None:
    situation = with_text("{% if claims.all_active %}All are active.{% endif %}")
    assert left_out(situation) == ["prints nothing as the figures stand"]
    assert printed(situation) == printed(the_filing())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Of 310 smelters, 240 were compliant.", "states 240 where figures.smelters.conformant is 241"),
        ("We identified 309 facilities.", "states 309 where figures.smelters.total is 310"),
        ("There were 15 active smelters.", "states 15 where figures.smelters.active is 14"),
        ("Our suppliers named 134 gold refiners.", "states 134 where figures.smelters.by_metal.Gold.total is 135"),
        ("Five facilities of indeterminable status are located in Africa.", "states 5 where the number of facilities"),
        ("We asked eight suppliers to answer.", "states 8 where figures.suppliers.responded is 7"),
        ("We surveyed six direct suppliers.", "states 6 where figures.suppliers.surveyed is 7"),
        ("This is a response rate of 86%.", "states 86 where figures.suppliers.response_rate_percent is 100"),
        ("Of the suppliers surveyed, 82% responded.", "states 82 where figures.suppliers.response_rate_percent"),
        ("We received responses from 82 % of our suppliers.", "states 82 where figures.suppliers.response_rate"),
        ("Eighty-two percent of our suppliers replied.", "states 82 where figures.suppliers.response_rate_percent"),
        ("The response rate came to 99%.", "states 99 where figures.suppliers.response_rate_percent is 100"),
        ("Five out of seven suppliers replied.", "states 5 where figures.suppliers.responded is 7"),
        ("Nine suppliers were in scope.", "states 9 where figures.suppliers.surveyed is 7"),
        ("We identified three hundred and twelve smelters.", "states 312 where figures.smelters.total is 310"),
        ("82 % of the facilities are compliant.", "states 82 where the share of figures.smelters.conformant is 77.7"),
        (
            "Ninety percent of tin smelters were compliant or active.",
            "states 90 where the share of figures.smelters.by_metal.Tin.conformant + figures.smelters.by",
        ),
        ("100% of our smelters are conformant.", "states 100 where the share of figures.smelters.conformant"),
        (
            "For gold we identified 134 refiners and for tin 84 smelters.",
            "states 134 where figures.smelters.by_metal.Gold.total is 135",
        ),
        (
            "For gold we identified 135 refiners and for tin 85 smelters.",
            "states 85 where figures.smelters.by_metal.Tin.total is 84",
        ),
        ("Our 241 conformant facilities include 90 gold refiners.", "states 90 where figures.smelters.by_metal.Gold"),
        ("Approximately 60% of the 309 facilities identified were conformant.", "states 309 where figures.smelters."),
        ("We had a 95 percent response rate.", "states 95 where figures.suppliers.response_rate_percent is 100"),
        ("- {{ figures.smelters.active }} smelters were compliant", "states 14 where figures.smelters.conformant is"),
    ],
)
def test_a_number_that_is_not_true_keeps_the_text_from_print(text: str, reason: str) -> None:
    situation = with_text(text)
    assert [told for told in left_out(situation) if told.startswith(reason)], left_out(situation)
    assert printed(situation) == printed(the_filing())


@pytest.mark.parametrize(
    "text",
    [
        "Of 310 smelters, 241 were compliant, 14 were active and 55 were on neither list.",
        "Of these 55 facilities, four are located in Africa.",
        "All seven suppliers responded, a response rate of 100%.",
        "We identified three hundred and ten smelters and refiners, and one hundred percent of our suppliers answered.",
        "For gold we identified 135 refiners and for tin 84 smelters.",
        "Our 241 conformant facilities include 93 gold refiners.",
        "Approximately 78% of the 310 facilities identified were conformant.",
        "78% of the facilities are compliant, and 86% of tin smelters were compliant or active.",
        "Of the suppliers that responded, 40% answered in a second language, and 12% of the sampled CMRTs had errors.",
        "We trained twelve employees, visited 3 smelters and asked 2 mines in 2015.",
        "During the year 22 smelters were removed, and three new suppliers answered.",
        "The status of 9 smelters changed: 5 smelters are now active.",
        "{{ figures.smelters.total }} smelters were identified.",
    ],
)
def test_a_number_that_is_true_or_counts_something_else_prints(text: str) -> None:
    assert left_out(with_text(text)) == []


def test_a_text_grows_stale_with_the_data_and_prints_again_with_them() -> None:
    # GIVEN
    text = "We know of 1 smelter that is compliant."
    fresh = interpretation([answered("s1")], [facility()])
    stale = interpretation([answered("s1")], [facility(), facility(Mineral.GOLD, 2, Status.CONFORMANT)])
    # THEN
    assert text in printed(with_text(text, situation=fresh))
    assert text not in printed(with_text(text, situation=stale))


def test_the_index_page_and_the_manifest_say_what_is_left_out_and_why() -> None:
    # WHEN
    files = build_report_set(with_text("Of 310 smelters, 240 were compliant."), software_version="1")
    # THEN
    page = files["index.html"].decode()
    assert "Mend one text of your own that is not printed" in page
    assert "states 240 where figures.smelters.conformant is 241" in page
    (told,) = json.loads(files["manifest.json"])["own_sections"]
    assert (told["section"], told["file"], told["printed"]) == ("future-steps", FILE, False)
    assert told["reasons"][0].startswith("states 240 where")


def test_a_text_of_the_profile_that_a_section_of_its_own_replaces_is_not_asked_for() -> None:
    for text, asked_for in (("Onwards.", False), ("We identified 309 facilities.", True)):
        page = build_report_set(with_text(text), software_version="1")["index.html"].decode()
        (line,) = [line for line in page.split("\n") if "The profile has no text of yours for" in line]
        assert ("future steps" in line) == asked_for


def test_the_manifest_names_what_is_printed() -> None:
    files = build_report_set(with_text("Onwards."), software_version="1")
    assert json.loads(files["manifest.json"])["own_sections"] == [
        {"section": "future-steps", "file": FILE, "printed": True}
    ]
    assert "of your own that" not in files["index.html"].decode()


def test_a_figure_that_is_not_known_this_year_keeps_the_text_from_print_only_where_it_is_asked_for() -> None:
    asks = with_text("Since last year {{ figures.last_year.added | in_words }} were added.")
    guards = with_text(
        "{% if claims.last_year_known %}{{ figures.last_year.added }} more.{% else %}No past.{% endif %}"
    )
    assert left_out(asks) == ["a figure of it is not there: 'dict object' has no attribute 'last_year'"]
    assert "No past." in printed(guards)


def test_a_name_that_depends_on_the_data_is_known_when_it_is_there() -> None:
    assert "Seven came." in printed(
        with_text("{{ figures.declarations.template_versions['4.20'] | in_words | capitalized }} came.")
    )
    assert left_out(with_text("{{ figures.declarations.template_versions['9.9'] }} came."))


def test_what_a_text_prints_is_bounded() -> None:
    loop = "{% for a in figures.smelters.by_metal %}" + "x" * 15_000 + "{% endfor %}"
    assert refused(loop) == [f"prints more than {MAX_PRINTED:,} characters"]


def test_a_text_sees_nothing_of_our_templates_names() -> None:
    assert refused("{{ narrative.policy }}")
    assert refused("{{ section('limits') }}")
    assert "Limits of This Report" in printed(the_filing())
    assert render("report/filing/own_text.j2", blocks=()) == ""


NAMES = {
    "figures": {"total": 3, "groups": {"Tin": {"n": 1}, "Gold": {"n": 2}}, "metals": ["Tin", "Gold"]},
    "claims": dict.fromkeys(Claims.names(), True),
    "words": {},
    "registrant": {"name": "A & B"},
}

FILING = the_filing()
FIGURES = count_figures(FILING)
PIECES = st.sampled_from(
    [
        "{{ figures.smelters.total }}", "{{ figures.declarations.template_versions | length }}", "- ", "\n\n", "310",
        "{% if claims.everybody_responded %}", "{% for metal in figures.smelters.by_metal %}", "{{ metal }}",
        "{% endif %}", "{% endfor %}", "{{ registrant.name }}", "{{ figures.year + 1 }}", "{{ words.conformant }}",
        "{{ figures.smelters.by_metal[metal].total | in_words | capitalized }}", " smelters ",
        "{{ figures.data_cut_off",
        "{{ figures.metals.in_products | sort | listed }}", "{{ figures.last_year.added }}", "{{ 1 if claims else 2 }}",
    ]
)  # fmt: skip
"""Texts of these are often accepted; of single letters almost none with a brace is."""


@examples(3)
@given(
    st.lists(PIECES, max_size=8).map("".join)
    | st.text(alphabet="{}%# figures.totalgroupsTinif endifforin|_()[]'\"0123456789+-*~\n", max_size=120)
)
def test_whatever_is_written_is_answered_or_printed(text: str) -> None:
    try:
        section = parse_own_section("limits", "section-limits.txt", text.encode())
    except ReferenceRefusedError:
        return
    # A text that was accepted prints with the figures of any year, or is left out with a reason.
    told = replace(FILING, facts=replace(FILING.facts, sections=(section,)))
    placed = placed_sections(told, FIGURES)
    assert set(placed.texts) | {left.section for left in placed.left_out} == ({"limits"} if text.strip() else set())


def test_the_filters_are_those_that_the_docs_name() -> None:
    assert set(FILTERS) == {
        "in_words", "grouped", "counted", "pluralized", "listed", "capitalized", "long_date", "length", "sort",
    }  # fmt: skip
    with pytest.raises(NotPrintableError):
        blocks_of("{{ figures.nothing }}", NAMES)


ROOT = Path(__file__).parents[3]
GROUPS = re.findall(
    r"^\| `(figures[\w.]*)` \| (.*) \|$", (ROOT / "docs" / "FILING.md").read_text("utf-8"), re.MULTILINE
)
NAMED = [
    f"{group}.{name}" for group, names in GROUPS for name in re.findall(r"`([^`]+)`", names) if ".json" not in name
]


def test_the_docs_name_every_group_of_figures() -> None:
    compared = replace(FILING, facts=replace(FILING.facts, last_year=LastYear({})))
    named = figures_by_name(count_figures(compared))
    groups = {f"figures.{name}" for name, member in named.items() if isinstance(member, dict)}
    assert {"figures", *groups} == {group for group, _ in GROUPS}


@pytest.mark.parametrize("name", NAMED)
def test_a_figure_that_the_docs_name_is_there_under_that_name(name: str) -> None:
    assert own(f"We go on.{{% if {name} == 0 %}} There is none.{{% endif %}}")
