"""Form SD and Exhibit 1.01 print true sentences only, whatever the situation."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given

from tests.properties import examples
from tests.unit.picture.test_figures import situations
from tests.unit.report.factories import (
    Answers,
    answered,
    facility,
    interpretation,
    profile,
    submission,
    supplier,
    the_filing,
    unidentified,
)
from tests.unit.report.prose import dates_in, numbers_in, numbers_of, prose_of, text_of, without_names
from tracelode.minerals import Mineral
from tracelode.picture.facilities import Facility
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.filing.filing import FACILITIES_NAMED_AT_MOST, exhibit, form_sd
from tracelode.smelters.status import Assessment, Listing, Status, Vocabulary
from tracelode.sources.program import Narrative, Program, Risk
from tracelode.submission import State

INDETERMINABLE = Status.INDETERMINABLE


def exhibit_of(situation: Interpretation) -> str:
    return prose_of(exhibit(situation, count_figures(situation)))


def form_of(situation: Interpretation) -> str:
    return text_of(form_sd(situation, count_figures(situation)))


def suppliers(count: int, **details: object) -> list:
    return [answered(f"s{number:04d}", **details) for number in range(count)]


def waiting(count: int, start: int = 5000) -> list:
    return [supplier(f"s{number:04d}") for number in range(start, start + count)]


def several(count: int, status: Status, country: str = "CHINA", metal: Mineral = Mineral.TIN, start: int = 1) -> list:
    return [facility(metal, number, status, country, suppliers=("s0000",)) for number in range(start, start + count)]


SITUATIONS = {
    "nobody surveyed": (
        interpretation(),
        ["No supplier was within the scope"],
        ["response rate", "Another", "facilities”)", "Annex I.", "Covered Country."],
    ),
    "nobody responded": (
        interpretation(waiting(3)),
        ["our three suppliers", "No readable CMRT has been returned", "pursue the declarations that are still missing"],
        ["response rate", "at company level", "we have reason to believe", "received through"],
    ),
    "one supplier, and it responded": (
        interpretation(suppliers(1)),
        ["We asked one supplier to complete a CMRT, and it did: a response rate of 100%", "it depends on its own"],
        ["all one", "one suppliers"],
    ),
    "both responded": (interpretation(suppliers(2)), ["and both did: a response rate of 100%"], ["all two"]),
    "six of seven": (
        interpretation(suppliers(6) + waiting(1)),
        ["our seven suppliers", "six of them did: a response rate of 86%", "One supplier had not answered"],
        ["100%", "all seven"],
    ),
    "199 of 200 is not everybody": (
        interpretation(suppliers(199) + waiting(1)),
        ["199 of them did: a response rate of 99%"],
        ["100%", "all 200"],
    ),
    "two thousand suppliers": (interpretation(suppliers(2000)), ["our 2,000 suppliers", "all 2,000 did"], ["2000"]),
    "one unreadable": (
        interpretation([*suppliers(1), supplier("z", rejected=submission("z", state=State.REJECTED))]),
        ["One supplier sent a file that could not be read", "one of them did: a response rate of 50%"],
        ["had not answered", "100%"],
    ),
    "everything unreadable": (
        interpretation([supplier("z", rejected=submission("z", state=State.REJECTED))]),
        ["No readable CMRT has been returned", "One supplier sent a file that could not be read"],
        ["response rate", "Conflict Minerals in the products supplied"],
    ),
    "two need correction": (
        interpretation(suppliers(3) + [answered(f"t{n}", state=State.NEEDS_CORRECTION) for n in (1, 2)]),
        ["the responses of two suppliers need correction", "pursue the corrections", "all five did"],
        ["needs correction."],
    ),
    "one needs correction": (
        interpretation([answered("s1", state=State.NEEDS_CORRECTION)]),
        ["the response of one supplier needs correction", "the response that needs it"],
        [],
    ),
    "nothing to correct": (interpretation(suppliers(2)), [], ["correction.", "pursuing the correction"]),
    "one metal": (
        interpretation(suppliers(2, answers=Answers(metals=(Mineral.TIN,)))),
        ["the Conflict Mineral in the products supplied to us is cassiterite, or tin derived from it."],
        ["are cassiterite", "supplied to us are"],
    ),
    "gold alone has no derivative": (
        interpretation(suppliers(2, answers=Answers(metals=(Mineral.GOLD,)))),
        ["the Conflict Mineral in the products supplied to us is gold."],
        ["derived from"],
    ),
    "gold and tin": (
        interpretation(suppliers(2, answers=Answers(metals=(Mineral.TIN, Mineral.GOLD)))),
        ["are gold and cassiterite, or tin derived from cassiterite."],
        [],
    ),
    "no metal": (
        interpretation(suppliers(2, answers=Answers(metals=()))),
        ["No declaration that we have received states that a Conflict Mineral that is necessary to them is contained"],
        ["we have reason to believe", "According to the declarations"],
    ),
    "nothing from covered countries": (
        interpretation(suppliers(2, answers=Answers(covered="No"))),
        ["Two suppliers reported that they do not source", "state that it does not originate in the Covered Countries"],
        ["may have originated", "Another"],
    ),
    "everything recycled": (
        interpretation(suppliers(2, answers=Answers(recycled="Yes"))),
        ["or that it comes from recycled or scrap sources."],
        ["may have originated", "do not source"],
    ),
    "one attests and nobody says no": (
        interpretation([answered("s1", attests=True), answered("s2")]),
        ["One supplier informed us that"],
        ["Another", "do not source", "does not source"],
    ),
    "two others attest": (
        interpretation(
            [answered("s1", answers=Answers(covered="No")), answered("s2", attests=True), answered("s3", attests=True)]
        ),
        ["One supplier reported that it does not source", "Two others informed us", "they source only from"],
        ["Another"],
    ),
    "who says no attests as well": (
        interpretation([answered("s1", answers=Answers(covered="No"), attests=True)]),
        ["One supplier reported that it does not source", "One supplier informed us"],
        ["Another", "others informed"],
    ),
    "all product-level": (
        interpretation(suppliers(3, scope="B"), several(2, Status.ACTIVE)),
        ["All declarations that we received were made at product level"],
        ["company level", "We encourage our suppliers to declare at product level", "encourage declarations at"],
    ),
    "all company-level": (
        interpretation(suppliers(3), several(2, Status.ACTIVE)),
        ["made at company level only", "We encourage our suppliers to declare at product level"],
        ["made at product level"],
    ),
    "mixed scopes": (
        interpretation([*suppliers(2), answered("t", scope="B"), answered("u", scope="C"), answered("v", scope="")]),
        [
            "Of the five declarations in force, one was made at product level, two at company level, one for a scope "
            "of the supplier’s own definition and one without stating a scope."
        ],
        ["at company level only", "All declarations that we received were"],
    ),
    "all user-defined": (
        interpretation(suppliers(2, scope="C")),
        ["none was made at product level and two for a scope of the supplier’s own definition"],
        ["only at company level"],
    ),
    "all conformant": (
        interpretation(suppliers(1), several(12, Status.CONFORMANT)),
        ["The CMRT received names 12 smelters and refiners", "All of them were listed by CFSI as compliant",
         "No supplier names a"],
        ["active,", "remaining", "We looked at where", "“Active”", "“Indeterminable”", "no evidence"],
    ),
    "one facility": (
        interpretation(suppliers(1), several(1, Status.CONFORMANT)),
        ["The CMRT received names one smelter or refiner", "It was listed by CFSI as compliant"],
        ["All of them", "one smelters"],
    ),
    "all active": (
        interpretation(suppliers(1), several(3, Status.ACTIVE)),
        ["All of them were listed as active with the CFSP"],
        ["as compliant with", "“Compliant”", "remaining"],
    ),
    "none indeterminable": (
        interpretation(suppliers(1), several(3, Status.ACTIVE) + several(1, Status.CONFORMANT, start=50)),
        ["one was listed by CFSI as compliant", "three were listed as active"],
        ["status is indeterminable", "“Indeterminable”", "remaining", "We looked at where", "greater risk, because"],
    ),
    "one indeterminable, at no risk": (
        interpretation(suppliers(1), several(1, INDETERMINABLE)),
        ["It lies outside of Africa, the place that we treat as being of higher risk."],
        ["Most of them", "may present a greater risk", "None of them"],
    ),
    "one indeterminable, at risk, in a covered country": (
        interpretation(suppliers(1), several(1, INDETERMINABLE, "RWANDA")),
        ["It may present a greater risk, because it is located in Africa: Tin Works No. 1 (tin, Rwanda).",
         "Rwanda is a Covered Country."],
        ["outside of", "Most of them", "they are"],
    ),
    "none at risk": (
        interpretation(suppliers(1), several(4, INDETERMINABLE) + several(1, Status.ACTIVE, start=50)),
        ["All of them lie outside of Africa, the place that we treat as being of higher risk."],
        ["may present a greater risk", "Most of them", "Covered Country."],
    ),
    "all at risk": (
        interpretation(suppliers(1), several(3, INDETERMINABLE, "SUDAN")),
        ["All of them may present a greater risk, because they are located in Africa", "None of these is in a Covered"],
        ["outside of", "Most of them"],
    ),
    "half at risk is not most": (
        interpretation(suppliers(1), several(2, INDETERMINABLE) + several(2, INDETERMINABLE, "ZAMBIA", start=50)),
        ["Two of them lie outside of Africa", "Both of these are in a Covered Country (Zambia)"],
        ["Most of them"],
    ),
    "one of three at risk": (
        interpretation(suppliers(1), several(2, INDETERMINABLE) + several(1, INDETERMINABLE, "SUDAN", start=50)),
        ["Most of them, two, lie outside of Africa", "One may present a greater risk, because it is located",
         "It is not in a Covered Country."],
        ["None of these"],
    ),
    "too many at risk to name": (
        interpretation(suppliers(1), several(FACILITIES_NAMED_AT_MOST + 1, INDETERMINABLE, "SUDAN")),
        ["because they are located in Africa. They are in Sudan."],
        ["Tin Works No. 1 ("],
    ),
    "no place counts as risky": (
        interpretation(suppliers(1), several(3, INDETERMINABLE), program=profile(risk=Risk(continents=()))),
        ["All of them were on neither", "All of them lie outside of the Covered Countries."],
        ["higher risk", "greater risk, because"],
    ),
    "a country nobody understands": (
        interpretation(suppliers(1), several(1, INDETERMINABLE, "Nowhereland") + several(1, INDETERMINABLE, start=9)),
        ["The location of one facility of indeterminable status is not known to us.",
         "One of them lies outside of Africa"],
        ["All of them lie", "Most of them"],
    ),
    "a risky country beside a risky continent": (
        interpretation(
            suppliers(1),
            [
                *several(1, INDETERMINABLE, "SUDAN"),
                facility(
                    Mineral.GOLD, 7, INDETERMINABLE, "UNITED ARAB EMIRATES", risky=frozenset({"Asia"}), name="Gulf Gold"
                ),
            ],
            program=profile(risk=Risk(("Africa",), ("AE",))),
        ),
        ["located in Africa and the United Arab Emirates", "Gulf Gold (gold, the United Arab Emirates)"],
        ["low risk"],
    ),
    "one line unidentified": (
        interpretation(suppliers(1), names=[unidentified()]),
        ["also holds one entry that does not identify a smelter", "identifies no smelter or refiner"],
        ["entries"],
    ),
    "three lines unidentified": (
        interpretation(suppliers(1), several(1, Status.ACTIVE), [unidentified(lines=3)]),
        ["also holds three entries that do not identify", "They do not count as facilities"],
        ["no smelter or refiner by"],
    ),
    "status list without a date": (
        interpretation(suppliers(1), several(2, Status.CONFORMANT), as_of=None),
        ["as compliant with the CFSP."],
        [" as of "],
    ),
    "today's vocabulary": (
        interpretation(
            suppliers(1),
            [facility(vocabulary=Vocabulary.RMAP, suppliers=("s0000",))],
            program=profile(year=2024, vocabulary=Vocabulary.RMAP),
        ),
        ["Responsible Minerals Initiative (“RMI”)", "as conformant with the RMAP", "“Conformant”"],
        ["CFSI", "CFSP", "ompliant"],
    ),
    "the registrant's own term": (
        interpretation(suppliers(7), program=profile(narrative=Narrative(supplier_term="contract manufacturers"))),
        ["our seven contract manufacturers", "all seven did"],
        ["our seven suppliers"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_exhibit_says_what_is_true_and_nothing_else(name: str) -> None:
    situation, true, false = SITUATIONS[name]

    told = exhibit_of(situation)

    assert [sentence for sentence in true if sentence not in told] == []
    assert [sentence for sentence in false if sentence in told] == []


@pytest.mark.parametrize("name", SITUATIONS)
def test_every_number_in_the_exhibit_stands_in_the_figures(name: str) -> None:
    situation = SITUATIONS[name][0]
    told = without_names(exhibit_of(situation), situation)
    figures_of_it = count_figures(situation)

    assert numbers_in(told) - set(numbers_of(figures_of_it)) == set()
    known_days = {figures_of_it.data_cut_off, figures_of_it.smelter_list.as_of}
    assert {day.isoformat() for day in dates_in(told)} <= known_days


@examples(0.6)
@given(situations)
def test_in_any_situation_every_number_stands_in_the_figures(situation: Interpretation) -> None:
    told = without_names(exhibit_of(situation), situation)
    figures_of_it = count_figures(situation)

    assert numbers_in(told) - set(numbers_of(figures_of_it)) == set()
    assert (" 100%" in told) == (figures_of_it.suppliers.response_rate == 1.0)
    assert ("Most of them" in told) == (
        0 < figures_of_it.smelters.indeterminable < 2 * figures_of_it.smelters.indeterminable_elsewhere
        and figures_of_it.smelters.indeterminable_elsewhere < figures_of_it.smelters.indeterminable
    )
    assert ("No supplier names a facility of indeterminable" in told) == (
        bool(situation.facilities)
        and figures_of_it.metals.in_products_count > 0
        and not figures_of_it.smelters.indeterminable
    )


@examples(0.6)
@given(situations)
def test_in_any_situation_sentences_are_well_formed(situation: Interpretation) -> None:
    for told in (exhibit_of(situation), form_of(situation)):
        for slip in (" ,", " .", "..", "( ", " )", ",,", ")and", "of of", "None ", "{{", "{%", " ;"):
            assert slip not in told.replace("None of", "").replace("________.", "")


def test_the_exhibit_holds_every_derived_number_of_the_filing() -> None:
    told = exhibit_of(the_filing(narrative=Narrative(supplier_term="contract manufacturers")))

    for sentence in (
        "our seven contract manufacturers to complete a CMRT, and all seven did: a response rate of 100%",
        "One contract manufacturer reported that it does not source Conflict Minerals from the Covered Countries",
        "Another informed us that",
        "name 310 smelters and refiners",
        "241 were listed by CFSI as compliant with the CFSP as of March 31, 2017",
        "14 were listed as active",
        "the remaining 55 were on neither the list of compliant nor the list of active facilities",
        "Most of them, 51, lie outside of Africa, the place that we treat as being of higher risk",
        "Four may present a greater risk, because they are located in Africa: "
        "Fidelity Printers and Refiners Ltd. (gold, Zimbabwe), Sudan Gold Refinery (gold, Sudan), "
        "Universal Precious Metals Refining Zambia (gold, Zambia) and Phoenix Metal Ltd. (tin, Rwanda).",
        "Of these, two are in Covered Countries (Rwanda and Zambia).",
        "All declarations that we received were made at company level only, not for the Covered Products.",
        "are gold, columbite-tantalite (coltan), cassiterite and wolframite",
    ):
        assert sentence in told


def test_the_annex_lists_the_facilities_in_their_order() -> None:
    situation = the_filing()
    annex = text_of(exhibit(situation, count_figures(situation))).split("\nANNEX I ")[1].split("\n")[2:]

    assert len(annex) == 310
    assert annex == [
        f"{item.facility.metal} {item.name} {item.printed_country} {item.printed_status}"
        for item in situation.facilities
    ]


def test_a_facility_without_a_country_keeps_its_status_in_the_last_column() -> None:
    situation = interpretation(suppliers(1), [facility(country="", name="EM Vinto")])

    assert "Tin EM Vinto not stated Compliant" in text_of(exhibit(situation, count_figures(situation)))


def test_a_form_for_2016_has_the_exhibits_under_item_2_01() -> None:
    told = form_of(the_filing())

    assert "Section 2 – Exhibits\nItem 2.01 Exhibits" in told
    assert "listed under Item 2.01" in told
    assert "Item 3.01" not in told
    assert "13q-1" not in told


@pytest.mark.parametrize("year", [2020, 2024])
def test_a_form_under_the_rule_of_2020_has_the_exhibits_under_item_3_01(year: int) -> None:
    told = form_of(the_filing(year=year, vocabulary=Vocabulary.RMAP))

    assert "Item 2.01 Resource Extraction Issuer Disclosure and Report\nNot applicable." in told
    assert "Section 3 – Exhibits\nItem 3.01 Exhibits" in told
    assert "listed under Item 3.01" in told
    assert "☐ Rule 13q-1" in told
    assert "☒ Rule 13p-1 under the Securities Exchange Act (17 CFR 240.13p-1) for the reporting period from " in told


def test_the_cover_and_the_signature_block_hold_the_profile() -> None:
    told = form_of(the_filing())

    for text in ("Example Devices, Inc.", "Delaware", "000-00000", "00-0000000", "(555) 555-0100", "May 26, 2017"):
        assert text in told
    assert "By: /s/ Jane Doe" in told
    assert "[" not in told


def test_an_empty_profile_prints_bracketed_blanks() -> None:
    situation = interpretation(suppliers(1), program=Program(2016, Vocabulary.CFSP_2016))

    assert "[name of registrant]" in form_of(situation)
    assert "By: [signature]" in form_of(situation)
    assert "[date of signature]" in form_of(situation)
    assert "[description of the products that the report covers]" in exhibit_of(situation)
    assert "[web page of the conflict minerals policy]" in exhibit_of(situation)


def test_the_full_name_stands_in_for_a_missing_short_name() -> None:
    situation = interpretation(program=Program(2016, Vocabulary.CFSP_2016, registrant=profile().registrant))

    assert "[short name" not in form_of(situation)


def test_the_form_says_metals_in_the_order_of_the_statute() -> None:
    views = [answered("s1", answers=Answers(metals=(Mineral.TUNGSTEN, Mineral.GOLD)))]

    assert "contain gold and wolframite, or tungsten derived from wolframite" in form_of(interpretation(views))


def test_the_form_says_may_have_originated_only_where_a_declaration_says_so() -> None:
    open_ = form_of(interpretation(suppliers(2, answers=Answers(covered="Yes"))))
    unknown = form_of(interpretation(suppliers(2)))
    closed = form_of(interpretation(suppliers(2, answers=Answers(covered="No"))))

    assert "may have originated in the Covered Countries" in open_
    assert "may have originated in the Covered Countries" not in closed
    assert "may have originated in the Covered Countries" not in unknown
    assert "does not allow it to determine whether the Conflict Minerals in its products originated" in unknown
    assert "two suppliers do not know, or do not say, whether" in unknown


def test_the_form_does_not_hide_a_missing_response() -> None:
    assert "has not received a declaration from every supplier" in form_of(interpretation(suppliers(1) + waiting(1)))
    assert "has not received" not in form_of(interpretation(suppliers(1)))


def test_the_registrants_own_paragraphs_are_inserted() -> None:
    own = Narrative(
        company_overview="We make things.\n\nAnd more things.",
        covered_products="Our widgets.",
        policy="We care.",
        grievance="Call us.",
        future_steps="Onwards.",
    )

    told = exhibit_of(the_filing(narrative=own))

    assert "The Company\nWe make things.\nAnd more things." in told
    assert "Our widgets.\n“Covered Products” in this Report are those of the products just described" in told
    assert "We care." in told
    assert "Grievances. Call us." in told
    assert "Future Steps\nOnwards." in told
    assert "we intend to" not in told


def test_texts_that_the_registrant_does_not_give_are_left_out_or_neutral() -> None:
    told = exhibit_of(the_filing())

    assert "The Company\n" not in told
    assert "Grievances" not in told
    assert "Future Steps\nTo reduce the risk" in told


def test_the_inconsistencies_of_the_filing_are_not_repeated() -> None:
    told = exhibit_of(the_filing())

    assert "In 2016, we publicly filed" not in told
    assert "Jewelry" not in told
    assert told.index("Future Steps") < told.index("Limits of This Report")
    assert "as of March 31, 2017" in told


ALLOWED = {
    "html": set(), "head": set(), "title": set(), "body": set(), "br": set(), "hr": set(), "b": set(), "ul": set(),
    "li": set(), "p": {"align"}, "h1": {"align"}, "h2": {"align"}, "h3": {"align"}, "tr": set(),
    "table": {"width", "border", "cellpadding", "cellspacing"},
    "td": {"align", "valign", "width"}, "th": {"align", "valign", "width"},
}  # fmt: skip
"""What our two documents use of the HTML that EDGAR takes (EDGAR Filer Manual, volume II, 5.2.2)."""


class EdgarReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.slips: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.slips += [f"{tag} {name}" for name, _ in attrs if name not in ALLOWED.get(tag, set())]
        if tag not in ALLOWED or (tag == "table" and "table" in self.open):
            self.slips.append(tag)
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.slips.append(f"/{tag}")


def hostile_situation() -> Interpretation:
    names = [
        "<script>alert(1)</script>", "=cmd|' /C calc'!A0", '"quoted" & \'single\' &lt;', "無錫精密電子", "شركة الصهر",
        "\u202egnp.exe", "x" * 255, "nul\x00l\x1f\ud800", "</td></tr></table>", "{{ figures }}{% for %}",
    ]  # fmt: skip
    return interpretation(
        [supplier(f"s{number}", submission(f"s{number}", file=name.replace("/", "_")), name=name)
         for number, name in enumerate(names)],
        [facility(Mineral.GOLD, number, INDETERMINABLE, "SUDAN", name=name) for number, name in enumerate(names)],
        [unidentified(name) for name in names],
        program=profile(narrative=Narrative(company_overview="\n\n".join(names), supplier_term="<i>partners</i>")),
    )  # fmt: skip


@pytest.mark.parametrize(
    "situation", [the_filing(), interpretation(), hostile_situation()], ids=["the filing", "nothing", "hostile"]
)
@pytest.mark.parametrize("document", [form_sd, exhibit])
def test_both_documents_are_edgar_safe(situation: Interpretation, document) -> None:
    content = document(situation, count_figures(situation))

    assert content.isascii()
    assert not {character for character in content.decode() if character < " " and character != "\n"}
    reader = EdgarReader()
    reader.feed(content.decode())
    assert reader.slips == []
    assert reader.open == []
    for named in (b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&nbsp;", b"://", b"href", b"src="):
        assert named not in content


def test_hostile_names_are_printed_as_names() -> None:
    situation = hostile_situation()
    annex = text_of(exhibit(situation, count_figures(situation))).split("\nANNEX I ")[1]

    for name in ("<script>alert(1)</script>", "無錫精密電子", "شركة الصهر", "{{ figures }}", "x" * 255, "&lt;"):
        assert name in annex
    assert "\u202e" not in annex


def test_the_day_of_the_newest_response_is_the_cut_off() -> None:
    views = [
        answered("s1", received="2017-03-02T10:00:00.000Z"),
        answered("s2", received="2017-04-07T10:00:00.000Z"),
    ]

    assert "received through April 7, 2017" in exhibit_of(interpretation(views))
    assert dates_in("on April 7, 2017 and to December 31, 2016") == {date(2017, 4, 7)}


def test_facilities_outside_of_the_risk_places_are_counted_by_list_and_not_called_safe() -> None:
    listed = [
        replace(one, risk_lists=lists)
        for one, lists in zip(
            several(4, INDETERMINABLE) + several(1, INDETERMINABLE, "RWANDA", start=50),
            [("EU CAHRA", "Ours"), ("Ours",), ("Ours",), (), ("EU CAHRA",)],
            strict=True,
        )
    ]
    risk = Risk(("Africa",), lists={"EU CAHRA": ("RW", "CN"), "Ours": ("CN",), "Nobody's": ("FR",)})
    told = exhibit_of(interpretation(suppliers(2), listed, program=profile(risk=risk)))

    assert "Most of them, four, lie outside of Africa, the place that we treat as being of higher risk." in told
    assert (
        "Of these, one lies in a country on “EU CAHRA” and three lie in a country on “Ours”, lists that we follow."
        in told
    )
    assert "Nobody's" not in told
    one = exhibit_of(interpretation(suppliers(2), listed[:1], program=profile(risk=risk)))
    assert "It lies in a country on “EU CAHRA” and “Ours”, lists that we follow." in one


def test_dates_of_statuses_that_differ_are_a_range_and_other_programs_are_named() -> None:
    def listed(one: Facility, day: date | None, **details: object) -> Facility:
        assert one.listed
        return replace(one, listed=replace(one.listed, as_of=day, **details))

    conformant = several(3, Status.CONFORMANT)
    found = [
        listed(conformant[0], date(2017, 1, 31), listed_as=Listing.CROSS_RECOGNIZED, assessment=Assessment("LBMA")),
        listed(conformant[1], date(2017, 2, 1), assessment=Assessment("RJC")),
        listed(conformant[2], None, assessment=Assessment("RMAP")),
        listed(several(1, Status.ACTIVE, start=9)[0], date(2017, 2, 2)),
    ]
    told = exhibit_of(interpretation(suppliers(2), found))

    assert (
        "three were listed by CFSI as compliant with the CFSP or with a program that it recognizes (by rows dated "
        "from January 31, 2017 to March 31, 2017);" in told
    )
    assert "one was listed as active as of February 2, 2017," in told
    assert "by the lists as of dates from January 31, 2017 to March 31, 2017." in told
    assert (
        "Not every compliant status was given under the CFSP itself: that of two rests on an assessment under another "
        "program that CFSI recognizes (LBMA or RJC)." in told
    )
    alone = exhibit_of(interpretation(suppliers(2), found[:1]))
    assert "What is compliant here is so by an assessment under another program that CFSI recognizes (LBMA)" in alone
    assert "as of January 31, 2017" in alone


def test_of_steps_one_and_three_the_registrant_s_own_words_stand_where_they_belong() -> None:
    own = Narrative(management="A team.", record_retention="Ten years.", senior_management="Twice a year.")
    told = exhibit_of(the_filing(narrative=own))

    step_1, step_3 = (told.partition(f"Step {n}.")[2].partition(f"Step {n + 1}.")[0] for n in (1, 3))
    assert "\nInternal management. A team.\n" in step_1
    assert "\nRecords. Ten years.\n" in step_1
    assert "\nTwice a year.\n" in step_3
    for absent in ("Internal management", "Records.", "Grievances"):
        assert absent not in exhibit_of(the_filing())


def test_no_policy_on_conflict_minerals_is_claimed_where_a_code_of_conduct_may_be_published() -> None:
    told = exhibit_of(the_filing())

    assert "Our policy on Conflict Minerals is available" not in told
    assert "are available, as far as we have published them, at www.example.com/policy." in told


def test_smelters_are_encouraged_through_suppliers_alone() -> None:
    told = exhibit_of(the_filing())

    assert "encourage those facilities" not in told
    assert "that name facilities of indeterminable status about them, and to work towards an independent" in told


def test_a_scope_of_its_own_is_that_of_whom_the_registrant_calls_so() -> None:
    views = [*suppliers(1, scope="C"), answered("t", scope="B")]
    told = exhibit_of(
        interpretation(views, program=profile(narrative=Narrative(supplier_term="contract manufacturers")))
    )
    assert "one for a scope of the contract manufacturer’s own definition" in told


def test_no_list_is_said_to_tell_the_origin_more_closely_than_nothing() -> None:
    assert "more closely than that" not in exhibit_of(the_filing())
    assert "so that we cannot tell the countries of origin from them." in exhibit_of(the_filing())
