"""At which hour chains are judged, and by which bounds."""

from prep.alerting.result import Share
from prep.terms import State

# The worst hour of the year.
JUDGED_BY = "holiday"
# Below this share a group is rarely reached, below the other it is not surely reached (proposals).
RARELY = 0.5
SURELY = 0.8


def reach_state(share: Share) -> State:
    """How a simulated share is judged.

    >>> [reach_state(Share(count, 100)).value for count in (80, 79, 50, 49)]
    ['ok', 'warning', 'warning', 'fault']
    """
    if share.p >= SURELY:
        return State.OK
    return State.WARNING if share.p >= RARELY else State.FAULT
