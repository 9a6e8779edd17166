"""How figures of the report itself: its year, its words, the status list, what the profile states came about."""

from typing import Final

from tracelode.report.trace import evidence
from tracelode.report.trace.explanations import rules
from tracelode.report.trace.explanations.explanation import Explanation, Reckoning

OF_REPORT: Final[tuple[Explanation, ...]] = (
    Explanation(
        "year", "The calendar year that the report is about.", "program.toml, year.", evidence.lists("program.toml"),
        Reckoning.STATED,
    ),
    Explanation(
        "vocabulary", "The words that the report uses for a status.", "program.toml, vocabulary.",
        evidence.lists("program.toml"), Reckoning.STATED,
    ),
    Explanation(
        "data_cut_off", "The day on which the newest declaration that counts was received.", rules.COUNTS,
        evidence.newest_declarations, Reckoning.NEWEST,
    ),
    Explanation(
        "responses_through", "The last day on which a response counts.", "program.toml, edition.responses_through.",
        evidence.lists("program.toml"), Reckoning.STATED,
    ),
    Explanation(
        "smelter_list.as_of", "The date that the status list in force is as of.",
        "The date in the list's name, else the newest of its rows; none where it states none.",
        evidence.lists(), Reckoning.STATED,
    ),
    Explanation(
        "smelter_list.undated", "Facilities on the status list that neither the list nor their row dates.",
        "The status list in force: its date, or the row's own.", evidence.undated,
    ),
    Explanation(
        "smelter_list.tells_conformant", "Whether it is known which facilities are conformant.",
        "The lists that were read.", evidence.lists(), Reckoning.STATED,
    ),
    Explanation(
        "smelter_list.tells_active", "Whether it is known which facilities are active.",
        "The lists that were read.", evidence.lists(), Reckoning.STATED,
    ),
    Explanation(
        "smelter_list.dates.{status}.{end}", "The {end} date that a facility counted as {status} is listed as of.",
        "The status list in force: its date, or the row's own.", evidence.lists(), Reckoning.STATED,
    ),
    Explanation(
        "smelter_list.facilities", "Facilities on the status list in force.", rules.ONE_FACILITY, evidence.lists(),
        Reckoning.STATED,
    ),
    Explanation(
        "actions.contracts_ended", "Suppliers with whom contracts were ended.", "program.toml, [actions].",
        evidence.lists("program.toml"), Reckoning.STATED,
    ),
    Explanation(
        "supply_chain.{position}", "What the profile says of the registrant's place in its supply chain.",
        "program.toml, [supply_chain].", evidence.lists("program.toml"), Reckoning.STATED,
    ),
    Explanation(
        "actions.{action}", "What the profile says was done about suppliers.", "program.toml, [actions].",
        evidence.lists("program.toml"), Reckoning.STATED,
    ),
)  # fmt: skip
