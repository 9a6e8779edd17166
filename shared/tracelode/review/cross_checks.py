"""What only comparing suppliers can show. For the compliance team's page; never for a supplier's feedback.

Pure functions over what the tally and the roster hold. Results are ordered, so that the same inputs print the same.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from tracelode.findings import Severity
from tracelode.submission import DeclaredIdentity

Identities = Mapping[DeclaredIdentity, int]
"""The declared identities of a supplier's current submissions, with their numbers of lines."""

SHORTEST_COPY = 20
"""Smelters from which two equal lists are no coincidence: single-metal suppliers of one source share short lists."""

_LEGAL_FORMS = frozenset(
    (
        "ab", "ag", "as", "bhd", "bv", "cia", "co", "company", "corp", "corporation", "cv", "de", "gmbh", "group",
        "holding", "holdings", "inc", "incorporated", "international", "kg", "kgaa", "kk", "limited", "llc", "llp",
        "lp", "ltd", "ltda", "mbh", "nv", "oy", "oyj", "plc", "pt", "pte", "pty", "sa", "sab", "sarl", "sas", "sdn",
        "se", "sl", "spa", "srl", "the", "and", "und", "et", "y",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CrossFinding:
    """Something that the compliance team should look into. `suppliers` are ids in order.

    `words` fill the rule's templates: our own terms and numbers. `found` is untrusted text, quoted and never parsed.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str
    suppliers: tuple[str, ...]
    found: str = ""
    words: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class CrossRule:
    """One thing that a comparison can show."""

    id: str
    severity: Severity
    source: str
    message: str
    remedy: str

    def finding(self, suppliers: Iterable[str], found: str = "", **words: object) -> CrossFinding:
        """This rule's finding about these suppliers, whose number fills the word `suppliers`."""
        about = tuple(sorted(suppliers))
        filled = {name: str(word) for name, word in {**words, "suppliers": len(about)}.items()}
        return CrossFinding(
            rule=self.id,
            severity=self.severity,
            message=self.message.format_map(filled),
            remedy=self.remedy.format_map(filled),
            suppliers=about,
            found=found,
            words=filled,
        )


SAME_LIST = CrossRule(
    "C01",
    Severity.WARNING,
    "practice of reviewers: a copied list says nothing about one's own suppliers",
    "{suppliers} suppliers name exactly the same {count} smelters.",
    "Ask each of them which of its own suppliers named these smelters.",
)
SAME_FILE = CrossRule(
    "C03",
    Severity.WARNING,
    "logic of the inbox: a declaration is made by one supplier",
    "{suppliers} suppliers sent the very same file.",
    "Find out whose declaration it is, and ask the others for their own.",
)
OTHER_COMPANY = CrossRule(
    "C04",
    Severity.WARNING,
    "logic of the inbox: a declaration belongs to the supplier in whose folder it lies",
    "The declaration names another company than the roster.",
    "Check that the file lies in the right supplier's folder, or correct the name in the roster.",
)

CROSS_RULES: tuple[CrossRule, ...] = (SAME_LIST, SAME_FILE, OTHER_COMPANY)
"""Every comparison, in the order of their ids."""


def same_lists(lists: Mapping[str, Identities]) -> tuple[CrossFinding, ...]:
    """A finding for each list of at least `SHORTEST_COPY` smelters that several suppliers declare, by supplier id."""
    naming: dict[DeclaredIdentity, list[str]] = defaultdict(list)
    for supplier, identities in lists.items():
        for identity in identities:
            naming[identity].append(supplier)
    return same_namings(naming, naming.__getitem__)


def same_namings(
    identities: Iterable[DeclaredIdentity], suppliers: Callable[[DeclaredIdentity], Iterable[str]]
) -> tuple[CrossFinding, ...]:
    """What `same_lists` finds, from who names what: nobody's list is put together, so it is cheap for thousands.

    Suppliers are told apart smelter by smelter: those that were alike so far stay alike if all of them name it, or none
    does. Whoever is alike to nobody is looked at no more, which is almost everybody after a few smelters.
    """
    by_smelter: dict[tuple[str, ...], list[DeclaredIdentity]] = defaultdict(list)
    for identity in identities:
        if identity.cid or identity.name:
            by_smelter[_smelter(identity)].append(identity)
    alike: dict[str, int] = defaultdict(int)
    sizes: dict[int, int] = {}
    counts: Counter[str] = Counter()
    alone: set[str] = set()
    for spellings in by_smelter.values():
        naming = set(chain.from_iterable(map(suppliers, spellings))) - alone
        counts.update(naming)
        for number, members in _by_number(naming, alike).items():
            # Those that have named nothing yet are number 0, and nobody knows how many they are.
            if sizes.get(number) == len(members):
                continue
            if number:
                sizes[number] -= len(members)
            if len(members) == 1:
                alone.update(members)
            else:
                parted = len(sizes) + 1
                sizes[parted] = len(members)
                alike.update(dict.fromkeys(members, parted))
    together = _by_number(alike.keys() - alone, alike).values()
    findings = (
        SAME_LIST.finding(members, count=counts[members[0]])
        for members in together
        if len(members) > 1 and counts[members[0]] >= SHORTEST_COPY
    )
    return tuple(sorted(findings, key=lambda finding: finding.suppliers))


def _by_number(suppliers: Iterable[str], numbers: Mapping[str, int]) -> dict[int, list[str]]:
    members: dict[int, list[str]] = defaultdict(list)
    for supplier in suppliers:
        members[numbers[supplier]].append(supplier)
    return members


def same_files(digests: Mapping[str, Collection[str]]) -> tuple[CrossFinding, ...]:
    """A finding for each file, by digest, that several suppliers sent; ordered by their ids."""
    senders: dict[str, set[str]] = defaultdict(set)
    for supplier, sent in digests.items():
        for digest in sent:
            senders[digest].add(supplier)
    shared = sorted({tuple(sorted(suppliers)) for suppliers in senders.values() if len(suppliers) > 1})
    return tuple(SAME_FILE.finding(suppliers) for suppliers in shared)


def other_companies(declared: Mapping[str, str], roster: Mapping[str, str]) -> tuple[CrossFinding, ...]:
    """A finding for each supplier whose declared company name shares no telling word with its name in the roster.

    Legal forms, case, accents and punctuation do not count. A name in another script cannot be compared and passes.
    """
    findings = []
    for supplier in sorted(declared.keys() & roster.keys()):
        ours, theirs = _words(roster[supplier]), _words(declared[supplier])
        if _telling(ours) and _telling(theirs) and not _alike(ours, theirs):
            findings.append(OTHER_COMPANY.finding([supplier], declared[supplier]))
    return tuple(findings)


def _smelter(identity: DeclaredIdentity) -> tuple[str, ...]:
    """A smelter that is named: by metal and CID, or by metal and name where there is no CID.

    How a CID was found says nothing about what is declared.
    """
    if identity.cid:
        return (identity.metal, identity.cid)
    return (identity.metal, "", identity.name.casefold())


def _words(name: str) -> tuple[str, ...]:
    """A name's words in Latin letters, without case, accents and punctuation."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().replace(".", ""))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    return tuple(word for word in words if word.isascii())


def _telling(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in _LEGAL_FORMS)


def _alike(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two names share a telling word, or one is the other written together or its initials."""
    if set(_telling(ours)) & set(_telling(theirs)):
        return True
    return any(
        "".join(_telling(one)) in ("".join(_telling(other)), "".join(word[0] for word in _telling(other)))
        or "".join(_telling(one)) == "".join(word[0] for word in other)
        for one, other in ((ours, theirs), (theirs, ours))
    )
