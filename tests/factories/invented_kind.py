"""A template kind that nobody publishes, about a mineral that nobody mines: what adding one takes, which is data."""

import tomllib
from typing import Any

from tests.fuzz.specimens import filled_sheets
from tracelode.declarations.templates.catalogue import Templates, read_templates, template_data
from tracelode.declarations.templates.layouts import Layout
from tracelode.minerals import MINERALS, Mineral, read_minerals
from tracelode.template_kind import TemplateKind

IMRT = TemplateKind("IMRT")
TITLE = "Invented Minerals Reporting Template (IMRT)"
UNOBTAINIUM = Mineral("Unobtainium")

_MINERAL = """
[[mineral]]
name = "Unobtainium"
symbol = "Uo"
[mineral.spellings]
fr = ["Introuvable"]
"""

_KIND = """
acronym = "IMRT"
name = "Invented Minerals Reporting Template"
title = "inventedminerals"
"""

_LAYOUTS = """
[labels]
name = ["Company Name"]
effective_date = ["Effective Date"]

[headers.smelter_list]
metal = ["Mineral"]
look_up = ["Processor Look-up"]
name = ["Processor Name"]
country = ["Processor Country"]

[headers.product_list]
number = ["Product Number"]
name = ["Product Name"]
comments = ["Comments"]

[headers.look_up]
metal = ["Mineral"]
alias = ["Processor Look-up"]
name = ["Standard Processor Name"]
country = ["Processor Country"]
cid = ["Processor ID"]

[families.1]
documented = true
shows_names = false
minerals = ["Unobtainium", "Tin"]
label_column = "C"
answer_column = "E"
comment_column = "F"
recycled_choices = ["Yes", "No"]

[families.1.scopes]
"A. Company" = "A"
"B. Products" = "B"

[families.1.company]
name = 6
scope = 7
effective_date = 8

[families.1.questions]
intentionally_added = { number = 1, row = 11, choices = ["Yes", "No"] }
remains_in_product = { number = 1, row = 11, choices = ["Yes", "No"] }
smelters_identified = { number = 2, row = 15, choices = ["Yes", "No"] }

[families.1.company_questions]
A = { row = 19, choices = ["Yes", "No"] }

[families.1.smelter_list]
first_row = 5
last_row = 40

[families.1.smelter_list.columns]
metal = "B"
look_up = "C"
name = "D"
country = "E"
comments = "Q"

[[families.1.look_ups]]
sheet = "Smelter Look-up"
first_row = 5

[families.1.look_ups.columns]
metal = "A"
alias = "B"
name = "C"
country = "D"
cid = "E"

[[layout]]
version = "1.0"
family = "1"
released = 2020-01-31

[[layout]]
version = "1.20"
family = "1"
released = 2021-01-31
"""


def templates_with_the_invented() -> Templates:
    """The templates that this release knows, and beside them the invented one."""
    return read_templates(
        [*template_data("kinds.toml")["kind"], tomllib.loads(_KIND)],
        {"CMRT": template_data("cmrt.toml"), IMRT: tomllib.loads(_LAYOUTS)},
        {**MINERALS, **read_minerals(tomllib.loads(_MINERAL))},
        template_data("headers.toml"),
    )


def invented_sheets(layout: Layout, mineral: str = "Unobtainium") -> dict[str, dict[str, Any]]:
    """The cells of a filled workbook: both minerals in the products, one processor by look-up and one by its symbol."""
    sheets = filled_sheets(layout, "1.20", TITLE)
    sheets["Revision"] = {"B3": "Invented Minerals Reporting Template"}
    sheets["Smelter List"] = {
        "B5": mineral, "C5": "Pandora",
        "B6": "Uo", "C6": "Smelter not listed", "D6": "Polyphemus", "E6": "JAPAN",
        "B7": "Gold", "C7": "Example Gold",
    }  # fmt: skip
    sheets["Smelter Look-up"] = {
        "A5": "Unobtainium", "B5": "Pandora", "C5": "Pandora Works", "D5": "JAPAN", "E5": "CID990001"
    }  # fmt: skip
    return sheets
