"""What a municipality would need: sleeping places, held against those that it has."""

from prep.models import Municipality

# The magnitude that places are held against: one resident in twenty (a planning value).
EVACUATED_SHARE = 0.05


def places_needed(place: Municipality | None) -> int | None:
    """Sleeping places for one resident in twenty; None where the number of residents is not known."""
    return None if place is None or place.population is None else round(place.population * EVACUATED_SHARE)
