"""``prep backup`` and ``prep restore``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from prep.cli.output import as_json, open_database, remark, settings, show_json, show_table
from prep.language import say

if TYPE_CHECKING:
    from prep.backup import Manifest


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@as_json
def backup(folder: Path, *, json_wanted: bool) -> None:
    """Make a checked copy of the database in a folder, while prep runs."""
    from dataclasses import asdict

    from prep import backup as backups
    from prep.db import write_session

    engine = open_database()
    path, manifest = backups.make(engine, folder)
    with write_session(engine, actor="command: backup") as session:
        backups.record(session, manifest)
    if json_wanted:
        show_json({"path": str(path), **asdict(manifest)})
        return
    _show(manifest, path)
    key = settings().instance / "secret.key"
    if key.exists():
        remark(
            say("Keep a copy of {file} elsewhere: without it second factors are set up anew.", file=str(key))
        )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--verify-only", is_flag=True, help="Check the backup; nothing is changed.")
def restore(file: Path, *, verify_only: bool) -> None:
    """Check a backup against its manifest, and say how it is put back."""
    from prep import backup as backups

    if not verify_only:
        raise click.UsageError("Putting back is done by hand; with --verify-only it is said how.")
    manifest = backups.verify(file)
    _show(manifest, file)
    remark(say("The backup is sound."))
    remark(
        say(
            "To put it back: stop prep, move prep.db, prep.db-wal and prep.db-shm aside, "
            "copy the backup to {target} with mode 600, then run “prep doctor”.",
            target=str(settings().instance / "prep.db"),
        )
    )


def _show(manifest: "Manifest", path: Path) -> None:
    from datetime import datetime

    show_table(
        [say("Backup"), ""],
        [
            [say("File"), str(path)],
            [say("Made"), datetime.fromisoformat(manifest.made_at)],
            [say("Schema"), manifest.schema],
            [say("Rows"), str(sum(manifest.rows.values()))],
            [say("Head of the audit trail"), manifest.head],
            ["SHA-256", manifest.sha256],
        ],
    )
