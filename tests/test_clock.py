from datetime import UTC, datetime

import pytest

from prep import clock
from prep.errors import Refused


def test_a_moment_without_a_zone_is_finnish_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREP_NOW", "2026-11-22T04:00")
    assert clock.now() == datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.mark.parametrize("value", ["tomorrow", "2026-13-01", "0001-01-01", "9999-12-31T23:59"])
def test_what_is_no_moment_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREP_NOW", value)
    with pytest.raises(Refused, match=f"PREP_NOW: “{value}” The value is a day and a time between the years"):
        clock.today()
