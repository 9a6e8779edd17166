"""Every number of the report, computed once, by name. Documents print figures and compute none."""

from dataclasses import dataclass

from tracelode.picture.conclusion import conclude
from tracelode.picture.edition import reported_metals
from tracelode.picture.figures.conclusion import OriginConclusionFigures, count_conclusion
from tracelode.picture.figures.declarations import DeclarationFigures, count_declarations
from tracelode.picture.figures.last_year import LastYearFigures, count_since_last_year
from tracelode.picture.figures.metals import MetalsFigures, count_metals
from tracelode.picture.figures.smelter_list import SmelterListFigures, count_smelter_list
from tracelode.picture.figures.smelters import SmelterFigures, count_smelters
from tracelode.picture.figures.suppliers import SupplierFigures, count_suppliers
from tracelode.picture.interpretation import Interpretation
from tracelode.smelters.status import Vocabulary
from tracelode.sources.stated_facts import Actions, SupplyChain


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a report. A field's name is the figure's: `smelters.by_metal`, in every text that names one.

    `data_cut_off` is the day (ISO 8601) on which the newest declaration that counts was received, "" without any;
    `responses_through` the day through which the profile says that responses count, "" where all do.
    `actions` and `supply_chain` are the profile's own words, None where it says nothing; `last_year` is None
    where last year's facilities are not known: what nobody knows is not 0.
    """

    year: int
    vocabulary: Vocabulary
    data_cut_off: str
    responses_through: str
    smelter_list: SmelterListFigures
    suppliers: SupplierFigures
    declarations: DeclarationFigures
    metals: MetalsFigures
    origin: OriginConclusionFigures
    smelters: SmelterFigures
    actions: Actions
    supply_chain: SupplyChain
    last_year: LastYearFigures | None


def count_figures(interpretation: Interpretation) -> Figures:
    """All figures of a report.

    Suppliers and their declarations count if they are on the roster and in scope; facilities and unidentified lines
    come from the interpretation, which holds those of in-scope suppliers alone.
    """
    program = interpretation.facts.program
    declarations = interpretation.declarations
    metals = reported_metals(program)
    return Figures(
        year=program.year,
        vocabulary=program.vocabulary,
        data_cut_off=max((declaration.received[:10] for declaration in declarations), default=""),
        responses_through=program.edition.counted_through,
        smelter_list=count_smelter_list(interpretation),
        suppliers=count_suppliers(interpretation),
        declarations=count_declarations(declarations, program.year),
        metals=count_metals(declarations, metals),
        origin=count_conclusion(conclude(interpretation)),
        smelters=count_smelters(interpretation, metals),
        actions=program.actions,
        supply_chain=program.supply_chain,
        last_year=count_since_last_year(interpretation, metals),
    )
