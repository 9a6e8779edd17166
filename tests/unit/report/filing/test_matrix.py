"""Whatever the situation, form, exhibit and Word document print true sentences, and every number is one of ours."""

import re

import pytest

from tests.properties import times
from tests.unit.report.filing.matrix import SITUATIONS, Situation, drawn
from tests.unit.report.filing.test_word import lines_of
from tests.unit.report.prose import dates_in, numbers_in, numbers_of, prose_of, text_of, without_names
from tracelode.edgar.lint import lint
from tracelode.edgar.recount import recount_filing
from tracelode.minerals import Mineral
from tracelode.own_text.quantified import false_claims
from tracelode.picture.figures.figures import count_figures
from tracelode.printing.wording import counted, in_words, singular_of
from tracelode.report.filing.filing import FACILITIES_NAMED_AT_MOST, exhibit, form_sd
from tracelode.report.filing.word import word
from tracelode.smelters.status import Status

CASES = {**SITUATIONS, **{f"drawn {seed}": drawn(seed) for seed in range(times(0.25))}}


@pytest.fixture(params=CASES, scope="module")
def situation(request: pytest.FixtureRequest) -> Situation:
    return CASES[request.param]


@pytest.fixture(scope="module")
def built(situation: Situation):
    return situation.built()


@pytest.fixture(scope="module")
def documents(built) -> dict[str, bytes]:
    numbers = count_figures(built)
    return {"form-sd.htm": form_sd(built, numbers), "exhibit-1-01.htm": exhibit(built, numbers)}


@pytest.fixture(scope="module")
def told(documents) -> str:
    return prose_of(documents["exhibit-1-01.htm"])


@pytest.fixture(scope="module")
def form(documents) -> str:
    return text_of(documents["form-sd.htm"])


def test_there_are_at_least_thirty_that_somebody_thought_of() -> None:
    assert len(SITUATIONS) >= 30


def test_every_number_is_a_figure_or_stands_in_the_profile(situation: Situation, built, documents) -> None:
    numbers = count_figures(built)
    known = set(numbers_of(numbers)) | {built.facts.program.year}
    for document in documents.values():
        prose = without_names(prose_of(document), built)
        for own in vars_of(built.facts.program.registrant):
            prose = prose.replace(own, " ")
        assert numbers_in(prose) - known == set()
        days = {numbers.data_cut_off, numbers.smelter_list.as_of, "2017-05-26"}
        assert {day.isoformat() for day in dates_in(prose)} <= days


def vars_of(value: object) -> list[str]:
    texts = [getattr(value, name) for name in type(value).__dataclass_fields__]
    return sorted(filter(None, texts), key=len, reverse=True)


def test_edgar_takes_both_documents(documents) -> None:
    for name, document in documents.items():
        assert lint(document, name, companions=documents) == ()


def test_recounted_the_exhibit_agrees_with_itself(situation: Situation, documents) -> None:
    counted_again = recount_filing(documents["exhibit-1-01.htm"])
    assert counted_again.total == situation.total
    assert [(held.quote, held.stated, held.counted) for held in counted_again.held if not held.agrees] == []
    assert {misfit.kind for misfit in counted_again.misfits} <= {"country-unknown"}
    assert len(counted_again.misfits) == situation.unplaced


def test_no_sentence_of_ours_is_one_that_a_team_could_not_print(built, documents) -> None:
    told = [prose_of(document) for document in documents.values()]
    assert false_claims(told, built, count_figures(built)) == ()


def test_the_word_document_says_the_same(documents) -> None:
    assert lines_of(word(documents["exhibit-1-01.htm"])) == text_of(documents["exhibit-1-01.htm"])


def test_sentences_are_well_formed(documents) -> None:
    for document in documents.values():
        prose = prose_of(document).replace("________.", "").replace("{{ figures.smelters.total }}", "X")
        running = without_table_rows(prose)
        for slip in (
            " ,", " .", "..", "( ", " )", ",,", ")and", "of of", "{{", "{%", " ;", "a other", "one suppliers",
            "one facilities", "all one", "the the", "no of", ": .", "None .", " is are ", "():", "  ",
        ):  # fmt: skip
            assert slip not in running, slip
        assert not re.search(
            r"[a-z,;][(“]|[)”][a-zA-Z]|[a-z][.;:][a-zA-Z]{4}|[a-z],[a-z]", without_names_and_addresses(prose)
        )


def without_names_and_addresses(prose: str) -> str:
    return re.sub(r"\b(?:www|investor)\.[\w./]+|\((?:gold|tin|tantalum|tungsten), [^)]+\)|.*W{250}.*", "", prose)


def without_table_rows(prose: str) -> str:
    return "\n".join(line for line in prose.split("\n") if not re.search(r"[\w)] [\d,]+$", line))


def test_who_answered(situation: Situation, told: str) -> None:
    s = situation
    whom = counted(s.surveyed, singular_of(s.term), s.term)
    asked = f"We asked {'our ' if s.surveyed > 1 else ''}{whom} to complete a CMRT"
    assert (asked in told) == (s.surveyed > 0)
    assert ("was within the scope of our inquiry" in told) == (s.surveyed == 0)
    assert ("No readable CMRT has been returned to us" in told) == (s.surveyed > 0 and s.responded == 0)
    assert ("a response rate of 100%" in told) == (0 < s.surveyed == s.responded)
    percent = re.search(r"a response rate of (\d+)%", told)
    assert (percent is not None) == (s.responded > 0)
    if percent:
        exact = 100 * s.responded / s.surveyed
        assert abs(int(percent[1]) - exact) <= 0.5 or (exact > 99 and percent[1] == "99") or (exact < 1)
    if 0 < s.responded < s.surveyed:
        assert f"and {in_words(s.responded)} of them did" in told
    silent = counted(s.awaiting, singular_of(s.term), s.term)
    assert ("had not answered" in told) == (s.awaiting > 0 and s.responded > 0)
    assert s.awaiting == 0 or s.responded == 0 or f"{silent[0].upper()}{silent[1:]} had not answered" in told
    assert ("could not be read as a CMRT" in told) == (s.rejected > 0)
    assert ("correction." in told) == (s.to_correct > 0)
    assert ("We reviewed" in told) == (s.responded > 0)


def test_what_the_metals_are(situation: Situation, told: str, form: str) -> None:
    contained = situation.responded > 0 and bool(situation.metals)
    assert ("reviewed the products that it manufactured" in form) == contained
    assert bool(re.search("in the products supplied to us (is|are) ", told)) == contained
    assert ("in the products supplied to us is" in told) == (contained and len(situation.metals) == 1)
    for metal, ore in ((Mineral.GOLD, "gold"), (Mineral.TIN, "cassiterite"), (Mineral.TUNGSTEN, "wolframite")):
        sentence = re.search(r"in the products supplied to us (?:is|are) [^\n]+", told)
        assert (sentence is not None and ore in sentence[0]) == (contained and metal in situation.metals)
    assert ("is contained in the products supplied to us" in told) == (situation.responded > 0 and not situation.metals)
    assert ("No readable declaration has been returned" in form) == (situation.surveyed > 0 and not situation.responded)


def test_where_the_minerals_may_come_from(situation: Situation, told: str, form: str) -> None:
    contained = situation.responded > 0 and bool(situation.metals)
    for text in (told, form):
        assert ("may have originated in the Covered Countries" in text) == situation.gives_reason_to_believe
        assert ("that it does not originate in the Covered Countries" in text) == situation.ruled_out
    for text in (told, form):
        open_ = contained and not situation.gives_reason_to_believe and not situation.ruled_out
        assert bool(re.search("cannot (be ruled|rule) out", text)) == open_
    declining = contained and situation.covered_answer == "No"
    assert bool(re.search(r"reported that (it does|they do) not source", told)) == declining
    assert (" informed us that" in told) == (situation.attesting > 0)
    assert bool(re.search(r"(Another|others) informed us", told)) == False  # noqa: E712 - who declines attests as well


def test_what_the_facilities_are(situation: Situation, told: str) -> None:
    s = situation
    assert bool(re.search(r"received (name|names) ", told)) == (s.total > 0)
    for number, alone, phrase in (
        (s.conformant, s.total, r"(was|were) listed by \w+ as (compliant|conformant) with"),
        (s.active, s.total, r"(was|were) listed as active"),
        (s.indeterminable, s.total, r"(was|were) on neither the list"),
    ):
        found = re.search(rf"([\w,]+) {phrase}", told)
        assert (found is not None) == (number > 0)
        if found and 0 < number < alone:
            assert found[1] == in_words(number)
    assert ("All of them were listed by" in told) == (1 < s.total == s.conformant)
    assert ("“Active”" in told) == (s.active > 0)
    assert ("“Indeterminable”" in told) == (s.indeterminable > 0)
    nobody = f"No {singular_of(s.term)} names a facility of indeterminable status"
    assert (nobody in told) == (s.total > 0 and not s.indeterminable)
    assert ("not identify a smelter by metal" in told) == (s.unidentified_lines > 0)


def test_where_the_risk_lies(situation: Situation, told: str) -> None:
    s = situation
    looked = s.indeterminable > 0
    at_risk = (s.african if s.risk.continents else 0) + s.covered
    outside = s.safely_placed + (0 if s.risk.continents else s.african)
    assert ("We looked at where" in told) == looked
    assert ("present a greater risk, because" in told) == (at_risk > 0)
    assert ("Most of them," in told) == (looked and s.indeterminable / 2 < outside < s.indeterminable)
    assert ("All of them lie outside" in told) == (looked and 2 < s.indeterminable == outside)
    assert ("Both of them lie outside" in told) == (looked and 2 == s.indeterminable == outside)
    where = "Africa, the place that we treat as being of higher risk" if s.risk.continents else "the Covered Countries."
    assert bool(re.search(f"lies? outside of {where}", told)) == (looked and outside > 0)
    assert "low risk" not in told
    assert ("not known to us" in told) == (looked and s.unplaced > 0)
    assert ("Sudan)" in told) == (s.african > 0 and bool(s.risk.continents) and at_risk <= FACILITIES_NAMED_AT_MOST)
    none = re.search(r"(It is not|Neither of these is|None of these is) in a Covered Country\.", told)
    assert (none is not None) == (at_risk > 0 and s.covered == 0)
    assert bool(re.search(r"(All|Both) of these are in a Covered Country", told)) == (1 < at_risk == s.covered)


def test_what_lies_in_covered_countries_is_told_whatever_the_list_of_risk(situation: Situation, told: str) -> None:
    s = situation
    there = re.search(r"\b(?:is|are) located in (?:a Covered Country|Covered Countries): ", told)
    assert (there is not None) == (s.covered > 0)
    assert ("stated as the origin of minerals for" in told or "(Covered Country)" in told) == (
        "CD" in s.origins[: s.total]
    )


def test_at_which_level_was_declared(situation: Situation, told: str) -> None:
    s = situation
    by_scope = {scope: s.scope_count(scope) for scope in ("A", "B", "C", "")}
    assert ("made at company level only" in told) == (0 < s.responded == by_scope["A"])
    assert bool(re.search(r"received (was|were) made at product level", told)) == (0 < s.responded == by_scope["B"])
    encouraged = s.done is True and s.contained and by_scope["B"] < s.responded
    assert ("to declare at product level" in told) == encouraged
    mixed = s.responded > 1 and max(by_scope["A"], by_scope["B"]) < s.responded
    assert ("in force, " in told.split("Findings")[-1]) == mixed


def test_options_are_there_when_asked_for_and_known(situation: Situation, told: str) -> None:
    s, edition = situation, situation.edition
    assert ("The table shows how the responses stand" in told) == (edition.response_statistics and s.surveyed > 0)
    assert ("what the comparison comes to" in told) == (edition.status_counts and s.total > 0 and s.contained)
    assert ("received through" in told) == (edition.dates and s.responded > 0)
    assert (" as of " in told) == (edition.dates and s.as_of is not None and s.total > 0)
    stated = [code for code in s.origins[: s.total] if code]
    assert ("Declared origin of the mineral" in told) == (edition.declared_origins and bool(stated))
    planned = edition.corrective_action and s.plans > 0
    assert ("under an extended corrective action plan" in told) == planned
    alone = s.total > 0 and s.responded > 1 and edition.sole_suppliers and s.contained
    assert bool(re.search(r"named by a single [\w ]+, so that", told)) == (alone and s.shared < s.total)
    assert (f"named by several {s.term}." in told) == (alone and s.shared >= s.total)
    assert ("We compared the facilities with those of our report for" in told) == (
        edition.year_on_year and s.last_year is not None and s.contained
    )


def so_many(number: int) -> str:
    return in_words(number) if number else "none"


def test_what_changed_since_last_year(situation: Situation, told: str) -> None:
    s = situation
    if not s.edition.year_on_year or s.last_year is None or not s.contained:
        return
    kept, changed, gone = min(s.last_year[0], s.total), min(s.last_year[1], s.total), s.last_year[2]
    added = s.total - max(kept, changed)
    if added or gone or changed:
        assert re.search(rf"Since then {so_many(added)} (was|were) added, {so_many(gone)} (was|were) removed", told)
        assert re.search(rf"of those that stay, {so_many(changed)} (has|have) changed status", told)
    else:
        assert "The facilities and their status are the same." in told
    numbers = f"{s.total - added + gone:,} {added:,} {gone:,} {s.total:,} {changed:,}"
    assert f"\nAll {numbers}\n" in told


def test_what_was_done_about_suppliers(situation: Situation, told: str) -> None:
    ended = situation.contracts_ended
    assert ("identified no circumstance" in told) == (ended == 0 and situation.contained)
    assert ("We ended our contracts with" in told) == (bool(ended) and situation.contained)


def test_what_no_data_bears_out_is_said_where_the_profile_says_it_alone(situation: Situation, told: str) -> None:
    s = situation
    assert ("goes back to the" in told) == (s.done is True and s.contained)
    assert ("We are pursuing the correction" in told) == (s.done is True and s.to_correct > 0 and s.contained)
    assert ("We follow " in told) == (s.done is True and s.indeterminable > 0 and s.contained)
    for stated in (
        "we buy no", "no direct relationship", "we have communicated", "risk management plan",
        "our place in the supply chain makes it hard", "to buy from facilities that have been assessed",
    ):  # fmt: skip
        assert (stated in told.lower()) == (s.done is True and s.contained)
    assert ("first-tier" in told or "first tier" in told) == (s.done is True and s.surveyed > 0)


def test_nothing_is_concluded_on_origin_against_anything_that_is_known(situation, built, told, form) -> None:
    s = situation
    open_ = s.contained and not s.ruled_out
    assert ("does not allow us to determine conclusively" in told) == open_
    assert ("sufficient information to determine" in told) == open_
    assert ("The result: for every Conflict Mineral" in form) == s.ruled_out
    assert ("that Item 1.01 calls for" in form) == s.gives_reason_to_believe
    assert ("as required by Items 1.01" in form) == s.gives_reason_to_believe
    assert ("does not allow it to determine" in form) == open_
    alone = s.edition.without_report and s.ruled_out
    assert ("has determined that it has no reason to believe" in form) == alone
    assert ("EXHIBIT INDEX" in form) != alone
    assert ("is filed as Exhibit 1.01" in form) != alone
    if s.ruled_out:
        whom = "it did" if s.surveyed == 1 else "both did" if s.surveyed == 2 else f"all {in_words(s.surveyed)} did"
        assert whom in form


def test_due_diligence_is_claimed_on_minerals_that_are_there_alone(situation: Situation, told: str, form: str) -> None:
    assert ("we exercised due diligence" in told) == situation.contained
    assert ("also exercised due diligence" in form) == (situation.contained and not situation.ruled_out)
    assert ("in good faith" in told) == ("in good faith" in form) == situation.contained


def test_suppliers_that_contradict_themselves_are_counted(situation: Situation, built, told: str) -> None:
    s, views = situation, {view.supplier_id: view for view in built.suppliers}
    declining = s.responded > 0 and bool(s.metals) and s.covered_answer == "No"
    there = [one for one in built.facilities if one.country and one.country.covered]
    assert ("hard to reconcile with" in told) == (declining and bool(there))
    stated = any("CD" in code for one in built.facilities for code in one.origins.countries)
    assert ("as the origin of a facility’s minerals, which contradicts" in told) == (declining and stated)
    attesting = {name for name, view in views.items() if view.attests_conformant_sourcing}
    unlisted = [one for one in built.facilities if one.status is not Status.CONFORMANT]
    assert ("a facility that" in told and "does not list as" in told) == any(
        attesting & set(one.suppliers) for one in unlisted
    )
    assert bool(re.search("contradicts what (it|they) informed us of", told)) == any(
        attesting & set(one.suppliers) for one in there if one in unlisted
    )


def test_the_efforts_to_determine_the_mine_are_there(situation: Situation, told: str) -> None:
    efforts = told.partition("Efforts to Determine the Mine or Location of Origin\n")[2].partition("\nFindings")[0]
    assert ("with the greatest possible specificity, we asked our" in efforts) == situation.contained
    assert ("columns for the name of the mine" in efforts) == situation.contained
    assert ("have not verified it" in efforts) == situation.contained
    assert ("we rely on the" in efforts) == situation.contained
    assert ("to determine the mine or location of origin of the" in efforts) == (
        situation.contained and not situation.ruled_out
    )


def test_one_is_not_many(situation: Situation, told: str) -> None:
    if situation.surveyed == 1:
        assert not re.search(rf"\b(our|those|these) {situation.term}\b", told)
        assert "our one" not in told
    assert f"{situation.term} concerned" not in told
