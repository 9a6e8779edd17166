"""The effective date: a date that can be, of the year that is asked for."""

from collections.abc import Iterable
from datetime import timedelta

from tracelode.findings import Severity
from tracelode.review.rules.rule import Case, Hit, Rule, at

_TIME_ZONES = timedelta(days=1)
"""The supplier's today may be tomorrow where the file arrives."""

_STALE_AFTER = timedelta(days=366)


def _unreadable(case: Case) -> Iterable[Hit]:
    company = case.declaration.company
    return [at(company.effective_date_entry)] if company.effective_date_entry and not company.effective_date else []


def _in_the_future(case: Case) -> Iterable[Hit]:
    company = case.declaration.company
    if case.demands.received is None or company.effective_date is None:
        return []
    late = company.effective_date - case.demands.received > _TIME_ZONES
    return [at(company.effective_date_entry, received=case.demands.received.isoformat())] if late else []


def _before_the_template(case: Case) -> Iterable[Hit]:
    company, version = case.declaration.company, case.version
    if company.effective_date is None or version is None or version < case.layout.version:
        return []
    if company.effective_date >= case.layout.released:
        return []
    printed = case.templates.as_printed(version)
    return [at(company.effective_date_entry, version=printed, released=case.layout.released.isoformat())]


def _before_the_year(case: Case) -> Iterable[Hit]:
    company = case.declaration.company
    if company.effective_date is None or company.effective_date.year >= case.demands.year:
        return []
    return [at(company.effective_date_entry, year=case.demands.year)]


def _stale(case: Case) -> Iterable[Hit]:
    company = case.declaration.company
    if (
        company.effective_date is None
        or case.demands.received is None
        or company.effective_date.year < case.demands.year
    ):
        return []
    return [at(company.effective_date_entry)] if case.demands.received - company.effective_date > _STALE_AFTER else []


DATE_RULES = (
    Rule(
        id="X25",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the company information (date)",
        message="The effective date cannot be read as a date, or could be two different days.",
        remedy="Write the date like 31-Jan-2026.",
        check=_unreadable,
    ),
    Rule(
        id="X44",
        severity=Severity.WARNING,
        source="logic of the form: a declaration cannot be made in the future",
        message="The effective date is later than the day on which the file arrived ({received}).",
        remedy="Write the date on which the declaration was completed.",
        check=_in_the_future,
    ),
    Rule(
        id="X45",
        severity=Severity.WARNING,
        source="CMRT 6.5, Revision sheet",
        message="The effective date is earlier than the release of this template: version {version} came out on "
        "{released}.",
        remedy="Check all answers again, and write the date on which you did so.",
        check=_before_the_template,
        in_general="The effective date is earlier than the release of this template.",
    ),
    Rule(
        id="X46",
        severity=Severity.WARNING,
        source="practice of reviewers: a declaration speaks for the year that it is made in",
        message="The effective date is before the reporting year {year}.",
        remedy="Check all answers for {year}, and write the date on which you did so.",
        check=_before_the_year,
        in_general="The effective date is before the reporting year.",
        remedy_in_general="Check all answers for the reporting year, and write the date on which you did so.",
    ),
    Rule(
        id="X47",
        severity=Severity.NOTICE,
        source="practice of reviewers: a declaration holds for twelve months",
        message="The effective date is more than twelve months before the file arrived.",
        remedy="Check whether suppliers or smelters have changed since, and send a new declaration if so.",
        check=_stale,
    ),
)
