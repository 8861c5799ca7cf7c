"""The administration at a glance: how the installation stands, its settings, its health, its backups."""

import os

from flask import Blueprint, current_app, redirect, render_template, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from prep import backup as copies
from prep import clock
from prep.auth import accounts, sessions, tokens
from prep.backup.manifest import kept
from prep.config import Settings, origins
from prep.doctor import examine
from prep.doctor.standing import standing
from prep.errors import PrepError
from prep.terms import State, worst
from prep.web import identity, notices
from prep.web.database import engine_of, reading, writing
from prep.web.language import page_language
from prep.web.permissions import permission

pages = Blueprint("upkeep", __name__, url_prefix="/hallinta")


@pages.get("")
@permission("settings.read")
def show() -> str:
    """What is not in order, and the facts of the installation."""
    checks = examine(_settings(), is_thorough=False)
    with reading() as session:
        standing_accounts = accounts.accounts_standing(session, on=clock.today())
        keys = tokens.listed(session)
        return render_template(
            "upkeep.html",
            worst=worst(one.state for one in checks),
            wanting=[one for state in (State.FAULT, State.WARNING) for one in checks if one.state is state],
            unknown=[one for one in checks if one.state is State.UNKNOWN],
            standing=standing(_engine(), _settings()),
            open_accounts=sum(one.account.is_open for one in standing_accounts),
            sign_ins=len(sessions.listed(session)),
            keys=len(keys),
            ending_keys=sum(tokens.ends_soon(one) for one in keys),
        )


@pages.get("/tila")
@permission("settings.read")
def health() -> str:
    """Every check; with ``kaikki`` also those that can take long."""
    is_thorough = bool(request.args.get("kaikki"))
    return render_template(
        "health.html", checks=examine(_settings(), is_thorough=is_thorough), is_thorough=is_thorough
    )


@pages.get("/asetukset")
@permission("settings.read")
def settings() -> str:
    """Every setting in force, where it comes from, and how it is changed."""
    running = _settings()
    environment = {**os.environ, "PREP_INSTANCE": str(running.instance)}
    faults: list[str] = []
    try:
        found = origins(environment, running=running)
    except PrepError as error:
        # What was changed since the start cannot be read; the program goes on with what it began with.
        found, faults = [], [one.in_language(page_language()) for one in error.problems]
    return render_template(
        "settings.html", settings=found, faults=faults, file=str(running.instance / "prep.toml")
    )


@pages.get("/varmuuskopiot")
@permission("backup.make")
def backups() -> str:
    """The backups that lie in the instance folder, and the button for another."""
    folder = _settings().instance / copies.FOLDER
    return render_template(
        "backups.html",
        backups=kept(folder),
        folder=str(folder),
        is_file=_settings().database_file is not None,
        is_encrypted=bool(_settings().backup_key_file),
        last=standing(_engine(), _settings()).last_backup,
    )


@pages.post("/varmuuskopiot")
@permission("backup.make")
def make_backup() -> Response:
    """Make a checked backup in the instance folder; it is never sent to a browser."""
    with reading() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
    key = copies.key_of(_settings().backup_key_file)
    _, manifest = copies.make(_engine(), _settings().instance / copies.FOLDER, key=key)
    with writing(identity.actor()) as session:
        copies.record(session, manifest)
    return redirect(notices.after("upkeep.backups", "backup"), code=303)


def _settings() -> Settings:
    found: Settings = current_app.extensions["prep_settings"]
    return found


def _engine() -> Engine:
    return engine_of(current_app)
