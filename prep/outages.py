"""What prep stands on and what can fail without anybody's fault, in words: files, disks, the database."""

import errno
from collections.abc import Mapping
from types import MappingProxyType

from prep.errors import Problem, Unavailable
from prep.language import Message, say

_REASONS: Mapping[int, Message] = MappingProxyType(
    {
        errno.ENOENT: say("there is no such file or folder"),
        errno.EACCES: say("you have no permission"),
        errno.EPERM: say("you have no permission"),
        errno.EROFS: say("the disk can only be read"),
        errno.ENOSPC: say("the disk is full"),
        errno.EDQUOT: say("the disk is full"),
        errno.EFBIG: say("the file would be larger than the system allows"),
        errno.EISDIR: say("it is a folder"),
        errno.ENOTDIR: say("a part of the path is not a folder"),
        errno.EEXIST: say("there is something else of this name"),
        errno.ENAMETOOLONG: say("the name is too long"),
        errno.EIO: say("the disk does not answer"),
    }
)
# https://sqlite.org/rescode.html; the lower eight bits of an extended code.
_SQLITE_BUSY = {5, 6}
_SQLITE_NOT_OURS = {3, 8, 14, 23}
_SQLITE_DISK = {10, 13}
_SQLITE_DAMAGED = {11, 26}
# https://www.postgresql.org/docs/17/errcodes-appendix.html
_POSTGRES_FORBIDDEN = {"25006", "42501"}
_POSTGRES_FULL = {"53100", "53200"}
_POSTGRES_BUSY = {"55P03", "57014"}


class Damaged(Unavailable):
    """What should be the database is none, or is no longer whole: a backup is needed."""


def why(error: OSError) -> Message | str:
    """Why the system refused a file, in the reader's language where the reason is a common one."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def of_file(error: OSError) -> Unavailable:
    """A file or folder that the system refused, as a sentence."""
    return Unavailable(
        Problem(
            place=str(error.filename) if error.filename else say("The disk"),
            value=None,
            rule=say("It cannot be used: {reason}.", reason=why(error)),
            remedy=say("Check the name and the permissions, and make room; then try again."),
        )
    )


def of_database(error: BaseException, *, shown: str) -> Unavailable | None:
    """What a driver's error means for whoever keeps the installation; None if the program is at fault.

    ``shown`` is the address of the database as it may be shown.
    """
    words = _of_sqlite(error) or _of_postgres(error)
    if words is None:
        return None
    rule, remedy = words
    is_damaged = getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE_DAMAGED
    kind = Damaged if is_damaged else Unavailable
    return kind(Problem(place=say("The database"), value=shown, rule=rule, remedy=remedy))


def _of_sqlite(error: BaseException) -> tuple[Message, Message] | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _SQLITE_BUSY:
        return (
            say("Another program is writing in it and has not finished in five seconds."),
            say("Wait until it has finished, or end it; then try again. Nothing has been changed."),
        )
    if code in _SQLITE_NOT_OURS:
        return (
            say("The file or its folder cannot be opened for writing."),
            say("Give permission to write, or set PREP_INSTANCE to a folder of your own."),
        )
    if code in _SQLITE_DISK:
        return (
            say("The disk is full or does not take what is written."),
            say("Make room, then try again. What was not finished has not been kept."),
        )
    if code in _SQLITE_DAMAGED:
        return (
            say("The file is not a database, or it is damaged."),
            say("Set another file, or restore a backup."),
        )
    return None


def _of_postgres(error: BaseException) -> tuple[Message, Message] | None:
    if not type(error).__module__.startswith("psycopg"):
        return None
    state = getattr(error, "sqlstate", None) or ""
    if state in _POSTGRES_FORBIDDEN:
        return (
            say("The user of the address may not write in it."),
            say("Give the user permission to make tables and write, or set another user."),
        )
    if state in _POSTGRES_FULL:
        return (
            say("The disk is full or does not take what is written."),
            say("Make room, then try again. What was not finished has not been kept."),
        )
    if state in _POSTGRES_BUSY:
        return (
            say("Another program holds what was to be changed."),
            say("Wait until it has finished, or end it; then try again. Nothing has been changed."),
        )
    # Without a state no server has answered.
    if type(error).__name__ == "OperationalError" or state[:2] in {"08", "28", "3D", "53", "57"}:
        return (
            say("The server does not answer, or does not let prep in ({remark}).", remark=_first_line(error)),
            say("Check that the server runs, and the name, user and password in the address."),
        )
    return None


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
