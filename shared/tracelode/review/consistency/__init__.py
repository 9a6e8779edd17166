"""X01 and following: what RMI's Checker does not look at. A topic is a module; a rule is an entry in its RULES."""

from tracelode.review.consistency import (
    answers,
    company,
    company_answers,
    countries,
    dates,
    entries,
    products,
    smelter_list,
    smelter_rows,
    template,
)
from tracelode.review.rules.rule import Rule

CONSISTENCY_RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            rule
            for topic in (
                answers,
                company,
                company_answers,
                countries,
                dates,
                entries,
                products,
                smelter_list,
                smelter_rows,
                template,
            )
            for rule in topic.RULES
        ),
        key=lambda rule: rule.id,
    )
)
"""The rules of every topic in the order of their ids."""
