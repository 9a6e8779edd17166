"""Small plots as SVG: the same figures give the same bytes, and they read on a light and on a dark page."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 76, 20, 44, 46
COLOURS = ("#2f7f8f", "#d98032", "#7d6bb0", "#5f9e4f")


def bars(title: str, groups: Sequence[str], series: Sequence[tuple[str, Sequence[float]]], unit: str) -> str:
    """Stacked bars: one for each group, a part for each series."""
    top = _round_up(max(sum(values[place] for _, values in series) for place in range(len(groups))))
    parts = [*_frame(title, top, unit), *_legend([name for name, _ in series])]
    step = (WIDTH - LEFT - RIGHT) / len(groups)
    for place, group in enumerate(groups):
        x, below = LEFT + step * place + step * 0.25, 0.0
        for number, (name, values) in enumerate(series):
            y, height = _y(below + values[place], top), _y(below, top) - _y(below + values[place], top)
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{step / 2:.1f}" height="{height:.1f}" fill="{COLOURS[number]}">'
                f"<title>{escape(name)}: {values[place]:,.1f}</title></rect>"
            )
            below += values[place]
        parts.append(_text(x + step / 4, _y(below, top) - 5, f"{below:,.0f}", anchor="middle"))
        parts.append(_text(x + step / 4, HEIGHT - BOTTOM + 18, group, anchor="middle"))
    return _svg(title, parts)


def lines(
    title: str, across: str, series: Sequence[tuple[str, Sequence[tuple[float, float]]]], unit: str, *, limit: float = 0
) -> str:
    """Lines over a linear scale, with a dashed one at a limit."""
    top = _round_up(max(limit, *(y for _, points in series for _, y in points)))
    right = max(x for _, points in series for x, _ in points) or 1
    parts = [*_frame(title, top, unit), *_legend([name for name, _ in series])]

    def x_of(x: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * x / right

    for number, (_, points) in enumerate(series):
        path = " ".join(f"{x_of(x):.1f},{_y(y, top):.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[number]}" stroke-width="2"/>')
    if limit:
        y = _y(limit, top)
        place = f'x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"'
        parts.append(f'<line {place} stroke="#c0392b" stroke-dasharray="6 4"/>')
        parts.append(_text(WIDTH - RIGHT, y - 5, f"limit {limit:,.0f}", anchor="end"))
    for part in range(6):
        x = right * part / 5
        parts.append(_text(x_of(x), HEIGHT - BOTTOM + 18, f"{x:,.0f}", anchor="middle"))
    parts.append(_text(WIDTH - RIGHT, HEIGHT - 8, across, anchor="end"))
    return _svg(title, parts)


def _frame(title: str, top: float, unit: str) -> list[str]:
    parts = [_text(LEFT, 18, title, weight="600", size=15), _text(8, TOP - 10, unit)]
    for step in range(5):
        value = top * step / 4
        y = _y(value, top)
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#88888855"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{value:,.3g}" if top < 10 else f"{value:,.0f}", anchor="end"))
    return parts


def _legend(names: Sequence[str]) -> list[str]:
    parts, x = [], float(LEFT)
    for number, name in enumerate(names):
        parts.append(f'<rect x="{x:.0f}" y="26" width="10" height="10" fill="{COLOURS[number]}"/>')
        parts.append(_text(x + 15, 35, name))
        x += 28 + 6.6 * len(name)
    return parts


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _round_up(value: float) -> float:
    step = 10.0 ** (len(f"{int(value)}") - 1) if value >= 1 else 0.1
    return next(factor * step / 2 for factor in range(1, 200) if factor * step / 2 >= value) or 1.0


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "400", size: int = 12) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" font-size="{size}">'
        f"{escape(text)}</text>"
    )


def _svg(title: str, parts: Sequence[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" font-family="system-ui, sans-serif" fill="#333">\n'
        f"<style>@media (prefers-color-scheme: dark) {{ text {{ fill: #ddd }} }}</style>\n{body}\n</svg>\n"
    )
