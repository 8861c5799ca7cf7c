"""Keys in addresses that open nothing: whoever tries many is told to wait.

A key has 256 random bits and cannot be guessed; this keeps somebody who tries from keeping the database busy. It is
counted in this process only, by the caller's network, and forgotten at a restart.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from flask import Flask, current_app
from werkzeug.exceptions import TooManyRequests

from prep.web import identity

MOST = 30
WITHIN_S = 600.0
# More networks than this at once are an attack from everywhere; the ones seen longest ago are forgotten.
_MOST_NETWORKS = 10_000
_EXTENSION = "prep_misses"


class Misses:
    """How often each network has missed lately."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic):
        self._now_s = now_s
        self._lock = threading.Lock()
        self._of: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, network: str) -> None:
        """Count a miss."""
        with self._lock:
            moments = self._of.setdefault(network, deque(maxlen=MOST))
            moments.append(self._now_s())
            self._of.move_to_end(network)
            while len(self._of) > _MOST_NETWORKS:
                self._of.popitem(last=False)

    def are_too_many(self, network: str) -> bool:
        """Whether a network has to wait until its oldest miss has become old."""
        with self._lock:
            moments = self._of.get(network)
            if moments is None or len(moments) < MOST:
                return False
            return self._now_s() - moments[0] < WITHIN_S


def limit_misses(app: Flask) -> None:
    """Give the application its count."""
    app.extensions[_EXTENSION] = Misses()


def require_few() -> None:
    """Go on only if whoever asks has not missed too often.

    Raises
    ------
    TooManyRequests
        If they have.
    """
    misses: Misses = current_app.extensions[_EXTENSION]
    if misses.are_too_many(identity.caller().network):
        raise TooManyRequests


def count_miss() -> None:
    """Count that whoever asks came with a key that opens nothing."""
    misses: Misses = current_app.extensions[_EXTENSION]
    misses.count(identity.caller().network)
