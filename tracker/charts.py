"""Charts as plain SVG: no script, no inline style (colours come from classes), so they print and obey the CSP.

A chart is only the picture. Its numbers always stand beside it as text or as a table for those who cannot see it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tracker.lights import Light

WIDTH, HEIGHT = 640, 180
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 10, 22


def stacked_bar(counts: Mapping[str, int], *, whole: int | None = None) -> SafeString:
    """One bar of the lights in ``counts``, in their order; ``whole`` is the total that would fill its width."""
    total = max(whole or 0, sum(counts.values()))
    parts, x = [], 0.0
    for light, n in counts.items():
        if n:
            width = 100 * n / total
            parts.append((light, f"{x:.2f}", f"{width:.2f}"))
            x += width
    bars = format_html_join("", '<rect class="fill-{}" x="{}%" width="{}%" y="0" height="12"></rect>', parts)
    return format_html('<svg class="chart stack" height="12" aria-hidden="true" focusable="false">{}</svg>', bars)


def in_words(counts: Mapping[str, int]) -> SafeString:
    """The numbers of a bar of lights, to be read aloud."""
    told = format_html_join(" ", "{} {}", ((Light(light).label, n) for light, n in counts.items() if n))
    return format_html('<span class="visually-hidden">{}</span>', told)


@dataclass(frozen=True)
class Point:
    """One month of a trend: its label and a share in percent, None where there was nothing to measure."""

    label: str
    percent: int | None


def trend(points: Sequence[Point]) -> SafeString:
    """A line of shares from 0 to 100 percent, one point a month, broken where there was nothing to measure."""
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points) - 1)
    places = [(LEFT + step * n, _height(point.percent), point) for n, point in enumerate(points)]
    grid = format_html_join(
        "",
        '<line class="grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"></line>'
        '<text x="{3}" y="{4}" text-anchor="end">{5}</text>',
        ((LEFT, WIDTH - RIGHT, f"{_height(p):.1f}", LEFT - 6, f"{_height(p) + 4:.1f}", p) for p in (0, 50, 100)),
    )
    line = format_html('<path class="line" d="{}"></path>', _path(places))
    dots = format_html_join(
        "",
        '<circle class="dot" cx="{}" cy="{}" r="3.5"></circle>',
        ((f"{x:.1f}", f"{y:.1f}") for x, y, point in places if point.percent is not None),
    )
    labels = format_html_join(
        "",
        '<text class="month" x="{}" y="{}" text-anchor="middle">{}</text>',
        ((f"{x:.1f}", HEIGHT - 5, point.label) for x, _y, point in places),
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}{}{}{}</svg>',
        WIDTH, HEIGHT, grid, line, dots, labels,
    )  # fmt: skip


def _height(percent: int | None) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (100 - (percent or 0)) / 100


def _path(places: Sequence[tuple[float, float, Point]]) -> str:
    steps, drawing = [], False
    for x, y, point in places:
        if point.percent is None:
            drawing = False
            continue
        steps.append(f"{'L' if drawing else 'M'}{x:.1f} {y:.1f}")
        drawing = True
    return " ".join(steps)
