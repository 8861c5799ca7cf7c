"""The manifest of a backup: what the copy beside it must hold, and which backups lie in a folder."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from prep.errors import Problem, Refused
from prep.language import say


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy must hold. ``head`` is the last row of the audit trail, as ``SEQ:HASH``.

    Size and digest are those of the file as it lies there; ``encryption`` names its format, empty for none.
    """

    file: str
    made_at: str
    made_with: str
    schema: str
    size_bytes: int
    sha256: str
    head: str
    rows: dict[str, int]
    encryption: str = ""

    @property
    def moment(self) -> datetime:
        """When the copy was made."""
        return datetime.fromisoformat(self.made_at)

    @property
    def binding(self) -> bytes:
        """What an encrypted copy is bound to: a manifest of another moment or content does not open it."""
        bound = [self.made_at, self.schema, self.head, self.rows]
        return json.dumps(bound, ensure_ascii=False, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that lies in a folder; ``is_there``: the copy itself, with the size that its manifest says."""

    path: Path
    manifest: Manifest
    is_there: bool


def kept(folder: Path) -> list[Kept]:
    """The backups in a folder, the latest first; what is no manifest of a backup is passed over."""
    found = []
    for place in folder.glob("*.json"):
        try:
            manifest = read_manifest(place)
        except Refused:
            continue
        path = place.with_name(Path(manifest.file).name)
        is_there = path.is_file() and path.stat().st_size == manifest.size_bytes
        found.append(Kept(path, manifest, is_there))
    return sorted(found, key=lambda one: (one.manifest.moment, one.path.name), reverse=True)


def read_manifest(place: Path) -> Manifest:
    """A manifest as it was written.

    Raises
    ------
    Refused
        If there is none, or if it is not one.
    """
    try:
        given = json.loads(place.read_text(encoding="utf-8"))
        manifest = Manifest(**given)
        is_one = manifest.moment.tzinfo is not None and isinstance(manifest.file, str)
        if not is_one:
            raise ValueError(manifest.made_at)
    except (OSError, ValueError, TypeError) as error:
        raise Refused(
            Problem(
                place=str(place),
                value=None,
                rule=say("A backup has its manifest beside it, as prep wrote it."),
                remedy=say(
                    "Give the file prep-….db with its .json in the same folder, or take another backup."
                ),
            )
        ) from error
    return manifest


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a manifest in one step, for its owner's eyes only."""
    beside = path.with_suffix(".json.new")
    beside.unlink(missing_ok=True)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    with os.fdopen(
        os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text + "\n")
    keep(beside, path)


def keep(beside: Path, target: Path) -> None:
    """Give a file its name once it is safely on the disk."""
    _to_disk(beside)
    beside.replace(target)
    _to_disk(target.parent)


def manifest_of(path: Path) -> Path:
    """Where the manifest of a backup lies."""
    return path.with_suffix(".json")


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
