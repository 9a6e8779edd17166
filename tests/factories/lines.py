"""Smelter lines, made from what a test is about."""

from tracelode.declarations.declaration import CidSource, SmelterLine
from tracelode.declarations.templates.questions import LineKind
from tracelode.minerals import Mineral


def line(
    row: int = 5,
    cid: str | None = "CID000001",
    metal: Mineral | None = Mineral.GOLD,
    name: str = "A smelter",
    **more: str,
) -> SmelterLine:
    return SmelterLine(
        row=row,
        kind=LineKind.LISTED if cid else LineKind.NOT_LISTED,
        typed_cid=cid or "",
        typed_metal=metal or "",
        typed_lookup="",
        typed_name="",
        typed_country="",
        typed_identification="",
        metal=metal,
        cid=cid,
        cid_source=CidSource.TYPED if cid else CidSource.NONE,
        name=name,
        country="JAPAN",
        **more,
    )
