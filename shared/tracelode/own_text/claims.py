"""The claim guard: what may be said. Each claim is a predicate over the figures.

Templates ask these by name (`{% if claim.everybody_responded %}`), so that what a sentence rests on stands beside it.
"""

from tracelode.picture.conclusion import OriginConclusion
from tracelode.picture.figures.figures import Figures


class Claims:
    """The claims that hold for some figures. Every property is true or false and looks at nothing but the figures."""

    def __init__(self, figures: Figures) -> None:
        self._suppliers = figures.suppliers
        self._declarations = figures.declarations
        self._metals = figures.metals
        self._smelters = figures.smelters
        self._actions = figures.actions
        self._last_year = figures.last_year
        self._origin = figures.origin
        self._smelter_list = figures.smelter_list
        self._supply_chain = figures.supply_chain

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The claims by name."""
        return tuple(n for n, member in vars(cls).items() if isinstance(member, property) and not n.startswith("_"))

    @property
    def somebody_surveyed(self) -> bool:
        """At least one supplier is in scope."""
        return bool(self._suppliers.surveyed)

    @property
    def somebody_responded(self) -> bool:
        """At least one readable declaration came."""
        return bool(self._suppliers.responded)

    @property
    def everybody_responded(self) -> bool:
        """Every surveyed supplier, of at least one, sent a readable declaration."""
        return self.somebody_surveyed and self._suppliers.responded == self._suppliers.surveyed

    @property
    def somebody_does_not_source_from_covered_countries(self) -> bool:
        """A supplier answers No on covered countries for every metal in its products."""
        return bool(self._suppliers.not_sourcing_from_covered_countries)

    @property
    def somebody_attests(self) -> bool:
        """A supplier attests that what it sources from covered countries comes from conformant facilities alone."""
        return bool(self._suppliers.attesting_conformant_sourcing)

    @property
    def attesting_are_others(self) -> bool:
        """No attesting supplier is among those that do not source from covered countries: "another" is right."""
        return not self._suppliers.attesting_but_not_sourcing_there

    @property
    def company_level_only(self) -> bool:
        """Every current declaration, of at least one, covers a company as a whole."""
        return self._only(self._declarations.company_level)

    @property
    def product_level_only(self) -> bool:
        """Every current declaration, of at least one, is for products."""
        return self._only(self._declarations.product_level)

    @property
    def some_product_level(self) -> bool:
        """At least one current declaration is for products."""
        return bool(self._declarations.product_level)

    @property
    def metals_in_products(self) -> bool:
        """At least one declaration says that one of the metals is in the products."""
        return bool(self._metals.in_products_count)

    @property
    def no_mineral_declared(self) -> bool:
        """Somebody responded, and nobody says that one of the metals is in the products: perhaps nothing is to file."""
        return self._concluded is OriginConclusion.NO_MINERAL

    @property
    def may_come_from_covered_countries(self) -> bool:
        """Of a metal in the products, a supplier says that it comes from covered countries, or names one as origin."""
        return self._concluded is OriginConclusion.REASON_TO_BELIEVE

    @property
    def origin_open(self) -> bool:
        """A metal is in the products, nothing says that it comes from covered countries, and nothing rules it out."""
        return self._concluded is OriginConclusion.OPEN

    @property
    def origin_ruled_out(self) -> bool:
        """For every metal in the products each declaration rules the covered countries out, or newly mined ore, and
        nothing that is known stands against it: Form SD may then have to do without a Conflict Minerals Report (Item
        1.01(b))."""
        return self._concluded is OriginConclusion.RULED_OUT

    @property
    def every_answer_rules_origin_out(self) -> bool:
        """For every metal in the products each declaration rules the covered countries out, or newly mined ore."""
        return self.metals_in_products and not self._metals.possibly_from_covered_countries

    @property
    def all_answers_unknown(self) -> bool:
        """No declaration says Yes or No on covered countries, nor that all is recycled, of any metal in products."""
        rows = self._metals.by_metal.values()
        firm = any(row.covered_countries.yes or row.covered_countries.no or row.recycled_or_scrap.yes for row in rows)
        return self.metals_in_products and not firm

    @property
    def both_lists_read(self) -> bool:
        """It is known of any facility whether it is conformant and whether it is active."""
        return self._smelter_list.tells_conformant and self._smelter_list.tells_active

    @property
    def conformant_list_read(self) -> bool:
        """It is known which facilities are conformant."""
        return self._smelter_list.tells_conformant

    @property
    def some_in_covered_countries(self) -> bool:
        """At least one facility lies in a covered country."""
        return bool(self._smelters.in_covered_countries.total)

    @property
    def some_of_undeclared_metals(self) -> bool:
        """At least one facility is named by nobody who has its metal in the products."""
        return bool(self._smelters.of_undeclared_metals)

    @property
    def buys_from_smelters(self) -> bool:
        """The profile states that minerals or metal are bought from mines, smelters or refiners."""
        return self._supply_chain.buys_from_smelters is True

    @property
    def buys_from_no_smelter(self) -> bool:
        """The profile states that nothing is bought from mines, smelters or refiners."""
        return self._supply_chain.buys_from_smelters is False

    @property
    def first_tier_surveyed(self) -> bool:
        """The profile states that those asked are suppliers of the first tier."""
        return self._supply_chain.surveyed_tier == "first"

    @property
    def all_of_the_tier_surveyed(self) -> bool:
        """The profile states that all suppliers of the tier were asked."""
        return self._supply_chain.surveyed_all is True

    @property
    def commitment_communicated(self) -> bool:
        """The profile states that suppliers were told of the registrant's commitment."""
        return self._actions.commitment_communicated is True

    @property
    def assessment_encouraged(self) -> bool:
        """The profile states that suppliers are encouraged to buy from assessed facilities."""
        return self._actions.assessment_encouraged is True

    @property
    def risk_plan_stated(self) -> bool:
        """The profile states how far the plan to manage risks is."""
        return bool(self._actions.risk_management_plan)

    @property
    def remarks_open(self) -> bool:
        """A supplier's declaration is accepted with remarks."""
        return bool(self._suppliers.accepted_with_remarks)

    @property
    def facilities_named(self) -> bool:
        """The declarations name at least one facility."""
        return bool(self._smelters.total)

    @property
    def all_conformant(self) -> bool:
        """Every facility, of at least one, is conformant."""
        return self._all(self._smelters.conformant)

    @property
    def all_active(self) -> bool:
        """Every facility, of at least one, is active."""
        return self._all(self._smelters.active)

    @property
    def all_indeterminable(self) -> bool:
        """Every facility, of at least one, is indeterminable."""
        return self._all(self._smelters.indeterminable)

    @property
    def some_indeterminable(self) -> bool:
        """At least one facility is indeterminable."""
        return bool(self._smelters.indeterminable)

    @property
    def some_at_risk(self) -> bool:
        """At least one indeterminable facility lies in a risk place."""
        return bool(self._smelters.indeterminable_at_risk)

    @property
    def all_at_risk(self) -> bool:
        """Every indeterminable facility, of at least one, lies in a risk place."""
        return self.some_at_risk and self._smelters.indeterminable_at_risk == self._smelters.indeterminable

    @property
    def all_low_risk(self) -> bool:
        """Every indeterminable facility, of at least one, has a known country outside the risk places."""
        return self.some_indeterminable and self._smelters.indeterminable_elsewhere == self._smelters.indeterminable

    @property
    def most_low_risk(self) -> bool:
        """More than half, but not all, indeterminable facilities have a known country outside the risk places."""
        return not self.all_low_risk and 2 * self._smelters.indeterminable_elsewhere > self._smelters.indeterminable

    @property
    def some_low_risk(self) -> bool:
        """At least one indeterminable facility has a known country outside the risk places."""
        return bool(self._smelters.indeterminable_elsewhere)

    @property
    def some_without_country(self) -> bool:
        """The country of an indeterminable facility is not known."""
        return bool(self._smelters.indeterminable_without_country)

    @property
    def some_extended_corrective_action(self) -> bool:
        """At least one active facility is under an extended corrective action plan."""
        return bool(self._smelters.extended_corrective_action)

    @property
    def origins_declared(self) -> bool:
        """Declarations state a country of origin for the mineral of at least one facility."""
        return bool(self._smelters.declared_origins.facilities)

    @property
    def last_year_known(self) -> bool:
        """The facilities of last year's report are known."""
        return self._last_year is not None

    @property
    def no_contract_ended(self) -> bool:
        """The profile states that no contract with a surveyed supplier, of at least one, had to be ended."""
        return self.somebody_surveyed and self._actions.contracts_ended == 0

    @property
    def contracts_ended(self) -> bool:
        """The profile states that contracts with suppliers were ended."""
        return bool(self._actions.contracts_ended)

    @property
    def corrections_requested(self) -> bool:
        """The profile states that suppliers are sent what to correct."""
        return self._actions.corrections_requested is True

    @property
    def indeterminable_followed_up(self) -> bool:
        """The profile states that suppliers are asked about the indeterminable facilities that they name."""
        return self._actions.indeterminable_followed_up is True

    @property
    def product_level_encouraged(self) -> bool:
        """The profile states that suppliers are encouraged to declare at product level."""
        return self._actions.product_level_encouraged is True

    @property
    def corrections_open(self) -> bool:
        """A supplier's declaration needs correction."""
        return bool(self._suppliers.needs_correction)

    @property
    def lines_unidentified(self) -> bool:
        """Declarations hold smelter lines that do not identify a facility by metal and CID."""
        return bool(self._smelters.unidentified_lines)

    @property
    def _concluded(self) -> OriginConclusion:
        return self._origin.conclusion

    def _only(self, declarations: int) -> bool:
        return bool(declarations) and declarations == self._declarations.current

    def _all(self, facilities: int) -> bool:
        return self.facilities_named and facilities == self._smelters.total
