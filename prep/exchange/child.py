"""A file read in a process of its own, which has little memory and time: a crafted file cannot outgrow it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prep.errors import Problem, Refused
from prep.language import say

TIMEOUT_S = 30


def read_in_child(
    program: Path,
    content: bytes,
    *,
    name: str,
    decoded: Callable[[dict[str, Any]], Any] | None = None,
) -> dict[str, Any]:
    """What a program of ours answers (as JSON) to the content of a file.

    Parameters
    ----------
    program
        It limits its own memory and time before it reads anything.
    name
        What the file is called.
    decoded
        Makes values of the objects in the answer.

    Raises
    ------
    Refused
        If the program ends before it has answered: it has used up its memory or its time.
    """
    try:
        # -I: nothing from the folder or the environment in which prep was started is imported.
        done = subprocess.run(  # noqa: S603 - our own program, and no argument from outside
            [sys.executable, "-I", str(program)],
            input=content,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
            # Each further thread of the arithmetic asks for memory of its own.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much(name) from error
    if done.returncode != 0:
        raise _too_much(name)
    answer: dict[str, Any] = json.loads(done.stdout, object_hook=decoded)
    return answer


def _too_much(name: str) -> Refused:
    return Refused(
        Problem(
            place=name,
            value=None,
            rule=say("Reading the file needs more memory or time than a list ever should."),
            remedy=say(
                "Copy the table alone into a new file: a cell far from the others may hold something."
            ),
        )
    )
