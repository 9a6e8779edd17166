"""For every rule pairs of declarations: one that breaks the rule, and one that comes close but does not.

Whatever else a declaration of a pair breaks is stated as its company.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from tests.unit.review.declarations import (
    complete,
    line,
    look_up_of,
    not_listed,
    not_yet_identified,
    typed,
    with_answer,
    with_company,
    with_company_answer,
    with_lines,
)
from tracelode.declarations.declaration import CidSource, Declaration, Entry, Product, SmelterLine
from tracelode.declarations.look_up import NO_LOOK_UP
from tracelode.declarations.templates.questions import Question, Scope
from tracelode.minerals import CONFLICT_MINERALS, Mineral

TA, SN, AU, W = CONFLICT_MINERALS
Q1, Q2, Q3, Q4, Q5, Q6, Q7, Q8 = Question
BASE = complete()
ALPHA = line(20, SN, "CID000099", "Alpha", "Peru")
LOOK_UP = look_up_of(*BASE.smelters, ALPHA)


@dataclass(frozen=True, slots=True)
class Pair:
    """A declaration that breaks `rule` at `places` (sheet!cell) and one that does not; both reviewed with `settings`.

    `words` are some of what the first finding must be filled with; `company` and `near_company` are the other rules
    that fire on either.
    """

    rule: str
    hit: Declaration
    places: tuple[str, ...]
    near: Declaration
    words: Mapping[str, str] = field(default_factory=dict)
    company: frozenset[str] = frozenset()
    near_company: frozenset[str] = frozenset()
    settings: Mapping[str, object] = field(default_factory=dict)
    near_settings: Mapping[str, object] | None = None


def d(*cells: str) -> tuple[str, ...]:
    return tuple(f"Declaration!{cell}" for cell in cells)


def s(*cells: str) -> tuple[str, ...]:
    return tuple(f"Smelter List!{cell}" for cell in cells)


def p(*cells: str) -> tuple[str, ...]:
    return tuple(f"Product List!{cell}" for cell in cells)


def ask(question: Question, text: str, comment: str = "", metal: Mineral = SN, to: Declaration = BASE) -> Declaration:
    return with_answer(to, question, metal, text, comment)


def out(metal: Mineral = SN, *, keep_answers: bool = False, keep_smelters: bool = False) -> Declaration:
    """A declaration in which a metal is answered No to the first question."""
    declaration = ask(Q1, "No", metal=metal)
    for question in (Q2, Q3, Q4, Q5, Q6, Q7, Q8):
        if not keep_answers or question is Q2:
            declaration = ask(question, "", metal=metal, to=declaration)
    if not keep_smelters:
        kept = tuple(found for found in declaration.smelters if found.metal != metal)
        declaration = replace(declaration, smelters=kept)
    return declaration


def all_out(**comments: str) -> Declaration:
    """A declaration without any metal."""
    declaration = complete(smelters=())
    for metal in CONFLICT_MINERALS:
        for question in Question:
            declaration = ask(question, "No" if question is Q1 else "", metal=metal, to=declaration)
    for name, comment in comments.items():
        declaration = ask(Q1, "No", comment, metal=Mineral(name), to=declaration)
    return declaration


def tin(**changes: object) -> Declaration:
    """A declaration whose line of tin, in row 6, is changed."""
    return complete(
        smelters=tuple(replace(found, **changes) if found.metal == SN else found for found in BASE.smelters)
    )


def products(*numbers: str, scope: Scope = Scope.PRODUCT, first: int = 6) -> Declaration:
    listed = tuple(Product(first + place, number, f"Widget {place}", "") for place, number in enumerate(numbers))
    texts = {Scope.COMPANY: "A. Company", Scope.PRODUCT: "B. Product (or List of Products)", Scope.USER_DEFINED: "C."}
    return with_company(
        complete(products=listed), scope=scope, scope_entry=texts[scope],
        scope_description="Two plants" if scope is Scope.USER_DEFINED else "",
    )  # fmt: skip


def described(text: str, scope: Scope | None = Scope.USER_DEFINED) -> Declaration:
    return with_company(BASE, scope=scope, scope_entry="C. User defined", scope_description=text)


def dated(day: date | None, text: str = "some day", version: str = "6.5") -> Declaration:
    return with_company(complete(template_version=version), effective_date=day, effective_date_entry=text)


def named(*metals: tuple[Mineral, int]) -> tuple[SmelterLine, ...]:
    """So many smelters of each metal."""
    lines = [(metal, number) for metal, count in metals for number in range(count)]
    return tuple(line(row, metal, f"CID{row:06}", f"Smelter {row}") for row, (metal, _) in enumerate(lines, start=5))


def recycled(declaration: Declaration = BASE, **changes: object) -> Declaration:
    """A declaration that all tin is recycled, with its line changed."""
    return ask(Q5, "Yes", to=tin(**changes))


OLD = with_company(complete(template_version="3.01"), authorizer_phone="555 0101")
NO_TIN = replace(BASE, smelters=tuple(found for found in BASE.smelters if found.metal != SN))
UNLISTED = not_listed(20, SN, name="Beta Works", typed_country="Peru", country="Peru")
UNRESOLVED = line(20, SN, None, "Omega")
UNIDENTIFIED = not_yet_identified(20, SN)
DATE_SETTINGS = {"year": 2025, "received": date(2026, 3, 1)}
LATER = (Q3, Q4, Q5, Q6, Q7, Q8)

ANSWERS = (
    Pair("X03", out(keep_answers=True), d("D39, D45, D51, D57, D63, D69"), out(), {"metal": "Tin", "count": "6"}),
    Pair("X03", ask(Q8, "<maybe>", to=out()), d("D69"), ask(Q2, "No", to=out()), {"count": "1"}),
    Pair("X04", ask(Q3, "<perhaps>"), d("D39"), ask(Q3, ""), {"question": "3", "metal": "Tin"},
         near_company=frozenset({"K19"})),
    Pair("X04", ask(Q2, "<partly>"), d("D33"), ask(Q3, "<perhaps>", to=out()), {"question": "2"},
         company=frozenset({"K19", "K23", "K27", "K31", "K35", "K39"}), near_company=frozenset({"X03"})),
    Pair("X04", ask(Q2, "<partly>", to=out()), d("D33"), out(), {"question": "2"}),
    Pair("X06", ask(Q3, "Yes", "Mine X"), d("D45"), ask(Q4, "Yes", to=ask(Q3, "Yes", "Mine X")), {"metal": "Tin"}),
    Pair("X06", ask(Q4, "No", to=ask(Q3, "Yes", "Mine X")), d("D45"), ask(Q4, "No"), {"metal": "Tin"}),
    Pair("X06", ask(Q3, "Yes", "Mine X"), d("D45"), ask(Q4, "", to=ask(Q3, "Yes", "Mine X")),
         near_company=frozenset({"K23"})),
    Pair("X07", ask(Q3, "No", to=ask(Q7, "No", "Two are missing")), d("D39"), ask(Q3, "No"),
         {"question": "3", "against": "7"}),
    Pair("X07", ask(Q4, "No", to=ask(Q7, "No", "Two are missing")), d("D45"), ask(Q4, "No"), {"question": "4"}),
    Pair("X07", ask(Q3, "No", to=ask(Q6, "Greater than 90%", to=ask(Q7, "No", "Two are missing"))), d("D39"),
         ask(Q3, "No"), {"against": "6 / 7"}),
    Pair("X07", ask(Q3, "No", to=ask(Q6, "Greater than 90%")), d("D39"), ask(Q7, "No", "Two are missing"),
         {"against": "6"}, company=frozenset({"X14"})),
    Pair("X07", ask(Q3, "No", to=ask(Q7, "No", "Two are missing")), d("D39"),
         ask(Q3, "No", to=ask(Q6, "", to=ask(Q7, ""))), near_company=frozenset({"K31", "K35"})),
    Pair("X13", ask(Q6, "50% or less", to=ask(Q7, "No", "Not yet")), d("D57"),
         ask(Q6, "Greater than 50%", to=ask(Q7, "No", "Not yet")), {"metal": "Tin"}),
    Pair("X13", ask(Q6, "None", "A customer told us", to=ask(Q7, "No", "Not yet")), d("D57"), BASE),
    Pair("X40", ask(Q6, "None", to=ask(Q7, "No", "Not yet")), d("D57"),
         ask(Q6, "None", "A customer told us", to=ask(Q7, "No", "Not yet")),
         {"metal": "Tin", "supplier_response": "6", "count": "1"}, near_company=frozenset({"X13"})),
    Pair("X40", ask(Q6, "None", to=ask(Q7, "No", "Not yet", to=with_lines(ALPHA))), d("D57"),
         ask(Q6, "50% or less", to=ask(Q7, "No", "Not yet", to=with_lines(ALPHA))), {"count": "2"},
         near_company=frozenset({"X13"})),
    Pair("X40", ask(Q6, "None", to=ask(Q7, "No", "Not yet")), d("D57"),
         ask(Q6, "None", to=ask(Q7, "No", "Not yet", to=complete(smelters=tuple(
             not_yet_identified(found.row, SN) if found.metal == SN else found for found in BASE.smelters)))),
         near_company=frozenset({"X02", "X13"})),
    Pair("X14", ask(Q6, "Greater than 90%"), d("D63"), ask(Q6, "Greater than 90%", to=ask(Q7, "No", "Not yet")),
         {"metal": "Tin", "smelters_identified": "7", "supplier_response": "6"}),
    Pair("X14", ask(Q6, "Greater than 90%"), d("D63"), ask(Q6, ""), near_company=frozenset({"K31"})),
    Pair("X16", ask(Q7, "No"), d("G63"), ask(Q7, "No", "Not yet"), {"metal": "Tin"}),
    Pair("X17", ask(Q8, "No"), d("D69"), ask(Q8, "<no>"), {"metal": "Tin"}, near_company=frozenset({"X04"})),
    Pair("X18", all_out(), d("G26"), all_out(Tungsten="We make paper.")),
    Pair("X18", all_out(), d("G26"), all_out(Tantalum="We make paper.")),
    Pair("X18", all_out(), d("G26"), out()),
    *(
        Pair(rule, ask(question, text), d(cell), ask(question, text, to=out(keep_answers=True)),
             company=company, near_company=frozenset({"X03"}))
        for rule, question, text, cell, company in (
            ("X17", Q8, "No", "D69", frozenset()),
            ("X16", Q7, "No", "G63", frozenset()),
            ("X14", Q6, "Greater than 90%", "D63", frozenset()),
            ("X68", Q4, "Yes", "G45", frozenset()),
        )
    ),
    Pair("X52", ask(Q2, "Yes", to=out()), d("D33"), out(), {"metal": "Tin"}),
    Pair("X52", ask(Q2, "Yes", to=out()), d("D33"), ask(Q2, "No", to=out())),
    Pair("X68", ask(Q4, "Yes"), d("G45"), ask(Q4, "Yes", "Area Y"), {"metal": "Tin", "cahra": "4"}),
    Pair("X68", ask(Q4, "Yes"), d("G45"), ask(Q4, "Yes", to=ask(Q3, "Yes", "Mine X"))),
    Pair("X69", ask(Q5, "Yes", to=ask(Q4, "Yes", to=ask(Q3, "Yes", "Mine X"))), d("D51"), ask(Q5, "Yes"),
         {"metal": "Tin"}),
    Pair("X69", ask(Q5, "Yes", to=ask(Q4, "Yes", to=ask(Q3, "Yes", "Mine X"))), d("D51"),
         ask(Q4, "Yes", to=ask(Q3, "Yes", "Mine X"))),
)  # fmt: skip

COMPANY = (
    Pair("X24", with_company(BASE, contact_name="n/a"), d("D15"), with_company(BASE, contact_name="Na Li"),
         {"field": "contact name"}),
    Pair("X24", with_company(BASE, authorizer_name="Same"), d("D18"), with_company(BASE, authorizer_name="王伟"),
         {"field": "authorizer's name"}),
    Pair("X24", with_company(BASE, contact_name="--", authorizer_name="12345"), d("D15", "D18"),
         with_company(BASE, contact_name="", authorizer_name="Bo"), near_company=frozenset({"K04"})),
    Pair("X24", with_company(BASE, contact_name="xxx"), d("D15"), with_company(BASE, contact_name="Oo Ma")),
    Pair("X28", described("C. User defined [Specify in 'Description of scope']"), d("D10"), described("Both plants")),
    Pair("X28", described("C. User defined"), d("D10"), described("C. User defined wires")),
    Pair("X28", described("User Defined"), d("D10"), described("User defined: both plants")),
    Pair("X28", described("n/a"), d("D10"), described(""), near_company=frozenset({"K03"})),
    Pair("X28", described("n/a"), d("D10"), with_company(BASE, scope_description="n/a")),
    Pair("X28", described("n/a", None), d("D10"),
         with_company(BASE, scope=None, scope_entry="", scope_description="n/a"),
         company=frozenset({"X51"}), near_company=frozenset({"K02"})),
    Pair("X48", with_company(BASE, contact_email="contact@example"), d("D16"),
         with_company(BASE, contact_email="Jo <contact@example.com>; b@c"), {"field": "contact e-mail address"}),
    Pair("X48", with_company(BASE, authorizer_email="@"), d("D20"), with_company(BASE, authorizer_email="n/a"),
         {"field": "authorizer's e-mail address"}, near_company=frozenset({"K08"})),
    Pair("X49", with_company(BASE, contact_phone="1234"), d("D17"), with_company(BASE, contact_phone="12-345")),
    Pair("X49", with_company(BASE, contact_phone="n/a"), d("D17"), with_company(BASE, contact_phone=""),
         near_company=frozenset({"K06"})),
    Pair("X50", with_company(BASE, name="Company name"), d("D8"), with_company(BASE, name="3M")),
    Pair("X50", with_company(BASE, name="???"), d("D8"), with_company(BASE, name=""), near_company=frozenset({"K01"})),
    Pair("X51", with_company(BASE, scope=None, scope_entry="Copper wires", scope_description="All wires"), d("D9"),
         described("All wires")),
    Pair("X51", with_company(BASE, scope=None, scope_entry="Copper wires", scope_description="All wires"), d("D9"),
         with_company(BASE, scope=None, scope_entry=""), near_company=frozenset({"K02"})),
)  # fmt: skip

COMPANY_ANSWERS = (
    Pair("X75", with_company_answer(OLD, "C", ""), d("D79"), OLD, {"letter": "C"}),
    Pair("X75", with_company_answer(with_company_answer(OLD, "A", ""), "H", ""), d("D75", "D89"),
         with_company_answer(replace(OLD, template_version="4.01"), "A", ""), {"letter": "A"}),
    Pair("X75", with_company_answer(OLD, "C", ""), d("D79"),
         with_company_answer(replace(all_out(Tin="-"), template_version="3.01", company=OLD.company), "C", "")),
    Pair("X75", with_company_answer(OLD, "C", "", "a comment"), d("D79"), with_company_answer(BASE, "C", ""),
         near_company=frozenset({"K45"})),
    Pair("X76", with_company(OLD, authorizer_phone=""), d("D21"), OLD, {"field": "authorizer's phone number"}),
    Pair("X76", with_company(OLD, authorizer_phone=""), d("D21"),
         with_company(replace(OLD, template_version="4.01"), authorizer_phone="")),
    Pair("X76", with_company(OLD, authorizer_phone=""), d("D21"), BASE),
    Pair("X76", with_company(OLD, authorizer_phone=""), d("D21"),
         replace(OLD, company=replace(OLD.company, authorizer_phone=Entry("", "")))),
    *(
        Pair("X19", with_company_answer(BASE, letter, "No"), d(f"D{75 + 2 * 'ABCDEFGH'.index(letter)}"),
             BASE, {"letter": letter})
        for letter in "BCDEFG"
    ),
    Pair("X19", with_company_answer(with_company_answer(BASE, "A", "No"), "B", "No"), d("D75"),
         with_company_answer(BASE, "H", "No"), {"letter": "A"}),
    Pair("X19", with_company_answer(BASE, "D", "No"), d("D81"), with_company_answer(all_out(Tin="-"), "D", "No")),
    Pair("X20", with_company_answer(BASE, "A", "No"), d("D77"),
         with_company_answer(with_company_answer(BASE, "A", "No"), "B", "No"),
         company=frozenset({"X19"}), near_company=frozenset({"X19"})),
    Pair("X20", with_company_answer(BASE, "A", "No"), d("D77"), BASE, company=frozenset({"X19"})),
    Pair("X21", with_company_answer(BASE, "B", "Yes", "On our homepage"), d("G77"),
         with_company_answer(BASE, "B", "Yes", "See: www.example.com/policy.")),
    Pair("X21", with_company_answer(BASE, "B", "Yes", "xx"), d("G77"), with_company_answer(BASE, "B", "Yes", "x"),
         near_company=frozenset({"K44"})),
    Pair("X21", with_company_answer(BASE, "B", "Yes", "policy@example.com"), d("G77"),
         with_company_answer(BASE, "B", "No", "On our homepage"), near_company=frozenset({"X19"})),
    Pair("X21", with_company_answer(BASE, "B", "Yes", "mail to a@b.c"), d("G77"),
         with_company_answer(BASE, "B", "Yes", "网址:https://example.com/policy")),
    Pair("X22", with_company_answer(BASE, "E", "Yes, using other format (describe)"), d("G83"),
         with_company_answer(BASE, "E", "Yes, using other format (describe)", "Our own form")),
    Pair("X22", with_company_answer(BASE, "E", "Yes, using other format (describe)"), d("G83"), BASE),
    Pair("X23", with_company_answer(BASE, "G", "Yes"), d("G87"), with_company_answer(BASE, "G", "No"),
         near_company=frozenset({"X19"})),
    Pair("X23", with_company_answer(BASE, "G", "Yes"), d("G87"), with_company_answer(BASE, "G", "Yes", "We ask again")),
    Pair("X71", with_company_answer(BASE, "C", "<partly>"), d("D79"), with_company_answer(BASE, "C", ""),
         {"letter": "C"}, near_company=frozenset({"K45"})),
    Pair("X71", with_company_answer(BASE, "H", "<partly>"), d("D89"),
         with_company_answer(all_out(Tin="-"), "H", "<partly>"), {"letter": "H"}),
)  # fmt: skip

DATES = (
    Pair("X25", dated(None, "03/04/2026"), d("D22"), dated(date(2026, 1, 31))),
    Pair("X25", dated(None, "03/04/2026"), d("D22"), dated(None, ""), near_company=frozenset({"K09"})),
    Pair("X44", dated(date(2026, 3, 3)), d("D22"), dated(date(2026, 3, 2)), {"received": "2026-03-01"},
         settings=DATE_SETTINGS),
    Pair("X44", dated(date(2026, 3, 3)), d("D22"), dated(date(2026, 3, 3)), settings=DATE_SETTINGS,
         near_settings={"year": 2025}),
    Pair("X45", dated(date(2025, 4, 24)), d("D22"), dated(date(2025, 4, 25)),
         {"version": "6.5", "released": "2025-04-25"}, settings=DATE_SETTINGS),
    Pair("X45", dated(date(2025, 4, 24)), d("D22"), dated(date(2025, 4, 24), version="6.4"), settings=DATE_SETTINGS,
         near_company=frozenset({"X43"})),
    Pair("X45", dated(date(2025, 4, 24), version="6.7"), d("D22"), dated(date(2025, 4, 24), version="5.12"),
         settings=DATE_SETTINGS),
    Pair("X45", dated(date(2025, 4, 24)), d("D22"), dated(None, ""), settings=DATE_SETTINGS,
         near_company=frozenset({"K09"})),
    Pair("X45", dated(date(2020, 5, 18), version="6.01"), d("D22"), dated(date(2020, 5, 18), version="6.0"),
         settings={"year": 2020}, company=frozenset({"X43"}), near_company=frozenset({"X43"})),
    Pair("X46", dated(date(2025, 12, 31)), d("D22"), dated(date(2026, 1, 1)), {"year": "2026"}),
    Pair("X46", dated(date(2025, 12, 31)), d("D22"), dated(date(2025, 12, 31)), near_settings={"year": 2025}),
    Pair("X46", dated(date(2025, 12, 31)), d("D22"), dated(None, ""), near_company=frozenset({"K09"})),
    Pair("X47", dated(date(2026, 1, 31)), d("D22"), dated(date(2026, 1, 31)),
         settings={"year": 2026, "received": date(2027, 2, 2)},
         near_settings={"year": 2026, "received": date(2027, 2, 1)}),
    Pair("X47", dated(date(2026, 1, 31)), d("D22"), dated(date(2026, 1, 31)),
         settings={"year": 2026, "received": date(2027, 2, 2)},
         near_settings={"year": 2027, "received": date(2027, 2, 2)}, near_company=frozenset({"X46"})),
    Pair("X47", dated(date(2026, 1, 31)), d("D22"), dated(date(2026, 1, 31)),
         settings={"year": 2025, "received": date(2027, 2, 2)}, near_settings={"year": 2025}),
    Pair("X47", dated(date(2026, 1, 31)), d("D22"), dated(None, ""),
         settings={"year": 2026, "received": date(2027, 2, 2)}, near_company=frozenset({"K09"})),
)  # fmt: skip

TEMPLATE = (
    Pair("X26", complete(template_version="6.22"), d("J3"), complete(template_version="6.31"),
         {"version": "6.22", "wanted": "6.31"}, settings={"minimum_version": "6.31"}, near_company=frozenset({"X43"})),
    Pair("X26", complete(template_version="6.22"), d("J3"), complete(template_version="6.22"),
         settings={"minimum_version": "6.31"}, near_settings={"minimum_version": ""},
         near_company=frozenset({"X43"})),
    Pair("X26", complete(template_version="6.22"), d("J3"), complete(template_version="unknown"),
         settings={"minimum_version": "6.31"}),
    Pair("X43", complete(template_version="6.4"), d("J3"), complete(template_version="6.5"),
         {"version": "6.4", "wanted": "6.5"}),
    Pair("X43", complete(template_version="6.4"), d("J3"), complete(template_version="6.7")),
    Pair("X43", complete(template_version="6.01"), d("J3"), complete(template_version="5.12")),
    Pair("X43", complete(template_version="6.4"), d("J3"), complete(template_version="6.4"),
         near_settings={"minimum_version": "6.5"}, near_company=frozenset({"X26"})),
    Pair("X41", BASE, ("Checker!D2",), BASE, {"shown": "3", "count": "0"},
         settings={"checker_count": 3}, near_settings={"checker_count": 0}),
    Pair("X41", with_company(BASE, contact_name="", contact_phone=""), ("Checker!D2",),
         with_company(BASE, contact_name=""), {"shown": "0", "count": "2"}, settings={"checker_count": 0},
         near_settings={"checker_count": 1}, company=frozenset({"K04", "K06"}), near_company=frozenset({"K04"})),
    Pair("X41", BASE, ("Checker!D2",), BASE, settings={"checker_count": 3}, near_settings={"checker_count": None}),
)  # fmt: skip

PRODUCTS = (
    Pair("X27", products("W-1", "", "W-3"), p("B7"), products("W-1", "W-2", "W-3")),
    Pair("X27", products("W-1", ""), p("B7"), products("", "W-2"), near_company=frozenset({"K51"})),
    Pair("X27", products("W-1", ""), p("B7"), products("W-1", "", scope=Scope.USER_DEFINED)),
    Pair("X63", products("W-1", "w-1"), p("B7"), products("W-1", "W-2"), {"first": "6"}),
    Pair("X63", products("W-1", "W-2", "W-1"), p("B8"), products("W-1", "", ""), {"first": "6"},
         near_company=frozenset({"X27"})),
    Pair("X64", products("W-1", "W-2", scope=Scope.COMPANY), p("B6, B7"), products("W-1"), {"count": "2"}),
    Pair("X64", products("W-1", scope=Scope.COMPANY), p("B6"), products("W-1", scope=Scope.USER_DEFINED)),
    Pair("X64", products("W-1", scope=Scope.COMPANY), p("B6"), BASE),
    Pair("X65", replace(products("W-1"), smelters=named((TA, 50), (SN, 50), (AU, 50), (W, 50))), s("C5"),
         replace(products("W-1"), smelters=named((TA, 50), (SN, 50), (AU, 50), (W, 49))), {"count": "200"}),
    Pair("X65", replace(products("W-1"), smelters=named((TA, 50), (SN, 50), (AU, 50), (W, 50))), s("C5"),
         complete(smelters=named((TA, 50), (SN, 50), (AU, 50), (W, 50)))),
    Pair("X65", replace(products("W-1"), smelters=named((TA, 50), (SN, 50), (AU, 50), (W, 50))), s("C5"),
         replace(products("W-1"), smelters=(*named((TA, 50), (SN, 50), (AU, 50), (W, 49)), replace(ALPHA, row=400,
                 cid=None, typed_lookup="Smelter not listed", kind=UNLISTED.kind, typed_name="Gamma",
                 typed_country="Peru", cid_source=CidSource.NONE)))),
)  # fmt: skip

ENTRIES = (
    Pair("X42", with_answer(ask(Q7, "是"), Q7, SN, "是", means="Yes"), d("D63"), ask(Q7, "Yes"), {"count": "1"}),
    Pair("X42", with_answer(with_answer(BASE, Q7, SN, "是", means="Yes"), Q8, SN, "是", means="Yes"), d("D63, D69"),
         with_answer(with_answer(BASE, Q6, SN, "1", means="100%"), Q1, SN, " yes ", means="Yes"), {"count": "2"}),
    Pair("X42", with_answer(BASE, Q7, SN, "是", means="Yes"), d("D63"), ask(Q7, "<是>"),
         near_company=frozenset({"X04"})),
    Pair("X66", ask(Q3, "Unknown", "我们正在调查"), d("G39"), ask(Q3, "Unknown", "Häufig über Zürich, 张伟"),
         {"count": "1"}),
    Pair("X66", with_company_answer(ask(Q3, "Unknown", "我们的ab"), "G", "Yes", "我们"), d("G39, G87"),
         ask(Q3, "Unknown", "我们正在abcd"), {"count": "2"}),
    Pair("X66", ask(Q3, "Unknown", "我们正在abc"), d("G39"), ask(Q3, "Unknown", "12 - 34")),
    Pair("X67", with_company(BASE, address="=1 Street"), d("D14"), with_company(BASE, address="1 = Street #2"),
         {"count": "1"}),
    Pair("X67", tin(comments="#note"), s("Q6"), tin(comments="note #"), {"count": "1"}),
    Pair("X67", tin(mine="=A1", mine_country="#A2"), s("N6, O6"), BASE, {"count": "2"}),
    Pair("X67", with_company(tin(comments="#note"), address="=1 Street"), (*d("D14"), *s("Q6")), BASE, {"count": "1"}),
    Pair("X67", tin(mine_country="=A1"), s("O6"), BASE, {"count": "1"}),
    Pair("X67", tin(typed_name="=A1"), s("D6"), BASE, {"count": "1"}),
    Pair("X67", tin(typed_lookup="=A1"), s("C6"), BASE, {"count": "1"}),
    Pair("X67", products("#12"), p("B6"), products("12#")),
    Pair("X67", ask(Q3, "Unknown", "=see below"), d("G39"), ask(Q3, "Unknown", "see = below")),
    Pair("X67", with_company_answer(BASE, "A", "Yes", "#1"), d("G75"), BASE),
)  # fmt: skip

SMELTER_LIST = (
    Pair("X01", out(keep_smelters=True), s("C6"), out(), {"metal": "Tin", "count": "1"}),
    Pair("X01", replace(out(), smelters=(*out().smelters, ALPHA, replace(ALPHA, row=21, cid="CID000098"))),
         s("C20, C21"), BASE, {"count": "2"}),
    Pair("X01", ask(Q2, "No", to=replace(out(keep_smelters=True), answers=ask(Q1, "Yes", to=out()).answers)), s("C6"),
         BASE),
    Pair("X02", tin(cid=None, cid_source=CidSource.NONE, typed_lookup="Smelter not listed", kind=UNLISTED.kind,
                    typed_name="Beta Works", typed_country="Peru"), s("C6"), tin(), {"metal": "Tin"}),
    Pair("X02", replace(NO_TIN, smelters=(*NO_TIN.smelters, UNLISTED, replace(UNLISTED, row=21, name="Gamma"))),
         s("C20"), replace(NO_TIN, smelters=(*NO_TIN.smelters, UNLISTED, replace(ALPHA, row=21)))),
    Pair("X02", replace(NO_TIN, smelters=(*NO_TIN.smelters, UNLISTED)), s("C20"),
         replace(out(), smelters=(*out().smelters, UNLISTED)), near_company=frozenset({"X01"})),
    Pair("X02", replace(BASE, smelters=(*(x for x in BASE.smelters if x.metal != SN), UNLISTED)), s("C20"),
         with_lines(UNLISTED), {"metal": "Tin"}),
    Pair("X02", replace(NO_TIN, smelters=(*NO_TIN.smelters, UNLISTED, replace(UNLISTED, row=21, name="Gamma"))),
         s("C20"), replace(NO_TIN, smelters=(*NO_TIN.smelters, UNLISTED, replace(ALPHA, row=21)))),
    Pair("X02", replace(NO_TIN, smelters=(*NO_TIN.smelters, UNLISTED)), s("C20"),
         replace(out(), smelters=(*out().smelters, UNLISTED)), near_company=frozenset({"X01"})),
    Pair("X02", replace(BASE, smelters=(*(x for x in BASE.smelters if x.metal != SN), UNLISTED)), s("C20"),
         replace(BASE, smelters=tuple(x for x in BASE.smelters if x.metal != SN)), near_company=frozenset({"K53"})),
    Pair("X05", ask(Q4, "Yes", to=ask(Q3, "Yes", to=tin(mine_country="Rwanda"))), d("G39"),
         ask(Q4, "Yes", to=ask(Q3, "Yes", "Mine X", to=tin(mine_country="Rwanda"))), {"metal": "Tin"}),
    Pair("X05", ask(Q4, "Yes", to=ask(Q3, "Yes", to=tin(country="RWANDA"))), d("G39"), tin(country="RWANDA")),
    Pair("X05", ask(Q4, "Yes", to=ask(Q3, "Yes", to=with_lines(replace(ALPHA, country="Uganda")))), d("G39"),
         with_lines(replace(ALPHA, country="Uganda"))),
    Pair("X08", ask(Q3, "No", to=tin(country="RWANDA")), s("E6"), ask(Q3, "No", to=tin(country="Peru")),
         {"metal": "Tin", "count": "1"}),
    Pair("X08", ask(Q3, "No", to=tin(mine_country="Peru; DRC")), s("O6"), ask(Q3, "No", to=tin(mine_country="Peru")),
         {"count": "1"}),
    Pair("X08", ask(Q3, "No", to=tin(country="RWANDA")), s("E6"),
         ask(Q3, "No", to=tin(country="RWANDA", recycled="Yes")), near_company=frozenset({"X11"})),
    Pair("X08", ask(Q3, "No", to=with_lines(replace(ALPHA, country="Uganda"),
                                            replace(ALPHA, row=21, mine_country="Burundi"))), s("E20, O21"),
         tin(country="RWANDA"), {"count": "2"}),
    Pair("X09", ask(Q4, "Yes", to=ask(Q3, "Yes")), d("G39"), ask(Q4, "Yes", to=ask(Q3, "Yes", "Mine X")),
         {"metal": "Tin"}),
    Pair("X09", ask(Q4, "Yes", to=ask(Q3, "Yes", to=tin(country="RWANDA", recycled="Yes"))), d("G39"),
         ask(Q4, "Yes", to=ask(Q3, "Yes", to=tin(country="RWANDA"))), company=frozenset({"X11"}),
         near_company=frozenset({"X05"})),
    Pair("X10", recycled(recycled="No"), s("P6"), recycled(recycled="Unknown"), {"metal": "Tin", "count": "1"}),
    Pair("X10", recycled(recycled="No", mine="Mine A"), s("P6"), tin(recycled="No")),
    Pair("X11", tin(recycled="Yes"), d("D51"), recycled(recycled="Yes"), {"metal": "Tin"}),
    Pair("X11", ask(Q5, "Unknown", to=tin(recycled="Yes")), d("D51"), ask(Q5, "Unknown", to=tin(recycled="No"))),
    Pair("X11", tin(recycled="Yes"), d("D51"), replace(tin(recycled="Yes"), smelters=(*tin(recycled="Yes").smelters,
                                                                                     ALPHA))),
    Pair("X11", tin(recycled="Yes"), d("D51"), replace(BASE, smelters=tuple(x for x in BASE.smelters
                                                                         if x.metal != SN)),
         near_company=frozenset({"K53"})),
    Pair("X10", recycled(recycled="No"), s("P6"), recycled(recycled="")),
    Pair("X10", replace(recycled(recycled="No"), smelters=(*recycled(recycled="No").smelters,
                                                           replace(ALPHA, recycled="No"))), s("P6, P20"), BASE,
         {"count": "2"}),
    Pair("X15", with_lines(UNIDENTIFIED), s("C20"), ask(Q7, "No", "Not yet", to=with_lines(UNIDENTIFIED)),
         {"metal": "Tin", "count": "1"}),
    Pair("X15", with_lines(UNIDENTIFIED, replace(UNIDENTIFIED, row=21)), s("C20, C21"), with_lines(UNLISTED),
         {"count": "2"}),
    Pair("X29", with_lines(ALPHA, replace(ALPHA, row=21, name="Another alias")), s("C21"), with_lines(ALPHA),
         {"first": "20"}),
    Pair("X29", with_lines(ALPHA, replace(ALPHA, row=21)), s("C21"),
         with_lines(ALPHA, replace(ALPHA, row=21, mine_country="Peru"))),
    Pair("X29", with_lines(ALPHA, replace(ALPHA, row=21)), s("C21"),
         with_lines(ALPHA, replace(ALPHA, row=21, mine="Mine A"))),
    Pair("X29", with_lines(UNLISTED, replace(UNLISTED, row=21, name="BETA works", country="PERU")), s("C21"),
         with_lines(UNLISTED, replace(UNLISTED, row=21, country="Japan"))),
    Pair("X29", with_lines(UNLISTED, replace(UNLISTED, row=21)), s("C21"),
         with_lines(UNLISTED, replace(UNLISTED, row=21, metal=AU))),
    Pair("X29", with_lines(UNLISTED, replace(UNLISTED, row=21)), s("C21"),
         with_lines(UNLISTED, replace(UNLISTED, row=21, name="Beta"))),
    Pair("X29", with_lines(typed(20, "CID000099", ALPHA), typed(21, "CID000099", ALPHA)), s("A21"),
         ask(Q7, "No", "Not yet", to=with_lines(UNIDENTIFIED, replace(UNIDENTIFIED, row=21)))),
    Pair("X39", complete(smelters=named((TA, 1), (SN, 20), (AU, 1), (W, 1))), s("C6"),
         complete(smelters=named((TA, 1), (SN, 19), (AU, 1), (W, 1))), {"metal": "Tin", "count": "20"},
         settings={"look_up": look_up_of(*named((TA, 1), (SN, 20), (AU, 1), (W, 1)))},
         near_settings={"look_up": look_up_of(*named((TA, 1), (SN, 19), (AU, 1), (W, 1)))}),
    Pair("X39", complete(smelters=named((TA, 1), (SN, 20), (AU, 1), (W, 1))), s("C6"),
         complete(smelters=tuple(x for x in named((TA, 1), (SN, 20), (AU, 1), (W, 1)) if x.row != 9)),
         settings={"look_up": look_up_of(*named((TA, 1), (SN, 20), (AU, 1), (W, 1)))}),
    Pair("X39", complete(smelters=named((TA, 1), (SN, 20), (AU, 1), (W, 1))), s("C6"),
         complete(smelters=named((TA, 1), (SN, 20), (AU, 1), (W, 1))),
         settings={"look_up": look_up_of(*named((TA, 1), (SN, 20), (AU, 1), (W, 1)))},
         near_settings={"look_up": None}),
    Pair("X53", recycled(mine="Mine A"), s("N6"), recycled(mine="Recycled", recycled="Yes"),
         {"metal": "Tin", "count": "1"}),
    Pair("X53", recycled(mine_country="Peru"), s("O6"), recycled(mine_country="RCOI confirmed as per RMI")),
    Pair("X53", recycled(mine="n/a", mine_country="Peru", recycled="Unknown"), s("O6"),
         recycled(mine="n/a", mine_country="unknown")),
    Pair("X53", recycled(mine="Mine A"), s("N6"), tin(mine="Mine A")),
    Pair("X53", recycled(mine="Mine A"), s("N6"), recycled(mine="Mine A", recycled="No"),
         near_company=frozenset({"X10"})),
    Pair("X53", recycled(mine="Mine A"), s("N6"), recycled(mine="Recycled and from Peru")),
    Pair("X70", tin(mine_country="DRC"), s("O6"), tin(mine_country="Peru"), {"metal": "Tin", "count": "1"}),
    Pair("X70", tin(mine_country="Rwanda and Peru"), s("O6"), tin(country="RWANDA")),
)  # fmt: skip

SMELTER_ROWS = (
    Pair("X12", recycled(recycled="Yes", mine="Mine A"), s("N6"), recycled(recycled="Yes", mine="Scrap")),
    Pair("X12", recycled(recycled="Yes", mine="n/a", mine_country="Peru"), s("O6"),
         recycled(recycled="Yes", mine="", mine_country="Recycled")),
    Pair("X12", recycled(recycled="Yes", mine="Mine A"), s("N6"), tin(recycled="No", mine="Mine A")),
    Pair("X12", recycled(recycled="Yes", mine="Mine A"), s("N6"), tin(recycled="Unknown", mine_country="Peru")),
    Pair("X30", with_lines(typed(20, "CID000099", ALPHA, typed_identification="CID000098")), s("F20"),
         with_lines(typed(20, "CID000099", ALPHA, typed_identification="cid000099"))),
    Pair("X30", with_lines(typed(20, "CID000099", ALPHA, typed_identification="CID000098")), s("F20"),
         with_lines(typed(20, "CID000099", ALPHA, typed_identification="242332"))),
    Pair("X31", with_lines(replace(ALPHA, typed_cid="1PER001")), s("A20"), with_lines(typed(20, "CID000099", ALPHA))),
    Pair("X31", with_lines(replace(ALPHA, typed_cid="12")), s("A20"), with_lines(ALPHA)),
    Pair("X32", with_lines(typed(20, "CID000099", ALPHA, typed_metal="Gold")), s("B20"),
         with_lines(typed(20, "CID000099", ALPHA, typed_metal="Tin (Sn)")), {"cid": "CID000099"}),
    Pair("X32", with_lines(typed(20, "CID000099", ALPHA, typed_metal="Gold")), s("B20"),
         with_lines(typed(20, "CID000099", ALPHA, typed_metal="Gold", typed_identification="CID000098")),
         near_company=frozenset({"X30"})),
    Pair("X32", with_lines(typed(20, "CID000099", ALPHA, typed_metal="Gold", typed_country="Japan")), s("B20"),
         with_lines(typed(20, "CID000099", ALPHA))),
    Pair("X33", with_lines(replace(typed(20, "CID000555", typed_metal="Tin", name="Omega"), metal=SN)), s("A20"),
         with_lines(typed(20, "CID000099", ALPHA)), {"cid": "CID000555"}, settings={"look_up": LOOK_UP}),
    Pair("X33", with_lines(typed(20, "CID000555")), s("A20"), with_lines(typed(20, "CID000555", name="Omega")),
         {"cid": "CID000555"}),
    Pair("X33", with_lines(typed(20, "CID000555")), s("A20"), with_lines(typed(20, "CID000099", ALPHA)),
         settings={"look_up": NO_LOOK_UP}),
    Pair("X33", with_lines(typed(20, "CID000555", typed_lookup="x")), s("A20"),
         with_lines(replace(UNLISTED, typed_cid="CID000555", cid="CID000555", cid_source=CidSource.TYPED)),
         settings={"look_up": LOOK_UP}),
    Pair("X33", with_lines(typed(20, "CID000555", typed_lookup="x")), s("A20"), with_lines(ALPHA),
         settings={"look_up": look_up_of(*BASE.smelters)}),
    Pair("X34", with_lines(UNRESOLVED), s("C20"), with_lines(ALPHA)),
    Pair("X34", with_lines(replace(UNRESOLVED, typed_identification="CID000555", cid="CID000555",
                                   cid_source=CidSource.COLUMN_F)), s("C20"), with_lines(UNLISTED)),
    Pair("X34", with_lines(UNRESOLVED), s("C20"), with_lines(replace(UNRESOLVED, typed_metal="", metal=None)),
         near_company=frozenset({"X60"})),
    Pair("X34", with_lines(UNRESOLVED), s("C20"), with_lines(replace(UNRESOLVED, typed_lookup="CID 000099")),
         near_company=frozenset({"X59"})),
    Pair("X34", with_lines(UNRESOLVED), s("C20"), with_lines(replace(UNRESOLVED, typed_lookup="", name="")),
         near_company=frozenset({"X57"})),
    Pair("X35", with_lines(replace(UNLISTED, cid="CID000099", cid_source=CidSource.LOOK_UP)), s("D20"),
         with_lines(replace(UNLISTED, cid="CID000099", cid_source=CidSource.COLUMN_F)), {"cid": "CID000099"}),
    Pair("X35", with_lines(replace(UNLISTED, cid="CID000099", cid_source=CidSource.LOOK_UP)), s("D20"),
         with_lines(ALPHA)),
    Pair("X36", with_lines(replace(UNLISTED, typed_name="unknown")), s("D20"), with_lines(UNLISTED)),
    Pair("X36", with_lines(replace(UNLISTED, typed_name="unknown")), s("D20"),
         with_lines(replace(UNLISTED, typed_name="")), near_company=frozenset({"K56"})),
    Pair("X36", with_lines(replace(UNLISTED, typed_name="unknown")), s("D20"),
         with_lines(replace(ALPHA, typed_name="unknown"))),
    Pair("X37", with_lines(replace(UNLISTED, typed_metal="Cobalt", metal=None)), s("B20"),
         with_lines(replace(UNLISTED, typed_metal="Gold (Au)", metal=AU))),
    Pair("X37", with_lines(replace(UNLISTED, typed_metal="Cobalt", metal=None)), s("B20"),
         with_lines(typed(20, "CID000099", ALPHA))),
    Pair("X38", with_lines(replace(UNLISTED, typed_country="Ruritania", country="Ruritania")), s("E20"),
         with_lines(replace(UNLISTED, typed_country="Taiwan", country="Taiwan"))),
    Pair("X38", with_lines(replace(UNLISTED, typed_country="Ruritania", country="Ruritania")), s("E20"),
         with_lines(replace(UNLISTED, typed_country="Unknown", country="Unknown"))),
    Pair("X38", with_lines(replace(UNLISTED, typed_country="Ruritania", country="Ruritania")), s("E20"),
         with_lines(replace(ALPHA, country="Ruritania"))),
    Pair("X38", with_lines(replace(UNLISTED, typed_country="Ruritania", country="Ruritania")), s("E20"),
         with_lines(replace(UNRESOLVED, country="")), near_company=frozenset({"X34"})),
    Pair("X54", tin(mine="Recycled"), s("P6"), tin(mine="Recycled", recycled="Yes"), near_company=frozenset({"X11"})),
    Pair("X54", tin(mine_country="Scrap", recycled="No"), s("P6"), tin(mine="Scrap", mine_country="Peru")),
    Pair("X55", with_lines(typed(20, "CID000099", ALPHA, typed_lookup="Smelter 1")), s("C20"),
         with_lines(typed(20, "CID000099", ALPHA, typed_lookup="ALPHA")), {"cid": "CID000099"},
         settings={"look_up": LOOK_UP}),
    Pair("X55", with_lines(typed(20, "CID000099", ALPHA, typed_lookup="Smelter 1", typed_country="Japan")), s("C20"),
         with_lines(typed(20, "CID000099", ALPHA, typed_lookup="An alias")), settings={"look_up": LOOK_UP}),
    Pair("X55", with_lines(typed(20, "CID000099", ALPHA, typed_lookup="Smelter 1")), s("C20"),
         with_lines(typed(20, "CID000099", ALPHA, typed_lookup="Smelter 1")), settings={"look_up": LOOK_UP},
         near_settings={}),
    Pair("X56", with_lines(typed(20, "CID000099", ALPHA, typed_country="JAPAN")), s("E20"),
         with_lines(typed(20, "CID000099", ALPHA, typed_country="PERU")), {"cid": "CID000099"}),
    Pair("X56", with_lines(replace(ALPHA, typed_country="Japan")), s("E20"),
         with_lines(replace(ALPHA, typed_country="Ruritania"))),
    Pair("X56", with_lines(replace(ALPHA, typed_country="Japan", country="Japan")), s("E20"),
         with_lines(replace(ALPHA, typed_country="Japan", country="Japan")), settings={"look_up": LOOK_UP},
         near_settings={"look_up": look_up_of(*BASE.smelters)}),
    Pair("X56", with_lines(replace(ALPHA, typed_country="Japan")), s("E20"),
         with_lines(replace(ALPHA, typed_country="Japan", country=""))),
    Pair("X56", with_lines(replace(ALPHA, typed_country="Japan")), s("E20"),
         with_lines(replace(UNLISTED, typed_country="Japan"))),
    Pair("X57", with_lines(replace(UNRESOLVED, typed_lookup="", typed_name="Omega")), s("C20"), with_lines(ALPHA)),
    Pair("X57", with_lines(replace(UNRESOLVED, typed_lookup="")), s("C20"),
         with_lines(replace(UNRESOLVED, typed_lookup="", typed_cid="7", typed_metal="")),
         near_company=frozenset({"X31"})),
    Pair("X57", with_lines(replace(UNRESOLVED, typed_lookup="")), s("C20"),
         with_lines(replace(UNLISTED, typed_lookup=""))),
    Pair("X58", ask(Q7, "No", "Not yet", to=with_lines(not_yet_identified(20, SN, name="Omega"))), s("D20"),
         ask(Q7, "No", "Not yet", to=with_lines(not_yet_identified(20, SN, name="Unknown")))),
    Pair("X58", ask(Q7, "No", "Not yet", to=with_lines(not_yet_identified(20, SN, name="Omega"))), s("D20"),
         ask(Q7, "No", "Not yet", to=with_lines(UNIDENTIFIED, UNLISTED))),
    Pair("X59", with_lines(replace(UNRESOLVED, typed_lookup="CID000099")), s("C20"),
         with_lines(typed(20, "CID000099", ALPHA, typed_name="CID000099"))),
    Pair("X59", with_lines(replace(UNLISTED, typed_name="Beta Works (cid000099)")), s("D20"),
         with_lines(replace(UNLISTED, typed_name="Beta Works CID0000991"))),
    Pair("X59", with_lines(replace(UNLISTED, typed_name="Beta Works CID 000099")), s("D20"),
         with_lines(replace(UNLISTED, typed_name="Placid000099"))),
    Pair("X60", with_lines(replace(UNRESOLVED, typed_metal="", metal=None)), s("B20"), with_lines(UNLISTED)),
    Pair("X60", with_lines(replace(UNLISTED, typed_metal="", metal=None)), s("B20"),
         with_lines(replace(UNLISTED, typed_metal="", metal=None, typed_identification="CID000555", cid="CID000555",
                            cid_source=CidSource.COLUMN_F))),
    Pair("X60", with_lines(replace(UNLISTED, typed_metal="", metal=None)), s("B20"),
         with_lines(replace(UNRESOLVED, typed_metal="", metal=None, typed_lookup="", typed_name="Omega")),
         near_company=frozenset({"X57"})),
    Pair("X60", with_lines(replace(UNLISTED, typed_metal="", metal=None)), s("B20"),
         with_lines(replace(UNLISTED, typed_metal="Cobalt", metal=None)), near_company=frozenset({"X37"})),
    Pair("X60", with_lines(replace(UNLISTED, typed_metal="", metal=None)), s("B20"),
         with_lines(replace(UNLISTED, typed_metal="", metal=SN))),
    Pair("X61", tin(recycled="mostly"), s("P6"), tin(recycled="Unknown")),
    Pair("X61", tin(recycled="mostly"), s("P6"), tin(recycled="")),
    Pair("X62", with_lines(replace(UNLISTED, typed_name="Beta Trading Co.")), s("D20"),
         with_lines(replace(UNLISTED, typed_name="Betatrading Works"))),
    Pair("X62", with_lines(replace(UNLISTED, typed_name="Beta Trading Co.")), s("D20"),
         with_lines(replace(UNRESOLVED, typed_name="Beta Trading Co.")), near_company=frozenset({"X34"})),
    Pair("X62", with_lines(replace(UNLISTED, typed_name="BETA METAL TRADERS")), s("D20"),
         with_lines(replace(ALPHA, typed_name="Beta Trading Co."))),
    Pair("X62", with_lines(replace(UNLISTED, typed_name="Beta Trading Co.")), s("D20"),
         with_lines(replace(UNLISTED, typed_name="Beta Trading Co.", cid="CID000099", cid_source=CidSource.LOOK_UP)),
         near_company=frozenset({"X35"})),
)  # fmt: skip

COUNTRIES = (
    Pair("X72", tin(mine_country="Cerro Rico"), s("O6"), tin(mine_country="Unknown")),
    Pair("X72", tin(mine_country="Africa"), s("O6"), tin(mine_country="South Africa")),
    Pair("X72", tin(mine_country="Peru; a place by the sea"), s("O6"),
         tin(mine_country="Peru; RCOI confirmed as per RMI")),
    Pair("X72", tin(mine_country="Non-DRC"), s("O6"), tin(mine_country="Korea, Republic of, Perú")),
    Pair("X72", with_lines(replace(ALPHA, mine_country="here"), replace(ALPHA, row=21, mine_country="Peru; somewhere")),
         s("O20", "O21"), with_lines(ALPHA, replace(ALPHA, row=21, mine_country="Level 1 countries"))),
    Pair("X73", tin(mine_country="Netherlands Antilles"), s("O6"), tin(mine_country="Netherlands; Curaçao")),
    Pair("X73", tin(mine_country="Peru, Virgin Islands"), s("O6"), tin(mine_country="Virgin Islands, British"),
         {"countries": "Virgin Islands, British / Virgin Islands, U.S."}),
    Pair("X77", tin(mine_country="L3"), s("O6"), tin(mine_country="L1, L2"), {"metal": "Tin", "question": "3"}),
    Pair("X77", tin(mine_country="near the border of Burundi"), s("O6"), tin(mine_country="near the border of Peru")),
    Pair("X77", tin(mine_country="Peru; CC"), s("O6"), tin(mine_country="Peru; LR")),
    Pair("X77", tin(mine_country="Rwanda?"), s("O6"), tin(mine_country="not Rwanda"), near_company=frozenset({"X72"})),
    Pair("X74", tin(mine_country="Phillipines"), s("O6"), tin(mine_country="the Philippines"),
         {"country": "the Philippines"}),
    Pair("X74", tin(mine_country="Bolivia and Perru"), s("O6"), tin(mine_country="Bolivia y Perú"),
         {"country": "Peru"}),
)  # fmt: skip

CHECKER = (
    *(
        Pair(rule, with_company(BASE, **{name: ""}), d(cell), BASE, words)
        for rule, name, cell, words in (
            ("K01", "name", "D8", {"field": "company name"}),
            ("K02", "scope_entry", "D9", {"field": "declaration scope"}),
            ("K04", "contact_name", "D15", {"field": "contact name"}),
            ("K05", "contact_email", "D16", {"field": "contact e-mail address"}),
            ("K06", "contact_phone", "D17", {"field": "contact phone number"}),
            ("K07", "authorizer_name", "D18", {"field": "authorizer's name"}),
            ("K08", "authorizer_email", "D20", {"field": "authorizer's e-mail address"}),
        )
    ),
    Pair("K03", described(""), d("D10"), described("Both plants")),
    Pair("K09", dated(None, ""), d("D22"), BASE, {"field": "effective date"}),
    *(
        Pair(f"K{10 + place}", ask(Q1, "", metal=metal), d(f"D{26 + place}"), out(metal),
             {"number": "1", "metal": metal.value},
             company=frozenset(f"K{10 + 4 * block + place}" for block in range(1, 8)))
        for place, metal in enumerate(CONFLICT_MINERALS)
    ),
    *(
        Pair(f"K{10 + 4 * block + place}", ask(question, "", metal=metal), d(f"D{26 + 6 * block + place}"), out(metal),
             {"number": str(block + 1), "metal": metal.value},
             company=frozenset(f"K{10 + 4 * later + place}" for later in range(2, 8) if question is Q2))
        for block, question in enumerate(Question) if question is not Q1
        for place, metal in enumerate(CONFLICT_MINERALS)
    ),
    *(
        Pair(rule, with_company_answer(BASE, letter, "", BASE.company_answers[letter].comment.text),
             d(f"D{75 + 2 * 'ABCDEFGH'.index(letter)}"), with_company_answer(all_out(Tin="-"), letter, ""),
             {"letter": letter})
        for rule, letter in zip(("K42", "K43", "K45", "K46", "K47", "K48", "K49", "K50"), "ABCDEFGH", strict=True)
    ),
    Pair("K44", with_company_answer(BASE, "B", "Yes"), d("G77"), with_company_answer(all_out(Tin="-"), "B", "Yes")),
    Pair("K51", products(), p("B6"), products("W-1")),
    Pair("K51", products("W-1", first=7), p("B6"), products(scope=Scope.COMPANY)),
    *(
        Pair(f"K{52 + place}", replace(BASE, smelters=tuple(x for x in BASE.smelters if x.metal != metal)),
             s(f"B{5 + place}"), out(metal), {"metal": metal.value})
        for place, metal in enumerate(CONFLICT_MINERALS)
    ),
    Pair("K53",
         replace(NO_TIN, smelters=(*NO_TIN.smelters, replace(typed(9, "CID000555", typed_metal="Tin"), metal=SN))),
         s("B6"), replace(NO_TIN, smelters=(*NO_TIN.smelters, typed(9, "CID000099", ALPHA))),
         company=frozenset({"X33"})),
    Pair("K53", replace(NO_TIN, smelters=(*NO_TIN.smelters, replace(UNRESOLVED, typed_lookup=""))), s("B6"),
         replace(NO_TIN, smelters=(*NO_TIN.smelters, ALPHA)), company=frozenset({"X57"})),
    Pair("K56", with_lines(replace(UNLISTED, typed_name="")), s("D20"), with_lines(UNLISTED), {"what": "name"}),
    Pair("K56", with_lines(replace(UNLISTED, country="")), s("E20"), with_lines(replace(UNLISTED, typed_country="")),
         {"what": "country"}),
    Pair("K56", replace(with_lines(replace(UNLISTED, typed_country="")), template_version="6.1"), s("E20"),
         replace(with_lines(UNLISTED), template_version="6.1"), {"what": "country"},
         company=frozenset({"X43"}), near_company=frozenset({"X43"})),
)  # fmt: skip

PAIRS: tuple[Pair, ...] = (
    *CHECKER,
    *ANSWERS, *COMPANY, *COMPANY_ANSWERS, *DATES, *TEMPLATE, *PRODUCTS, *ENTRIES, *SMELTER_LIST, *SMELTER_ROWS,
    *COUNTRIES,
)  # fmt: skip
