"""The vocabulary answers small questions about itself."""

from prep.terms import State, worst


def test_a_whole_takes_the_worst_state_and_unknown_is_worse_than_a_warning() -> None:
    assert worst([State.OK, State.WARNING]) is State.WARNING
    assert worst([State.UNKNOWN, State.FAULT]) is State.FAULT
    assert worst([State.OK, State.OK]) is State.OK
    assert worst([]) is State.UNKNOWN
