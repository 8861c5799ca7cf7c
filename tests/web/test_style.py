"""The tones can be read: every pair that is used has the contrast that WCAG 2.2 asks for, in light and in dark."""

import re
from colorsys import hls_to_rgb

import pytest

from prep.web.static_files import STATIC_DIR

STYLE = (STATIC_DIR / "style.css").read_text(encoding="utf-8")
TEXT, GRAPHIC = 4.5, 3.0
# What stands on what, and the contrast it needs.
PAIRS = [
    *(
        ("ink", ground, TEXT)
        for ground in ("ground", "surface", "warning-tint", "warning-land", "accent-tint")
    ),
    *(("ink-soft", ground, TEXT) for ground in ("ground", "surface")),
    *(("accent", ground, TEXT) for ground in ("ground", "surface", "accent-tint", "warning-land")),
    ("accent-ink", "accent", TEXT),
    ("bar-ink", "bar", TEXT),
    ("bar-ink-soft", "bar", TEXT),
    *((state, "surface", TEXT) for state in ("ok", "warning", "fault", "unknown")),
    *((state, f"{state}-tint", TEXT) for state in ("ok", "warning", "fault", "unknown")),
    *(("ink", f"{state}-land", TEXT) for state in ("ok", "warning", "fault")),
    *((state, "land", GRAPHIC) for state in ("ok", "warning", "fault", "unknown")),
    ("focus", "ground", GRAPHIC),
    ("focus", "surface", GRAPHIC),
    ("warm", "bar", GRAPHIC),
    ("land-line", "land", GRAPHIC),
    ("land-line", "surface", GRAPHIC),
    ("accent", "line", GRAPHIC),
    ("fault", "line", GRAPHIC),
]


def tones(dark: bool) -> dict[str, tuple[float, float, float]]:
    light_part, dark_part = STYLE.split("@media (prefers-color-scheme: dark)", 1)
    found = {}
    for part in [light_part, dark_part.split("/* Ground */", 1)[0]][: 2 if dark else 1]:
        for name, hue, saturation, lightness in re.findall(
            r"--([a-z-]+): hsl\((\d+) ([\d.]+)% ([\d.]+)%\)", part
        ):
            found[name] = hls_to_rgb(int(hue) / 360, float(lightness) / 100, float(saturation) / 100)
    return found


def luminance(tone: tuple[float, float, float]) -> float:
    # WCAG 2.2, relative luminance.
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in tone]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_the_standard_does() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    # #777 on white, the grey that just misses.
    assert contrast((0x77 / 255,) * 3, (1, 1, 1)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_what_is_read_stands_out(front: str, back: str, least: float, dark: bool) -> None:
    known = tones(dark)
    assert contrast(known[front], known[back]) >= least


def test_every_tone_that_is_used_is_named() -> None:
    named = set(re.findall(r"^\s*(--[a-z-]+):", STYLE, re.MULTILINE)) | set(
        re.findall(r"(--[a-z-]+):", STYLE)
    )
    assert set(re.findall(r"var\((--[a-z-]+)\)", STYLE)) <= named
