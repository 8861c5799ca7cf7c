"""The log: one JSON object a line on stderr, with no personal data.

A request is logged by the pattern of its address, never by the address itself, its question or who asked. Of an
error only its kind and where it arose are kept: its text can hold what was in the database.
"""

import json
import logging
import re
import secrets
import sys
import time
import traceback
from datetime import UTC
from typing import Any, TextIO

from flask import Flask, Response, g, request

from prep import clock

log = logging.getLogger("prep.requests")
HEADER = "X-Request-Id"
_OWN = ("status", "method", "path", "duration_ms")
# Escapes of a terminal and line ends cannot be put into the log by what is logged.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        # What other libraries fill into their messages is not known to be harmless; ours is.
        is_ours = record.name.split(".")[0] == "prep"
        message = record.getMessage() if is_ours else str(record.msg)
        line: dict[str, Any] = {
            "time": clock.now().astimezone(UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _CONTROL.sub(" ", message),
        }
        line |= {name: getattr(record, name) for name in _OWN if hasattr(record, name)}
        request_id = getattr(record, "request_id", None) or current_request_id()
        if request_id:
            line["request_id"] = request_id
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["at"] = [
                f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line, ensure_ascii=False)


def write_to(stream: TextIO | None = None) -> logging.Handler:
    """Write the log of the whole process to a stream, stderr if none is given; gives the handler."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    logging.getLogger("prep").setLevel(logging.INFO)
    return handler


def log_requests(app: Flask) -> None:
    """Leave a line in the log for every answer, and its number in the answer."""
    app.before_request(_begin)
    app.after_request(_end)


def current_request_id() -> str | None:
    """The number of the request that is being answered; None outside one."""
    return g.get("request_id") if g else None


def _begin() -> None:
    # Never taken from the request: whoever asks could write into the log with it.
    g.request_id = secrets.token_hex(8)
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    if "request_id" not in g:
        _begin()
    response.headers[HEADER] = g.request_id
    log.log(
        logging.ERROR if response.status_code >= 500 else logging.INFO,
        "request",
        extra={
            "method": request.method if request.method.isalpha() else "?",
            "path": f"{request.script_root}{request.url_rule.rule}" if request.url_rule else None,
            "status": response.status_code,
            "duration_ms": round((time.perf_counter() - g.began) * 1000, 1),
            "request_id": g.request_id,
        },
    )
    return response
