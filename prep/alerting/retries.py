"""What a repeated attempt is worth: among those still unreached, and for somebody who can be reached at all."""

ROUND_FACTORS = (1.0, 0.25, 0.08)  # E5: 66.2 %, 16.6 % and 5.5 % of those still unreached
LATER_ROUND_FACTOR = 1 / 3
# From here on an attempt takes less from the unreached than a float can show.
_LAST_FELT = 40


def given_available(answers: float, available: float, attempt: int) -> float:
    """The chance that an available target answers the attempt, from the share of all who would (``defaults``)."""
    if attempt < 1:
        raise ValueError("attempts count from 1")
    unreached = 1.0
    for earlier in range(1, min(attempt, _LAST_FELT)):
        unreached *= 1 - answers * _round_factor(earlier)
    still_there = unreached - (1 - available)
    if still_there <= 1e-12:  # all who can be found have been
        return 0.0
    return min(1.0, answers * _round_factor(attempt) * unreached / still_there)


def _round_factor(attempt: int) -> float:
    if attempt <= len(ROUND_FACTORS):
        return ROUND_FACTORS[attempt - 1]
    return ROUND_FACTORS[-1] * LATER_ROUND_FACTOR ** (attempt - len(ROUND_FACTORS))
