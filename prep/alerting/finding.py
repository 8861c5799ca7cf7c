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
    CYCLE = "cycle"
    RESOURCE_CYCLE = "resource_cycle"
    NO_SOURCE = "no_source"
    EMPTY_GROUP = "empty_group"
    QUORUM_ABOVE_SEATS = "quorum_above_seats"
    NOBODY_CALLS = "nobody_calls"
    VACANT_SEAT = "vacant_seat"
    EMPTY_LIST = "empty_list"
    UNREACHABLE_LIST = "unreachable_list"
    ONE_WAY_ONLY = "one_way_only"
    NO_DEPUTY = "no_deputy"
    ONE_CHANNEL = "one_channel"
    SELF_CALL = "self_call"
    NEVER_ANSWERS = "never_answers"
    OVERLAPPING_CALLS = "overlapping_calls"
    FOREIGN_POINT = "foreign_point"


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
