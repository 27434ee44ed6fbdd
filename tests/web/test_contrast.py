"""The colours of tokens.css can be read: 4.5:1 for every text on every surface, in both schemes."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "frontend" / "styles" / "tokens.css"
PAIR = re.compile(r"--([\w-]+): light-dark\(oklch\(([^)]*)\), oklch\(([^)]*)\)\);")
SCHEMES = ("light", "dark")

SURFACES = ("sunken", "page", "float", "hover", "accent-wash")
TEXTS = ("ink", "ink-2", "ink-3", "accent", "good", "bad", "warn", "line-2", "line-3")
TIERS = tuple(f"tier-{level}" for level in range(1, 11))
WASHES = {"good-wash": "good", "bad-wash": "bad", "warn-wash": "warn"}

type Colour = tuple[float, float, float]


def linear_srgb(lightness: float, chroma: float, hue: float) -> Colour:
    """OKLCH to linear sRGB by the matrices of CSS Color 4, cut off at the borders of the gamut."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    cut = [min(max(part, 0.0), 1.0) for part in (red, green, blue)]
    return cut[0], cut[1], cut[2]


def luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(one: Colour, other: Colour) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palette() -> dict[str, dict[str, Colour]]:
    found: dict[str, dict[str, Colour]] = {scheme: {} for scheme in SCHEMES}
    for name, *values in PAIR.findall(TOKENS.read_text()):
        for scheme, value in zip(SCHEMES, values, strict=True):
            lightness, chroma, hue = (float(part) for part in value.split())
            found[scheme][name] = linear_srgb(lightness, chroma, hue)
    return found


PALETTE = palette()


def short_of(
    least: float, texts: tuple[str, ...], surfaces: tuple[str, ...], scheme: str
) -> list[str]:
    colours = PALETTE[scheme]
    ratios = {(t, s): contrast(colours[t], colours[s]) for t in texts for s in surfaces}
    return [f"{t} on {s}: {ratio:.2f}" for (t, s), ratio in ratios.items() if ratio < least]


def test_conversion_agrees_with_known_colours() -> None:
    """White, black and the published OKLCH values of pure red and of #808080."""
    assert contrast(linear_srgb(1, 0, 0), linear_srgb(0, 0, 0)) == pytest.approx(21, abs=0.01)
    assert linear_srgb(0.6279554, 0.2576833, 29.2338) == pytest.approx((1, 0, 0), abs=0.002)
    assert linear_srgb(0.5998708, 0, 0) == pytest.approx((0.2158605,) * 3, abs=0.0005)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_can_be_read_on_every_surface(scheme: str) -> None:
    assert short_of(4.5, TEXTS, SURFACES, scheme) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_tier_can_be_read_on_every_surface(scheme: str) -> None:
    assert short_of(4.5, TIERS, SURFACES, scheme) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("wash", "tone"), WASHES.items())
def test_notices_can_be_read(scheme: str, wash: str, tone: str) -> None:
    assert short_of(4.5, ("ink", tone), (wash,), scheme) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_primary_button_can_be_read(scheme: str) -> None:
    assert short_of(4.5, ("on-act",), ("act",), scheme) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_fields_and_focus_stand_out(scheme: str) -> None:
    """WCAG 1.4.11 asks 3:1 for the edge of a field and for the focus ring."""
    assert short_of(3, ("edge", "accent"), ("page", "float", "sunken"), scheme) == []
