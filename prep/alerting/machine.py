"""How the kernel is compiled: lanes side by side, and what its parts share.

The lanes of a row are runs. Inner loops run over them without branches; each choice is a selection of a value.
Traps, each of them met: loops over fewer than 64 lanes are not vectorised; a fused multiply-add would change the
last bit, so fast mathematics stays off; to choose between two arrays costs a count of references each time, which is
why rows are chosen by number.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from prep.alerting.compiled import Floats

LANES = 128

S27, S30, S31, S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
M1, M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
LOW, CERTAIN = np.uint64(0xFFFFFFFF), np.uint64(0x100000000)
HALF_STEP, STEP = 0.5, 2.0**-32

_F = TypeVar("_F", bound=Callable[..., object])
_njit: Any = njit  # two of the options below are unknown to its type stubs


def outer(function: _F) -> _F:
    """Compile what Python calls."""
    return cast(_F, _njit(nogil=True, cache=True, no_cfunc_wrapper=True)(function))


def inner(function: _F) -> _F:
    """Compile what only machine code calls; leaving out the wrappers saves half of the compile time."""
    return cast(_F, _njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function))


def inlined(function: _F) -> _F:
    return cast(_F, _njit(nogil=True, inline="always")(function))


@inlined
def mixed(number: np.uint64) -> np.uint64:
    """``chance.mix`` in machine code."""
    number = (number ^ (number >> S30)) * M1
    number = (number ^ (number >> S27)) * M2
    return number ^ (number >> S31)


@inner
def fill(row: Floats, value: float) -> None:
    for lane in range(LANES):
        row[lane] = value
