"""How a simulated share counts as a state."""

from prep.alerting.result import Share
from prep.terms import State

# Planning values of ours, to be set by the county: a group that is reached in fewer runs than these.
GOOD_SHARE = 0.8
POOR_SHARE = 0.5


def reach_state(share: Share) -> State:
    """In order from four runs in five, a fault below one in two.

    >>> [reach_state(Share(count, 100)).value for count in (80, 79, 50, 49)]
    ['ok', 'warning', 'warning', 'fault']
    """
    if share.p >= GOOD_SHARE:
        return State.OK
    return State.WARNING if share.p >= POOR_SHARE else State.FAULT
