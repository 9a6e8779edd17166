"""The kind of a reporting template: CMRT, EMRT, AMRT, CRT. What is known of each is data of declarations/templates."""

from typing import NewType

TemplateKind = NewType("TemplateKind", str)
"""A template kind by RMI's acronym. A version belongs to a kind: 2.1 of the EMRT has nothing to do with one of the
CMRT."""

CMRT = TemplateKind("CMRT")
"""The Conflict Minerals Reporting Template, on which Form SD rests: the only kind that earlier releases read."""
