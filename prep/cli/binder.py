"""``prep binder``: everything printed of a municipality or of the county in one file."""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from prep import clock
from prep.cards.code import spoken
from prep.cli.output import as_json, language, open_database, remark, settings, show_json, show_table, text
from prep.cli.rights import right
from prep.language import say
from prep.terms import Language

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from prep.binder.content import Binder
    from prep.binder.signing import SigningKey

COMMAND = "command: binder print"
# In the environment: what stands on a command line everybody on the machine can read.
PASSWORD = "BINDER_PASSWORD"
# In place of a municipality.
COUNTY = "county"


@click.group()
def binder() -> None:
    """The binder of a municipality or of the county."""


@right("card.print", "contact.phone")
@binder.command("print")
@click.argument("place", metavar="MUNICIPALITY|county")
@click.option("--lang", type=click.Choice([str(one) for one in Language]), help="Language of the binder.")
@click.option(
    "-o",
    "--out",
    "output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The PDF to write.",
)
@click.option(
    "--html", "with_page", is_flag=True, help="Beside the PDF the same as one page that needs no network."
)
@click.option(
    "--encrypt", "is_encrypted", is_flag=True, help="Only with a password (AES-256): asked, or as said below."
)
@click.option(
    "--password-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"The password is the first line of this file; else {PASSWORD}, else it is asked.",
)
@as_json
def print_binder(
    place: str,
    *,
    lang: str | None,
    output: Path,
    with_page: bool,
    is_encrypted: bool,
    password_file: Path | None,
    json_wanted: bool,
) -> None:
    """Print the binder of a municipality, or of the county with all its municipalities, into one PDF.

    It holds contacts, bodies, alert chains, premises with their map, and all cards, with contents, dividers and page
    numbers over the whole. Beside it comes its signature, if there is a key (“prep binder key”). Its cards are noted in
    the register of issued cards.
    """
    from prep.binder.document import write
    from prep.binder.signing import signing_key
    from prep.cli.drafts import draft

    if password_file and not is_encrypted:
        raise click.UsageError("--password-file goes with --encrypt.")
    if with_page and is_encrypted:
        raise click.UsageError("A page cannot be encrypted: leave --html or --encrypt out.")
    page = output.with_suffix(".html") if with_page else None
    if page == output:
        raise click.UsageError("Name the PDF; the page beside it gets its name with .html.")
    password = _password(password_file) if is_encrypted else None
    engine, key = open_database(), signing_key(settings().instance)
    made = _made(engine, place, Language(lang) if lang else language())
    with draft(output) as file:
        drawn = io.BytesIO()
        printed = write(drawn, made, tell=remark)
        # What is signed is the file as it is handed on.
        content = drawn.getvalue() if password is None else _encrypted(drawn.getvalue(), password)
        file.write(content)
        files = [output, *_sign(key, content, output, made)]
        if page is not None:
            files += _write_page(key, page, made)
        # Before the file appears: a card that is not in the register must not be in anybody's hands.
        _register(engine, made, output)
    if json_wanted:
        show_json(
            {
                "prints": printed.prints,
                "pages": printed.sides,
                "version": spoken(made.version),
                "files": [str(one) for one in files],
            }
        )
    else:
        rows = [[printed.prints, printed.sides, spoken(made.version), "\n".join(str(one) for one in files)]]
        show_table([say("Prints"), say("Pages"), say("Version"), say("Files")], rows)
    if key is None:
        remark(say("It is not signed: there is no key. Make one with “prep binder key”."))


@right("server")
@binder.command("key")
@as_json
def key(*, json_wanted: bool) -> None:
    """Make the county's key for signing binders, if there is none, and print the public key.

    The private key stays in the instance folder, readable for its owner only. Tell the public key to everybody who is
    to check binders, by a way on which nobody can change it.
    """
    from prep.binder.signing import KEY_FILE, make_signing_key, read_signing_key

    path = settings().instance / KEY_FILE
    is_new = make_signing_key(path)
    public = read_signing_key(path).public
    if json_wanted:
        show_json({"key": public.text, "number": public.named, "file": str(path), "is_new": is_new})
    else:
        click.echo(public.text)
    if is_new:
        remark(
            say(
                "The key is made. Keep a copy of {file} elsewhere, for no backup holds it: without it the next binders "
                "are signed with another key, which everybody has to be told.",
                file=str(path),
            )
        )


@right("public", status_1="the signature is not good: which file, which key and why are told")
@binder.command("verify")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("signature", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--key", "given", metavar="KEY", required=True, help="The public key, or the name of a file with it."
)
@as_json
def verify(file: Path, signature: Path, *, given: str, json_wanted: bool) -> None:
    """Check that a binder is as the county signed it.

    SIGNATURE is the file that came with it. It needs neither a network nor a database.
    """
    from prep.binder.signing import read_public_key
    from prep.binder.signing import verify as check

    public = read_public_key(given)
    found = check(
        file.read_bytes(), signature.read_text(encoding="utf-8", errors="replace"), public, name=file.name
    )
    if json_wanted:
        show_json({"good": True, "file": str(file), "signed_as": found.name, "timestamp": found.timestamp})
        return
    remark(
        say(
            "The signature is good: {file} is as it was signed with the key {id}.",
            file=str(file),
            id=public.named,
        )
    )
    if found.name and found.name != file.name:
        remark(say("When it was signed it was called {name}.", name=found.name))


def _password(file: Path | None) -> str:
    """The password from the file, the environment or the keyboard, one that can protect something."""
    from prep.binder.encryption import require_password

    if file is not None:
        lines = file.read_text(encoding="utf-8").splitlines()
        password = lines[0] if lines else ""
    elif PASSWORD in os.environ:
        password = os.environ[PASSWORD]
    else:
        asked = text(say("Password of the binder"))
        password = click.prompt(asked, hide_input=True, confirmation_prompt=True, err=True)
    require_password(password)
    return password


def _encrypted(pdf: bytes, password: str) -> bytes:
    from prep.binder.encryption import encrypted

    remark(say("Encrypting …"))
    return encrypted(pdf, password)


def _write_page(key: "SigningKey | None", path: Path, made: "Binder") -> list[Path]:
    """Write the binder as a page, with its signature."""
    from prep.binder.page import html_of
    from prep.cli.drafts import draft

    content = html_of(made)
    with draft(path) as file:
        file.write(content)
    return [path, *_sign(key, content, path, made)]


def _sign(key: "SigningKey | None", content: bytes, output: Path, made: "Binder") -> list[Path]:
    """Write the signature beside the file; an old one of an older file would be worse than none."""
    from prep.binder.signing import SUFFIX
    from prep.cli.drafts import draft

    path = output.with_name(output.name + SUFFIX)
    if key is None:
        path.unlink(missing_ok=True)
        return []
    with draft(path) as file:
        file.write(key.sign(content, name=output.name, at=made.ground.printed_at).encode())
    return [path]


def _made(engine: "Engine", place: str, chosen: Language) -> "Binder":
    from prep.binder.records import Printing, Sight, county_binder
    from prep.cli.drafts import land_of, municipality_named
    from prep.db import read_session

    printing = Printing(chosen, settings().classification, clock.today(), clock.now())
    with read_session(engine) as session:
        municipality = None if place == COUNTY else municipality_named(session, place)
        return county_binder(session, printing, land_of(session), municipality=municipality, sight=Sight())


def _register(engine: "Engine", made: "Binder", output: Path) -> None:
    from prep.binder.register_records import enter
    from prep.db import write_session

    with write_session(engine, actor=COMMAND, why=output.name) as session:
        enter(session, made, name=output.name, by=COMMAND)
