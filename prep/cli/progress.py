"""How far long work has come: nothing within two seconds, then a bar on a terminal, or a line where there is none."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from prep.cli.output import console, remark, text
from prep.language import Message, say

PATIENCE_S = 2.0
_Value = TypeVar("_Value")


class Done(Protocol):
    """Called with each piece of work that is done; gives it back."""

    def __call__(self, value: _Value) -> _Value: ...


@contextmanager
def progress(what: Message, total: int | None = None) -> Iterator[Done]:
    """Show how far the work within has come; it calls what it gets with every finished piece."""
    if sys.stderr.isatty():
        with _bar(what, total) as done:
            yield done
        return
    timer = threading.Timer(PATIENCE_S, remark, [say("{what} …", what=what)])
    timer.daemon = True
    timer.start()
    try:
        yield _same
    finally:
        timer.cancel()


@contextmanager
def _bar(what: Message, total: int | None) -> Iterator[Done]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console(stderr=True), transient=True)
    task = bar.add_task(text(what), total=total)
    timer = threading.Timer(PATIENCE_S, bar.start)
    timer.daemon = True
    timer.start()

    def done(value: Any) -> Any:
        bar.advance(task)
        return value

    try:
        yield done
    finally:
        timer.cancel()
        timer.join()
        bar.stop()


def _same(value: Any) -> Any:
    return value
