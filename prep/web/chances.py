"""Simulated shares as they are written: never zero, never all, always with the interval."""

from flask import Flask

from prep.alerting.fixes import Fix
from prep.alerting.result import Share
from prep.language import as_written, in_language, percent, say
from prep.terms import Language
from prep.web.language import page_language
from prep.web.writing import DASH


def tell_with(app: Flask) -> None:
    """Teach the templates to write simulated shares."""
    app.jinja_env.filters.update(
        chance=_on_page, chance_span=_span_on_page, gain=gain, points=points, signed_points=signed_points
    )


def chance(share: Share, language: Language) -> str:
    """The share as a figure; what never happened in the runs is below the upper end of its interval.

    >>> chance(Share(0, 10_000), Language.FI), chance(Share(10_000, 10_000), Language.FI)
    ('<\xa00,04\xa0%', '>\xa099,96\xa0%')
    >>> chance(Share(7103, 10_000), Language.FI)
    '71\xa0%'
    """
    if share.count == 0:
        return f"<\xa0{percent(share.high, language, digits=2)}"
    if share.count == share.runs:
        return f">\xa0{percent(share.low, language, digits=2)}"
    return percent(share.p, language, digits=_digits(share))


def chance_span(share: Share, language: Language) -> str:
    """The 95 % interval of the share, the sign once; with a decimal more where its ends would read alike.

    >>> chance_span(Share(7103, 10_000), Language.FI), chance_span(Share(9507, 10_000), Language.FI)
    ('70–72\xa0%', '94,6–95,5\xa0%')
    """
    for digits in range(_digits(share), 3):
        low, high = (percent(end, language, digits=digits) for end in (share.low, share.high))
        if low != high:
            low_figure = low.removesuffix("\xa0%")
            return f"{low_figure}–{high}"
    return low


def chance_in_words(share: Share, language: Language) -> str:
    """The share and its interval in one text, for what is read out."""
    figures = say(
        "{share}, 95 % interval {span}", share=chance(share, language), span=chance_span(share, language)
    )
    return in_language(figures, language)


def gain(fix: Fix) -> str:
    """What a change gains, in percentage points with the 95 % interval: ``+15 (13–17)``."""
    digits = 0 if round(fix.gain_low * 100) != round(fix.gain_high * 100) else 1
    points = (round(one * 100, digits or None) for one in (fix.gain, fix.gain_low, fix.gain_high))
    middle, low, high = (as_written(one, page_language()) for one in points)
    return f"+{middle} ({low}–{high})"


def points(share: float | None) -> str:
    """A difference of shares in percentage points, with a decimal; what is less than that is not nothing."""
    if share is None:
        return DASH
    figure = percent(share if share > 0 or round(share, 3) else 0.0, page_language(), digits=1)
    return figure.removesuffix("\xa0%")


def signed_points(difference: float) -> str:
    """A difference of shares in percentage points, with its sign and a decimal."""
    figure = as_written(abs(round(difference * 100, 1)), page_language())
    return f"{'−' if round(difference, 3) < 0 else '+'}{figure}"


def _digits(share: Share) -> int:
    """As many decimals as the interval has a right to."""
    width = share.high - share.low
    # Half a percentage point wide still rounds to neighbours; narrower would show an interval of nothing.
    return 0 if width >= 0.005 else 1 if width >= 0.001 else 2


def _on_page(share: Share) -> str:
    return chance(share, page_language())


def _span_on_page(share: Share) -> str:
    return chance_span(share, page_language())
