"""What a lint of a chain finds: the rules, and a finding."""

from dataclasses import dataclass
from enum import StrEnum

from prep.alerting.chain import Network
from prep.errors import Problem
from prep.terms import State


class Rule(StrEnum):
    """The rules, worst first."""

    DUPLICATE_KEY = "duplicate_key"
    UNKNOWN_KEY = "unknown_key"
    RESOURCE_CYCLE = "resource_cycle"
    NO_SOURCE = "no_source"
    EMPTY_GROUP = "empty_group"
    QUORUM_ABOVE_SEATS = "quorum_above_seats"
    SELF_CALL = "self_call"
    FOREIGN_POINT = "foreign_point"
    LATER_CONDITION = "later_condition"
    QUORUM_OUT_OF_REACH = "quorum_out_of_reach"
    DEAD_END = "dead_end"
    CYCLE = "cycle"
    NOBODY_CALLS = "nobody_calls"
    VACANT_SEAT = "vacant_seat"
    EXPIRED_TERM = "expired_term"
    EMPTY_LIST = "empty_list"
    EMPTY_STEP = "empty_step"
    BURNT_WAIT = "burnt_wait"
    UNREACHABLE_LIST = "unreachable_list"
    UNREACHABLE_STEP = "unreachable_step"
    UNSTAFFED_OVERRIDE = "unstaffed_override"
    NO_CALL_BACK = "no_call_back"
    ONE_WAY_ONLY = "one_way_only"
    NO_DEPUTY = "no_deputy"
    DEPUTY_IS_HOLDER = "deputy_is_holder"
    CIRCULAR_DEPUTIES = "circular_deputies"
    SHARED_MEMBER = "shared_member"
    ONE_CHANNEL = "one_channel"
    ONE_OPERATOR = "one_operator"
    ONE_HANDSET = "one_handset"
    UNVERIFIED_NUMBER = "unverified_number"
    NEVER_ANSWERS = "never_answers"
    OVERLAPPING_CALLS = "overlapping_calls"
    TOO_MANY_CALLS = "too_many_calls"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a FAULT forbids the simulation, a WARNING is shown beside its result."""

    rule: Rule
    severity: State
    subject: str  # the key of what it is about
    problem: Problem


def fault(rule: Rule, subject: str, problem: Problem) -> Finding:
    return Finding(rule, State.FAULT, subject, problem)


def warning(rule: Rule, subject: str, problem: Problem) -> Finding:
    return Finding(rule, State.WARNING, subject, problem)


def name(network: Network, key: str) -> str:
    try:
        return network.actor(key).name or key
    except KeyError:
        return key
