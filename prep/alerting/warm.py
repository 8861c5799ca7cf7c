"""Make the machine code ready: compiled once, kept in a folder, loaded from there ever after.

Numba reads the folder's name when it compiles, so ``warm`` is called before the first simulation, at set-up
with a word on the screen (some seconds), at later starts in silence (about a third of a second). The variant for
outages that last for a part of the time is compiled with it, and loaded only when somebody asks about one.
Without it the code is kept beside the installed package, or in the user's own cache if that cannot be
written.
"""

import os
from hashlib import blake2b
from pathlib import Path

from prep.errors import Problem, Refused
from prep.language import say


def warm(cache_dir: Path) -> bool:
    """Load the simulator, compiling it if ``cache_dir`` does not hold it yet; True if it had to compile.

    Raises
    ------
    Refused
        If the folder cannot be made or written.
    """
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        probe = cache_dir / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refused(
            Problem(
                place=say("Folder of compiled code"),
                value=str(cache_dir),
                rule=say("The folder must be writable."),
                remedy=say("Give write permission, or set another folder."),
            )
        ) from error
    os.environ["NUMBA_CACHE_DIR"] = str(cache_dir / _version_of_the_code())
    _allow_wide_registers()
    from prep.alerting import kernel
    from prep.alerting.chain import Actor, Group, Network, Resource, Seat
    from prep.alerting.scenarios import PRESETS, Scenario
    from prep.alerting.simulate import simulate
    from prep.alerting.windows import Window
    from prep.terms import ResourceKind

    before = sum(kernel.walk.stats.cache_misses.values())  # type: ignore[attr-defined]
    smallest = Network(
        resources=(Resource("r", ResourceKind.INTERNET, "r"),),
        actors=(Actor("a", "a"),),
        groups=(Group("g", "g", (Seat("s", "s", ("a",)),), 1),),
        sources=("a",),
    )
    simulate(smallest, PRESETS["office"], runs=1)
    compiled = bool(sum(kernel.walk.stats.cache_misses.values()) > before)  # type: ignore[attr-defined]
    if compiled:
        simulate(smallest, Scenario("w", "w", windows=(("r", Window(0.0, 60.0)),)), runs=1)
    return compiled


def _allow_wide_registers() -> None:
    """Let the compiler use registers of 512 bits where there are some.

    On some processors it prefers half of them, by a caution that costs a quarter of the speed here. The bits of
    the results are the same.
    """
    if "NUMBA_CPU_FEATURES" in os.environ:
        return
    import llvmlite.binding

    features = llvmlite.binding.get_host_cpu_features()
    if features.get("avx512f"):
        os.environ["NUMBA_CPU_FEATURES"] = f"{features.flatten()},-prefer-256-bit"


def _version_of_the_code() -> str:
    """A name for the sources of the kernel: Numba looks at the first of them only."""
    here = Path(__file__).parent
    found = blake2b(digest_size=8)
    for name in ("machine", "kernel", "kernel_attempts", "kernel_groups", "kernel_windows"):
        found.update((here / f"{name}.py").read_bytes())
    return found.hexdigest()
