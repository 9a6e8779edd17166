"""X01 and following: what RMI's Checker does not look at. A topic is a module; a rule is an entry in its table."""

from tracelode.review.consistency.answers import ANSWER_RULES
from tracelode.review.consistency.company import COMPANY_RULES
from tracelode.review.consistency.company_answers import COMPANY_ANSWER_RULES
from tracelode.review.consistency.countries import COUNTRY_RULES
from tracelode.review.consistency.dates import DATE_RULES
from tracelode.review.consistency.entries import ENTRY_RULES
from tracelode.review.consistency.products import PRODUCT_RULES
from tracelode.review.consistency.smelter_list import LIST_RULES
from tracelode.review.consistency.smelter_rows import ROW_RULES
from tracelode.review.consistency.template import TEMPLATE_RULES
from tracelode.review.rules.rule import Rule

_TOPICS = (
    ANSWER_RULES,
    COMPANY_RULES,
    COMPANY_ANSWER_RULES,
    COUNTRY_RULES,
    DATE_RULES,
    ENTRY_RULES,
    PRODUCT_RULES,
    LIST_RULES,
    ROW_RULES,
    TEMPLATE_RULES,
)
CONSISTENCY_RULES: tuple[Rule, ...] = tuple(
    sorted((rule for topic in _TOPICS for rule in topic), key=lambda rule: rule.id)
)
"""The rules of every topic in the order of their ids."""
