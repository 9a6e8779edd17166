"""Countries of origin: whether what stands in the column of mine countries is understood."""

from collections.abc import Callable, Iterator

from tracelode.declarations.declaration import SmelterLine
from tracelode.declarations.templates.questions import Question
from tracelode.findings import Severity
from tracelode.review.rules.rule import Case, Check, Hit, Rule
from tracelode.smelters.countries import candidates_of, suggested_country
from tracelode.smelters.origins import read_origin

NAMES_APART = " / "
"""What stands between the names of several countries that one name may mean."""

_FORMULA_SIGNS = ("=", "#")
_PARTS_OF_A_CELL = 3


def _each(words: Callable[[str], dict[str, object] | None]) -> Check:
    """A check of each line's mine country: what fills the rule for a part not understood, None where it is silent."""

    def check(case: Case) -> Iterator[Hit]:
        for line in case.declaration.smelters:
            for part in _not_understood(line):
                filled = words(part)
                if filled is not None:
                    yield case.on_line(line, "mine_country", **filled)
                    break

    return check


def _perhaps_covered(case: Case) -> Iterator[Hit]:
    for metal, lines in case.lines.items():
        answer = case.answer(Question.COVERED_COUNTRIES, metal)
        if answer is None or answer.value == "Yes":
            continue
        for line in lines:
            if line.mine_country and read_origin(line.mine_country).perhaps_covered:
                yield case.on_line(
                    line, "mine_country", question=case.layout.questions[Question.COVERED_COUNTRIES].number, metal=metal
                )


def _not_understood(line: SmelterLine) -> tuple[str, ...]:
    if not line.mine_country or line.mine_country.startswith(_FORMULA_SIGNS):
        return ()
    return read_origin(line.mine_country).not_understood[:_PARTS_OF_A_CELL]


def _shared(part: str) -> dict[str, object] | None:
    countries = candidates_of(part)
    return {"countries": NAMES_APART.join(country.in_prose for country in countries)} if len(countries) > 1 else None


def _misspelt(part: str) -> dict[str, object] | None:
    country = suggested_country(part)
    return {"country": country.in_prose} if country else None


def _neither(part: str) -> dict[str, object] | None:
    return None if candidates_of(part) or suggested_country(part) else {}


COUNTRY_RULES = (
    Rule(
        id="X77",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to question 3; Definitions C7",
        message="A covered country stands here, or a group that holds some (as level 3 does), and it stays open "
        "whether {metal} comes from there.",
        remedy="Write the countries of the mines by name. If any {metal} comes from a covered country, answer Yes "
        "to question {question}.",
        check=_perhaps_covered,
        in_general="A covered country stands here, or a group that holds some (as level 3 does), and it stays open "
        "whether the metal comes from there.",
        remedy_in_general="Write the countries of the mines by name. If any of the metal comes from a covered country, "
        "answer Yes to question 3.",
    ),
    Rule(
        id="X72",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to the Smelter List (location of mines)",
        message="Something here is neither a country nor one of the statements that may stand instead of one.",
        remedy="Write the country of the mine, several separated by semicolons. If you do not know it, write Unknown. "
        "You can also write Recycled, Scrap, or RCOI confirmed as per RMI, if that is so.",
        check=_each(_neither),
    ),
    Rule(
        id="X73",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the Smelter List (location of mines); Definitions C7",
        message="This name stands for more than one country: {countries}. It was counted as none of them.",
        remedy="Write which of them is meant: {countries}.",
        check=_each(_shared),
        in_general="This name stands for more than one country. It was counted as none of them.",
        remedy_in_general="Write which of them is meant.",
    ),
    Rule(
        id="X74",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to the Smelter List (location of mines)",
        message="Something here is not the name of a country, but close to one: {country}. It was not counted as that.",
        remedy="If {country} is meant, write it like that. Otherwise write the right country.",
        check=_each(_misspelt),
        in_general="Something here is not the name of a country, but close to one. It was not counted as that.",
        remedy_in_general="If that country is meant, write its name in full. Otherwise write the right country.",
    ),
)
