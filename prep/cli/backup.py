"""``prep backup`` and ``prep restore``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from prep.cli.output import as_json, open_database, remark, settings, show_json, show_table, text
from prep.cli.rights import right
from prep.errors import Problem, Refused
from prep.language import say

if TYPE_CHECKING:
    from prep.backup.manifest import Manifest

_PATH = click.Path(dir_okay=False, path_type=Path)
_key_file = click.option(
    "--key-file", type=_PATH, help="The key of encrypted backups; else the setting backup_key_file."
)


@right("backup.make")
@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@_key_file
@click.option("--new-key", is_flag=True, help="Make the key file first; it must not be there yet.")
@as_json
def backup(folder: Path, *, key_file: Path | None, new_key: bool, json_wanted: bool) -> None:
    """Make a checked copy of the database in a folder, while prep runs; encrypted if there is a key."""
    from dataclasses import asdict

    from prep import backup as backups
    from prep.binder.signing import KEY_FILE
    from prep.db import write_session

    named = key_file or settings().backup_key_file
    if new_key:
        _make_key(named)
    key = backups.key_of(named)
    engine = open_database()
    path, manifest = backups.make(engine, folder, key=key)
    with write_session(engine, actor="command: backup") as session:
        backups.record(session, manifest)
    if json_wanted:
        show_json({"path": str(path), **asdict(manifest)})
        return
    _show(manifest, path)
    if key is None:
        remark(say("The copy is not encrypted and holds personal data: keep it on an encrypted disk."))
    else:
        remark(
            say(
                "Keep a copy of {file} elsewhere, not beside the backups: without it they cannot be read.",
                file=str(key.path),
            )
        )
    own = settings().instance / "secret.key"
    if own.exists():
        remark(
            say("Keep a copy of {file} elsewhere: without it second factors are set up anew.", file=str(own))
        )
    signing = settings().instance / KEY_FILE
    if signing.exists():
        remark(
            say(
                "Keep a copy of {file} elsewhere: without it the next binders are signed with another key.",
                file=str(signing),
            )
        )


@right("server", status_1="refused, and the database is as it was")
@click.command()
@click.argument("file", type=_PATH)
@_key_file
@click.option("--verify-only", is_flag=True, help="Check the backup; nothing is changed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, *, key_file: Path | None, verify_only: bool, yes: bool) -> None:
    """Put a backup in the place of the database, after a copy of what is there; or only check it.

    Pages must not be served meanwhile. The backup is checked before anything is touched.
    """
    from prep import backup as backups
    from prep.backup.restoring import restore as put_back

    key = backups.key_of(key_file or settings().backup_key_file)
    database = settings().database_file
    if verify_only:
        _show(backups.verify(file, key=key, scratch=settings().instance), file)
        remark(say("The backup is sound."))
        return
    if database is None:
        raise _use_pg_restore()
    if not yes:
        _show(backups.verify(file, key=key, scratch=database.parent), file)
        question = say(
            "Put it in the place of {file}? What was changed since it was made is then only in a copy.",
            file=str(database),
        )
        click.confirm(text(question), abort=True)
    folder = settings().instance / backups.FOLDER
    done = put_back(file, database, key=key, safety_folder=folder, actor="command: restore")
    remark(say("The backup made {moment} is in place. Everybody is signed out.", moment=done.manifest.moment))
    if done.safety is not None:
        remark(say("What was there before is in {file}.", file=str(done.safety)))
    remark(
        say(
            "What was done after {moment} has to be done again: closed accounts, ended roles, revoked keys and "
            "redactions first. Then run “prep doctor”.",
            moment=done.manifest.moment,
        )
    )


def _make_key(named: Path | str | None) -> None:
    from prep.auth.secret_key import make_key

    if not named:
        raise click.UsageError("Say with --key-file where the new key belongs.")
    path = Path(named)
    if path.exists():
        raise Refused(
            Problem(
                place=str(path),
                value=None,
                rule=say("There is a key file already, and backups may have been made with it."),
                remedy=say("Leave --new-key out, or name another file."),
            )
        )
    make_key(path)


def _use_pg_restore() -> Refused:
    return Refused(
        Problem(
            place=say("Backup"),
            value=None,
            rule=say("PostgreSQL is restored with its own tools."),
            remedy=say("Stop prep, make an empty database and run pg_restore on the file that pg_dump made."),
        )
    )


def _show(manifest: "Manifest", path: Path) -> None:
    show_table(
        [say("Backup"), ""],
        [
            [say("File"), str(path)],
            [say("Made"), manifest.moment],
            [say("Encryption"), manifest.encryption or say("not encrypted")],
            [say("Schema"), manifest.schema],
            [say("Rows"), str(sum(manifest.rows.values()))],
            [say("Head of the audit trail"), manifest.head],
            ["SHA-256", manifest.sha256],
        ],
    )
