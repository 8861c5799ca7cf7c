"""Whoever tries keys that open nothing is told to wait; nobody else is."""

from prep.web.misses import MOST, WITHIN_S, Misses


def test_after_many_misses_one_waits_until_the_oldest_is_old() -> None:
    now = [0.0]
    misses = Misses(lambda: now[0])
    for n in range(MOST):
        assert not misses.are_too_many("192.0.2.7")
        now[0] = float(n)
        misses.count("192.0.2.7")
    assert misses.are_too_many("192.0.2.7")
    assert not misses.are_too_many("192.0.2.8")
    now[0] = WITHIN_S - 0.1
    assert misses.are_too_many("192.0.2.7")
    now[0] = WITHIN_S
    assert not misses.are_too_many("192.0.2.7")


def test_an_attack_from_everywhere_does_not_fill_the_memory() -> None:
    misses = Misses(lambda: 0.0)
    for n in range(20_000):
        misses.count(f"network {n}")
    assert len(misses._of) == 10_000
