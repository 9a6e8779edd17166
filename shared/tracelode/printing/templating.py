"""The one way in which templates become text: everything escaped, nothing undefined, nothing unprintable."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracelode.printing import wording
from tracelode.printing.printable import printable

_FILTERS = (
    wording.in_words,
    wording.grouped,
    wording.counted,
    wording.pluralized,
    wording.listed,
    wording.capitalized,
    wording.long_date,
    wording.paragraphs,
)


def render(template: str, **names: Any) -> str:
    """The template, named by its path below the package, filled with `names`.

    Raises jinja2.UndefinedError for a name that nothing defines: a slip in a template is a bug, never a blank.
    """
    return _environment().get_template(template).render(**names)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tracelode", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )
    for filter_ in _FILTERS:
        environment.filters[filter_.__name__] = filter_
    return environment


def _finalize(value: Any) -> Any:
    return printable(value) if type(value) is str else value
