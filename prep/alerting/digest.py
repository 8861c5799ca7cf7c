"""The identity of a network and of a scenario: what may change a figure, and nothing else."""

import hashlib
import json
from dataclasses import fields
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any

from prep.alerting.chain import Network
from prep.alerting.scenarios import Scenario

_JSON = frozenset({str, float, int, bool, NoneType})
# What is only shown or only judged by the lint.
_NOT_COUNTED = frozenset({"name", "expired", "is_verified"})


def digest(network: Network) -> str:
    """SHA-256 of the network without its names: the same digest gives the same figures.

    The order of lists, actors and groups does not matter; the order of the items in a list does.
    """
    parts = {
        name: sorted((_plain(one) for one in getattr(network, name)), key=json.dumps)
        for name in ("resources", "actors", "points", "handsets", "duties", "lists", "groups", "sources")
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def scenario_digest(scenario: Scenario) -> str:
    """SHA-256 of what a scenario says, outages for a part of the time among it, whatever it is called."""
    said = _plain(scenario)
    del said["key"]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    if kind in _JSON:
        return value
    if kind is tuple:
        return [_plain(part) for part in value]
    if issubclass(kind, frozenset):
        return sorted(value)
    if kind is datetime:
        return value.astimezone(UTC).isoformat()
    if issubclass(kind, Enum):
        return value.value
    return {name: _plain(getattr(value, name)) for name in _counted_fields(kind)}


@cache
def _counted_fields(kind: Any) -> tuple[str, ...]:
    """The fields of a value that change figures: all that are given, but for names."""
    return tuple(part.name for part in fields(kind) if part.init and part.name not in _NOT_COUNTED)
