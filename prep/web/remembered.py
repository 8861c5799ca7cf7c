"""Answers of the engine about chains, remembered while the program runs.

The same network under the same scenario gives the same answer to the last bit, and the two hold everything that the
answer depends on: a page opened again need not wait, and nothing has to be forgotten when the registry changes.
Arguments must be hashable: a tuple where the engine takes any sequence.
"""

from functools import lru_cache

from prep.alerting import contributions as parts
from prep.alerting import cuts, exact, fixes, hours, packages, paired
from prep.alerting import simulate as simulation

# So many answers of each kind: a county's chains under a few scenarios. The large ones are remembered less often.
_MANY, _FEW = 256, 32

simulate = lru_cache(_MANY)(simulation.simulate)
compare = lru_cache(_MANY)(paired.compare)
contributions = lru_cache(_MANY)(parts.contributions)
single_points = lru_cache(_MANY)(exact.single_points)
joint_cuts = lru_cache(_MANY)(cuts.joint_cuts)
minimal_cuts = lru_cache(_MANY)(cuts.minimal_cuts)
solve = lru_cache(_MANY)(exact.exact)
heat_maps = lru_cache(_FEW)(hours.heat_maps)
find_fixes = lru_cache(_FEW)(fixes.fixes)
best_package = lru_cache(_FEW)(packages.best_package)
standings = lru_cache(_FEW)(packages.standings)
