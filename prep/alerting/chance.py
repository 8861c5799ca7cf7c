"""Chance by key: every draw is a function of (seed, run, name), so nothing depends on the order of drawing.

A draw is the SplitMix64 finaliser (Steele, Lea and Flood 2014, OOPSLA, figure 15, constants of variant 13)
of the sum of the run's key and the entity's key. One draw gives two numbers of 32 bits: the upper decides
whether, the lower when. The kernel repeats ``mix`` in machine code; a test compares the two.
"""

from functools import lru_cache
from hashlib import blake2b

GOLDEN = 0x9E3779B97F4A7C15
MASK_64 = (1 << 64) - 1
MASK_32 = (1 << 32) - 1
HALF_STEP = 0.5
STEP = 2.0**-32


def mix(number: int) -> int:
    """The SplitMix64 finaliser on 64 bits.

    >>> hex(mix(GOLDEN))  # the first output of SplitMix64 seeded with 0
    '0xe220a8397b1dcdaf'
    """
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & MASK_64
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & MASK_64
    return number ^ (number >> 31)


@lru_cache(maxsize=1 << 17)
def entity_key(*names: str) -> int:
    """The 64-bit key of a name made of parts: the first eight bytes of its BLAKE2b digest."""
    text = "\x1f".join(names).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


def seed_key(seed: int) -> int:
    """The key of a seed."""
    return mix((seed * GOLDEN + 1) & MASK_64)


def run_key(seed: int, run: int) -> int:
    """The key of one run of a seed; runs count from 0."""
    return mix((seed_key(seed) + (run + 1) * GOLDEN) & MASK_64)


def draw(run: int, entity: int) -> tuple[int, int]:
    """The two 32-bit numbers that a run draws for an entity: (whether, when)."""
    number = mix((run + entity) & MASK_64)
    return number >> 32, number & MASK_32


def threshold(share: float) -> int:
    """The number below which "whether" must lie, so that it happens with probability ``share``."""
    return round(share * 2**32)


def unit(when: int) -> float:
    """The uniform share in (0, 1) of a 32-bit number."""
    return (when + HALF_STEP) * STEP
