"""What commands that print share: the file that appears when it is complete, the municipality that is named."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from prep.errors import NotFound, Problem, Refused
from prep.language import Message, say, sort_key
from prep.outages import why

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.models import Municipality
    from prep.regions.outlines import CountyMap


def municipality_named(session: "Session", name: str) -> "Municipality":
    """A municipality by its code or its name in Finnish or Swedish.

    Raises
    ------
    NotFound
        With the names there are.
    """
    from sqlalchemy import select

    from prep.models import Municipality

    rows = session.scalars(select(Municipality)).all()
    wanted = name.strip().casefold()
    for row in rows:
        if wanted in {row.code, row.name_fi.casefold(), row.name_sv.casefold()}:
            return row
    raise NotFound(
        Problem(
            place=say("Municipality"),
            value=name,
            rule=say("There is no municipality of this name or code in the county."),
            remedy=say("Write one of {names}.", names=sorted((row.name_fi for row in rows), key=sort_key)),
        )
    )


def land_of(session: "Session") -> "CountyMap":
    """The outlines of the county's municipalities.

    Raises
    ------
    Refused
        Before there is a county.
    """
    from prep.cli.output import settings
    from prep.regions.boundaries import BOUNDARIES_FILE
    from prep.regions.outlines import county_map
    from prep.registry.install import installed_pack

    return county_map(installed_pack(session), settings().instance / BOUNDARIES_FILE)


@contextmanager
def draft(output: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when it is complete; readable by its owner alone, as the database.

    Raises
    ------
    Refused
        It cannot be written there; what was there before is untouched.
    """
    if output.exists() and not output.is_file():
        raise _unwritable(
            output,
            say("This is the name of a folder or a device."),
            say("Write the name of a file, such as cards.pdf."),
        )
    try:
        with tempfile.NamedTemporaryFile(dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
            unfinished = Path(file.name)
            try:
                yield file  # type: ignore[misc]
                file.flush()
                os.fsync(file.fileno())
                unfinished.replace(output)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
    except OSError as error:
        rule = say("The file cannot be written there: {reason}.", reason=why(error))
        raise _unwritable(output, rule, say("Make room, or choose another place.")) from error


def _unwritable(output: Path, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=str(output), value=None, rule=rule, remedy=remedy))
