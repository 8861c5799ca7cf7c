"""How a simulated share counts as a state, by the bounds of the list of what is not in order."""

from prep.alerting.result import Share
from prep.readiness.findings import RARELY, SURELY
from prep.terms import State


def reach_state(share: Share) -> State:
    """In order from four runs in five, a fault below one in two.

    >>> [reach_state(Share(count, 100)).value for count in (80, 79, 50, 49)]
    ['ok', 'warning', 'warning', 'fault']
    """
    if share.p >= SURELY:
        return State.OK
    return State.WARNING if share.p >= RARELY else State.FAULT
