"""The program profile (`program.toml`): the year, its vocabulary, and what the registrant says about itself."""

import datetime
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.questions import Scope
from tracelode.declarations.templates.vocabulary import choice_of
from tracelode.findings import Severity
from tracelode.lists.problems import Problem, ReferenceRefusedError
from tracelode.smelters.countries import candidates_of, continents, country_or_code, suggested_country
from tracelode.smelters.status import Vocabulary
from tracelode.sources.stated_facts import NOTHING_DONE, NOTHING_STATED, Actions, SupplyChain, read_stated
from tracelode.template_kind import CMRT

PROGRAM_FILE = "program.toml"

MAX_PROGRAM_BYTES = 200_000
"""Bytes of a profile; the example's has 5,000."""

_MAX_KEY_PARTS = 40
"""Parts of a dotted key: the parser's time and memory grow with the square of their number."""

_CURLY = re.compile(r"=\s*[\[\s]*[“”‘’„«]")
_NEAR_KEY = 75
"""Likeness (0 to 100) of two keys from which one is asked about."""

_LONG_KEY = re.compile(rf"(?:[ \t]{{0,9}}+[^\s.=\[\]{{}},]{{0,99}}+[ \t]{{0,9}}+\.){{{_MAX_KEY_PARTS}}}")


@dataclass(frozen=True, slots=True)
class Registrant:
    """The cover of Form SD. Empty fields print as a bracketed blank to fill in, and are listed on the index page."""

    name: str = ""
    short_name: str = ""
    state: str = ""
    commission_file_number: str = ""
    employer_identification_number: str = ""
    address: str = ""
    contact: str = ""
    contact_phone: str = ""
    website: str = ""
    policy_website: str = ""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs, and when (ISO date in the file; None where it is not decided yet).

    `signature` is the conformed signature ("/s/ Jane Doe"), which stands for a page that is signed and on file.
    """

    name: str = ""
    title: str = ""
    date: datetime.date | None = None
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Narrative:
    """What only the registrant can say; each is a paragraph of plain text, empty where it has nothing to say."""

    company_overview: str = ""
    covered_products: str = ""
    policy: str = ""
    management: str = ""
    grievance: str = ""
    senior_management: str = ""
    record_retention: str = ""
    future_steps: str = ""
    supplier_term: str = "suppliers"
    """What the report calls those surveyed, in the plural ("contract manufacturers")."""


@dataclass(frozen=True, slots=True)
class Risk:
    """Where an indeterminable facility counts as being at greater risk: continents (UN M49) and ISO 3166 countries,
    beside the covered countries, where every one does.

    `lists` are high-risk lists that the program follows (conflict-affected and high-risk areas, say) by name, each of
    ISO 3166-1 alpha-2 codes. They are shown beside a facility and are no ground for `continents` or `countries`.
    """

    continents: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RollUpProfile:
    """What only the registrant can say in a CMRT of its own; texts of the company block are empty where not given.

    `scope` is a Scope's value; `products` are the product numbers that scope B is about. `answers` and `comments` go
    by the letter of the company-level question (A to H), answers in the words of the newest template.
    """

    scope: str = Scope.COMPANY.value
    scope_description: str = ""
    unique_id: str = ""
    unique_id_authority: str = ""
    address: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    authorizer_name: str = ""
    authorizer_title: str = ""
    authorizer_email: str = ""
    authorizer_phone: str = ""
    effective_date: datetime.date | None = None
    policy_url: str = ""
    products: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edition:
    """What an edition of the filing holds beyond what every edition does; all of it is off unless stated here.

    `exhibits_item` is the item of Form SD under which the exhibits stand, "" for the year's own. `status_counts` is the
    table of facilities by metal and status; `year_on_year` what was added, removed and changed since last year's
    report, where that is known; `response_statistics` how the responses stand, by scope and version of the template;
    `declared_origins` the countries of origin that suppliers declare; `dates` the date of the status lists and of the
    newest response; `sole_suppliers` how many facilities one supplier alone names; `corrective_action` which active
    facilities are under an extended corrective action plan; `identification_numbers` the annex with each CID.

    `amendment` is why this form amends the one that was filed before, and `amendment_number` which amendment it is, 0
    where that is not stated: either makes the filing a Form SD/A.

    `responses_through` is the last day on which a response counts; what comes later is told and changes nothing.
    `without_report` says that counsel has decided for a Form SD without a Conflict Minerals Report (Item 1.01(b)); it
    has effect only while nothing stands against it. `private_sector_audit` says that the report had one, without which
    no text may call products "DRC conflict free".
    """

    exhibits_item: str = ""
    status_counts: bool = False
    year_on_year: bool = False
    response_statistics: bool = False
    declared_origins: bool = False
    dates: bool = False
    sole_suppliers: bool = False
    corrective_action: bool = False
    identification_numbers: bool = False
    amendment: str = ""
    amendment_number: int = 0
    responses_through: datetime.date | None = None
    without_report: bool = False
    private_sector_audit: bool = False

    @property
    def counted_through(self) -> str:
        """The last UTC day of which responses count, in ISO 8601, "" where all do."""
        return self.responses_through.isoformat() if self.responses_through else ""

    @property
    def amends(self) -> bool:
        """Whether the form amends one that was filed before."""
        return bool(self.amendment or self.amendment_number)


EDITION_OF: Mapping[Vocabulary, Edition] = {
    Vocabulary.CFSP_2016: Edition(),
    Vocabulary.RMAP: Edition(
        status_counts=True,
        year_on_year=True,
        response_statistics=True,
        dates=True,
        corrective_action=True,
        identification_numbers=True,
    ),
}
"""What an edition holds where the profile does not say: for 2016 what filings held then, since then what good ones do.

Declared origins and what one supplier alone names are never there unasked: the first are unverified, the second tell
of a supplier.
"""
EXHIBITS_ITEMS = ("2.01", "3.01")
"""Where exhibits stand on Form SD: before and since the form has an item on resource extraction."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program year.

    `minimum_cmrt_version` is the oldest template accepted, "" for any; `severities` are the program's own for rules of
    the review, None for a rule that is switched off.
    """

    year: int
    vocabulary: Vocabulary
    registrant: Registrant = Registrant()
    signatory: Signatory = Signatory()
    narrative: Narrative = Narrative()
    risk: Risk = Risk()
    rollup: RollUpProfile = RollUpProfile()
    edition: Edition = Edition()
    actions: Actions = NOTHING_DONE
    supply_chain: SupplyChain = NOTHING_STATED
    minimum_cmrt_version: str = ""
    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    unknown_keys: tuple[str, ...] = ()


_TOP_LEVEL = ("year", "vocabulary", "minimum_cmrt_version", "severities")
_OFF = "off"
_VERSION = re.compile(r"(\d+(\.\d+)?[a-z]?)?")
_TABLES: dict[str, type[Any]] = {
    "registrant": Registrant,
    "signatory": Signatory,
    "narrative": Narrative,
    "risk": Risk,
    "rollup": RollUpProfile,
    "edition": Edition,
}
_STATED: Mapping[str, type[Any]] = {"actions": Actions, "supply_chain": SupplyChain}


_SATURDAY, _SUNDAY = 5, 6


def due_date(year: int) -> datetime.date:
    """When the report on a calendar year is due: 31 May after it, or the next business day (Form SD, general
    instruction B; 17 CFR 240.0-3). A Monday that is 31 May is Memorial Day, the last of the month."""
    last_of_may = datetime.date(year + 1, 5, 31)
    days_on = {0: 1, _SATURDAY: 2, _SUNDAY: 1}
    return last_of_may + datetime.timedelta(days=days_on.get(last_of_may.weekday(), 0))


def _document(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_PROGRAM_BYTES:
        raise ReferenceRefusedError(PROGRAM_FILE, (Problem(f"larger than {MAX_PROGRAM_BYTES:,} bytes"),))
    if _LONG_KEY.search(data.decode("utf-8-sig", "replace")):
        raise ReferenceRefusedError(PROGRAM_FILE, (Problem(f"a key of more than {_MAX_KEY_PARTS} parts"),))
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise ReferenceRefusedError(PROGRAM_FILE, (Problem("lists or tables nested deeper than is read"),)) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReferenceRefusedError(PROGRAM_FILE, (_not_toml(data, error),)) from error
    except ValueError:
        # What else the parser raises is what Python says to a number of thousands of digits.
        raise ReferenceRefusedError(PROGRAM_FILE, (Problem("a number with more digits than is read"),)) from None


def _not_toml(data: bytes, error: Exception) -> Problem:
    """What is wrong with the file's form; a word processor's quotes, which look right, are told for themselves."""
    for number, line in enumerate(data.decode("utf-8-sig", "replace").split("\n"), start=1):
        if _CURLY.search(line):
            return Problem(
                'curly quotes, as word processors make them, are none in TOML: type " instead of “ and ”', row=number
            )
    return Problem(f"not valid TOML: {error}")


def near_key(unknown: str) -> str:
    """The key of the profile that a key which nothing reads is nearest to, "" where none is near."""
    from rapidfuzz import fuzz, process

    table, _, _ = unknown.rpartition(".")
    tables: dict[str, type[Any]] = {**_TABLES, **_STATED}
    fields = {name: tuple(kind.__dataclass_fields__) for name, kind in tables.items()}
    known = [*_TOP_LEVEL, *fields, *(f"{name}.{field}" for name, names in fields.items() for field in names)]
    within = [key for key in known if key.rpartition(".")[0] == table] or known
    found = process.extractOne(unknown[:200], within, scorer=fuzz.ratio, score_cutoff=_NEAR_KEY)
    return found[0] if found else ""


def parse_program(data: bytes, rules: Collection[str]) -> Program:
    """The profile that a TOML file states; `rules` are the ids of the rules that it may weigh.

    Only `year` and `vocabulary` are required. Keys that nothing reads are kept in `unknown_keys` so that a misspelling
    can be shown rather than lost. Countries may be given as ISO 3166 codes or by name.

    Raises ReferenceRefusedError with every problem in the file, each with its key.
    """
    document = _document(data)
    problems: list[Problem] = []
    year: Any = document.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or not 2010 <= year <= 2100:
        problems.append(Problem("a whole number such as 2016 is required", column="year", found=year))
    vocabulary: Any = document.get("vocabulary")
    if vocabulary not in set(Vocabulary):
        choices = ", ".join(f'"{choice}"' for choice in Vocabulary)
        problems.append(Problem(f"one of {choices} is required", column="vocabulary", found=vocabulary))
    minimum = document.get("minimum_cmrt_version", "")
    if not isinstance(minimum, str) or not _VERSION.fullmatch(minimum):
        problems.append(Problem('a text such as "6.1" is required', column="minimum_cmrt_version", found=minimum))
    unknown: list[str] = []
    severities = _severities(document.get("severities", {}), rules, problems)
    values = {name: _table(name, kind, document.get(name, {}), problems, unknown) for name, kind in _TABLES.items()}
    values["risk"] = _risk(values["risk"], document.get("risk", {}), vocabulary, problems)
    values["rollup"] = _rollup(values["rollup"], document.get("rollup", {}), problems, unknown)
    values["edition"] = _edition(values["edition"], document.get("edition", {}), vocabulary, problems)
    for name, kind in _STATED.items():
        values[name] = read_stated(name, kind, document.get(name, {}), problems, unknown)
    unknown += [key for key in document if key not in _TOP_LEVEL and key not in values]
    if problems:
        raise ReferenceRefusedError(PROGRAM_FILE, tuple(problems))
    return Program(
        year=year,
        vocabulary=Vocabulary(vocabulary),
        minimum_cmrt_version=minimum,
        severities=severities,
        unknown_keys=tuple(sorted(unknown)),
        **values,
    )


def _severities(table: Any, rules: Collection[str], problems: list[Problem]) -> dict[str, Severity | None]:
    if not isinstance(table, dict):
        problems.append(Problem("a table [severities] is required", column="severities", found=table))
        return {}
    accepted: dict[str, Severity | None] = {}
    for rule, severity in table.items():
        column = f"severities.{rule}"
        if rule not in rules:
            problems.append(Problem("a rule such as X17 is required (docs/RULES.md)", column=column))
        elif severity == _OFF:
            accepted[rule] = None
        elif severity in set(Severity):
            accepted[rule] = Severity(severity)
        else:
            choices = ", ".join(f'"{choice}"' for choice in (*Severity, _OFF))
            problems.append(Problem(f"one of {choices} is required", column=column, found=severity))
    return accepted


def _table(name: str, kind: type[Any], table: Any, problems: list[Problem], unknown: list[str]) -> Any:
    if not isinstance(table, dict):
        problems.append(Problem(f"a table [{name}] is required", column=name, found=table))
        return kind()
    accepted: dict[str, Any] = {}
    defaults = kind()
    for key, value in table.items():
        if key not in kind.__dataclass_fields__:
            unknown.append(f"{name}.{key}")
            continue
        wanted = getattr(defaults, key)
        if isinstance(wanted, Mapping):
            continue  # read apart
        if isinstance(wanted, tuple):
            fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
            value, asked = (tuple(value) if fits else value), "a list of texts"
        elif isinstance(wanted, bool):
            fits, asked = isinstance(value, bool), "true or false"
        elif isinstance(wanted, int):
            fits, asked = type(value) is int and value > 0, "a whole number such as 1"
        elif wanted is None:
            fits, asked = type(value) is datetime.date, "a date such as 2017-05-26"
        else:
            fits, asked = isinstance(value, str), "a text"
            value = value.strip() if fits else value
        if fits:
            accepted[key] = value
        else:
            problems.append(Problem(f"{asked} is required", column=f"{name}.{key}", found=value))
    return kind(**accepted)


def _edition(edition: Edition, table: Any, vocabulary: Any, problems: list[Problem]) -> Edition:
    """The edition with what its vocabulary's editions hold, where the table does not say."""
    if edition.exhibits_item not in ("", *EXHIBITS_ITEMS):
        choices = ", ".join(f'"{item}"' for item in EXHIBITS_ITEMS)
        problems.append(
            Problem(f"one of {choices} is required", column="edition.exhibits_item", found=edition.exhibits_item)
        )
    if vocabulary not in set(Vocabulary) or not isinstance(table, dict):
        return edition
    stated = {key: getattr(edition, key) for key in table if key in Edition.__dataclass_fields__}
    return replace(EDITION_OF[Vocabulary(vocabulary)], **stated)


def _risk(risk: Risk, table: Any, vocabulary: Any, problems: list[Problem]) -> Risk:
    """The places of risk with every continent and country understood; what is not is a problem.

    An edition of 2016 that does not name any continent is about Africa, as filings of that year were.
    """
    if vocabulary == Vocabulary.CFSP_2016 and isinstance(table, dict) and "continents" not in table:
        risk = replace(risk, continents=("Africa",))
    lists = table.get("lists", {}) if isinstance(table, dict) else {}
    if not isinstance(lists, dict):
        problems.append(Problem("a table [risk.lists] is required", column="risk.lists", found=lists))
        lists = {}
    named: dict[str, tuple[str, ...]] = {}
    for name, texts in lists.items():
        column = f"risk.lists.{name}"
        if not name.strip():
            problems.append(Problem("a list needs a name", column="risk.lists"))
        elif isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts):
            named[name.strip()] = _country_codes(texts, column, problems)
        else:
            problems.append(Problem("a list of countries is required", column=column, found=texts))
    return Risk(
        continents=_continents(risk.continents, problems),
        countries=_country_codes(risk.countries, "risk.countries", problems),
        lists=named,
    )


def _rollup(profile: RollUpProfile, table: Any, problems: list[Problem], unknown: list[str]) -> RollUpProfile:
    """The roll-up's table with a scope and answers that the template offers; what it does not offer is a problem."""
    if profile.scope not in set(Scope):
        letters = ", ".join(f'"{letter}"' for letter in Scope)
        problems.append(Problem(f"one of {letters} is required", column="rollup.scope", found=profile.scope))
    stated = {name: _by_letter(name, table, problems, unknown) for name in ("answers", "comments")}
    questions = TEMPLATES.newest(CMRT).company_questions
    for letter, answer in stated["answers"].items():
        chosen = choice_of(answer, questions[letter].choices)
        if chosen is None:
            offered = ", ".join(f'"{choice}"' for choice in questions[letter].choices)
            column = f"rollup.answers.{letter}"
            problems.append(Problem(f"one of {offered} is required", column=column, found=answer))
        else:
            stated["answers"][letter] = chosen
    return replace(profile, answers=stated["answers"], comments=stated["comments"])


def _by_letter(name: str, table: Any, problems: list[Problem], unknown: list[str]) -> dict[str, str]:
    texts = table.get(name, {}) if isinstance(table, dict) else {}
    if not isinstance(texts, dict):
        problems.append(Problem(f"a table [rollup.{name}] is required", column=f"rollup.{name}", found=texts))
        return {}
    letters = TEMPLATES.newest(CMRT).company_questions
    accepted: dict[str, str] = {}
    for letter, text in texts.items():
        column = f"rollup.{name}.{letter}"
        if letter not in letters:
            unknown.append(column)
        elif isinstance(text, str):
            accepted[letter] = text.strip()
        else:
            problems.append(Problem("a text is required", column=column, found=text))
    return {letter: accepted[letter] for letter in sorted(accepted) if accepted[letter]}


def _continents(texts: Iterable[str], problems: list[Problem]) -> tuple[str, ...]:
    known = {continent.casefold(): continent for continent in continents()}
    accepted: list[str] = []
    for text in texts:
        continent = known.get(text.strip().casefold())
        if continent:
            accepted.append(continent)
        else:
            choices = ", ".join(f'"{choice}"' for choice in known.values())
            problems.append(Problem(f"one of {choices} is required", column="risk.continents", found=text))
    return tuple(dict.fromkeys(accepted))


def _country_codes(texts: Iterable[str], column: str, problems: list[Problem]) -> tuple[str, ...]:
    codes: list[str] = []
    for text in texts:
        country = country_or_code(text)
        if country:
            codes.append(country.code)
            continue
        shared = " or ".join(candidate.code for candidate in candidates_of(text))
        near = suggested_country(text)
        hint = f"; write {shared}" if shared else f"; is {near.code} ({near.name}) meant?" if near else ""
        problems.append(Problem(f"a country is required, by ISO 3166 code or by name{hint}", column=column, found=text))
    return tuple(dict.fromkeys(codes))
