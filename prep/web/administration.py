"""Accounts and their roles, for the administrator: weighty, so the password is asked for again."""

from collections.abc import Iterable
from datetime import date, timedelta

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth import accounts, links, sessions, signing_in
from prep.auth.accounts import AccountStanding
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.auth.words import ROLE_NAMES
from prep.errors import Conflict, Problem, Refused
from prep.language import OWN_NAMES, Message, in_language, say, sort_key
from prep.models import Account, Grant
from prep.registry.sites import municipalities
from prep.terms import AccountRole, Language
from prep.web import editing, identity, tables
from prep.web.address import absolute
from prep.web.database import reading
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import done, led_to, saving
from prep.web.tables import Column
from prep.web.writing import named

pages = Blueprint("administration", __name__, url_prefix="/hallinta/tilit")

Answer = str | tuple[str, int] | Response
_PLACES = {
    "The sign-in name": "login",
    "The name of the account’s owner": "name",
    "The role": "role",
    "The role’s municipality": "municipality",
    "The role’s first day": "starts",
    "The role’s last day": "ends",
}


def _roles(one: AccountStanding) -> str | None:
    if not one.account.is_open:
        return in_language(say("account closed"), page_language())
    names = [
        in_language(ROLE_NAMES[grant.role], page_language())
        + (f" ({named(grant.municipality)})" if grant.municipality else "")
        for grant in one.grants
    ]
    return ", ".join(names) or None


def _signs_in_with(one: AccountStanding) -> Message:
    if not one.has_password:
        return say("nothing yet: the link is not used")
    if not one.has_second_factor:
        return say("password; second factor not set up")
    return say("password and second factor")


_COLUMNS: tuple[Column[AccountStanding], ...] = (
    Column("name", say("Account’s owner"), lambda one: one.account.name, names=True),
    Column("login", say("Sign-in name"), lambda one: one.account.login, extra=True),
    Column("roles", say("Roles today"), _roles),
    Column("factors", say("Sign-in with"), _signs_in_with),
    Column("last", say("Last sign-in"), lambda one: one.last_sign_in),
)
_ROLE_PLACES = {place: field for place, field in _PLACES.items() if field not in {"login", "name"}}


@pages.get("")
@permission("account.manage")
def listed() -> Answer:
    """Every account, with its roles today and how it can sign in."""
    with reading() as session:
        made = tables.listing(
            "accounts",
            say("Accounts"),
            _COLUMNS,
            accounts.accounts_standing(session, on=clock.today()),
            sorted_by="name",
            export=Permission.ACCOUNT_MANAGE,
        )
        return tables.answer(made, "accounts.html", role_names=ROLE_NAMES)


@pages.get("/uusi")
@permission("account.manage")
def new() -> Answer:
    """The form of a new account."""
    with reading() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        return _new(session, Form())


@pages.post("/uusi")
@permission("account.manage")
def add() -> Answer:
    """Make an account with its first role; the link for its owner is shown once."""
    values = typed("login", "name", "language", "role", "municipality", "starts", "ends")
    try:
        with saving() as session:
            sessions.require_fresh_proof(identity.signed_in(session))
            account = accounts.add(
                session, values["login"], values["name"], language=_language(values["language"])
            )
            _give(session, account, values)
            link = links.link_for(session, account)
            # The link itself is shown once: sent a second time, the form leads to the account.
            led_to(url_for("administration.one", number=account.id))
            return _link_page(account, link)
    except Refused as error:
        with reading() as session:
            return _new(session, sent_back(values, error, _PLACES)), 422


@pages.get("/<int:number>")
@permission("account.manage")
def one(number: int) -> Answer:
    """One account: roles with their days, and what can be done with it."""
    with reading() as session:
        return _one(session, _account(session, number), Form())


@pages.get("/<int:number>/muokkaa")
@permission("account.manage")
def edit(number: int) -> Answer:
    """The form of an account's name, sign-in name and language."""
    with reading() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        account = _account(session, number)
        return _details_page(account, editing.opened(_details(account), account))


@pages.post("/<int:number>/muokkaa")
@permission("account.manage")
def change(number: int) -> Answer:
    """Write an account's name, sign-in name and language anew."""
    sent = editing.sent("name", "login", "language")
    try:
        with saving() as session:
            sessions.require_fresh_proof(identity.signed_in(session))
            account = _account(session, number)
            account.require_version(sent.version)
            accounts.change(
                session,
                account,
                sent.values["login"],
                sent.values["name"],
                language=_language(sent.values["language"]),
            )
            return done("administration.one", "account", number=number)
    except Conflict:
        with reading() as session:
            account = _account(session, number)
            return _details_page(account, editing.both(sent, _details(account), account, session)), 409
    except Refused as error:
        with reading() as session:
            form = sent_back(sent.values, error, _PLACES)
            return _details_page(_account(session, number), editing.with_faults(sent, form)), 422


@pages.post("/<int:number>/rooli")
@permission("account.manage")
def give(number: int) -> Answer:
    """Give an account a role, in a municipality or in the county, for some days or until further notice."""
    values = typed("role", "municipality", "starts", "ends")
    try:
        with saving() as session:
            sessions.require_fresh_proof(identity.signed_in(session))
            _give(session, _account(session, number), values)
            return done("administration.one", "role", number=number)
    except Refused as error:
        with reading() as session:
            return _one(session, _account(session, number), sent_back(values, error, _ROLE_PLACES)), 422


@pages.post("/<int:number>/rooli/<int:grant_number>/paata")
@permission("account.manage")
def take_back(number: int, grant_number: int) -> Answer:
    """End a role: it holds no more from this moment."""
    with saving() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        account = _account(session, number)
        grant = session.get(Grant, grant_number)
        if grant is None or grant.account_id != account.id:
            raise nothing_here()
        if grant.role is AccountRole.ADMINISTRATOR:
            _refuse_own(account)
        accounts.take_back(session, grant, last_day=clock.today() - timedelta(days=1))
        return done("administration.one", "ended-role", number=number)


@pages.post("/<int:number>/linkki")
@permission("account.manage")
def make_link(number: int) -> Answer:
    """A one-time link for a new password; with ``tekijat`` the lost second factors are taken away as well."""
    with saving() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        account = _account(session, number)
        link = links.link_for(session, account)
        if request.form.get("tekijat"):
            _refuse_own(account)
            signing_in.drop_second_factors(session, account)
        led_to(url_for("administration.one", number=number))
        return _link_page(account, link)


@pages.post("/<int:number>/sulje")
@permission("account.manage")
def close(number: int) -> Answer:
    """Close an account: signed out everywhere at once, links and keys void."""
    with saving() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        account = _account(session, number)
        _refuse_own(account)
        accounts.disable(session, account)
        return done("administration.one", "closed", number=number)


@pages.post("/<int:number>/avaa")
@permission("account.manage")
def reopen(number: int) -> Answer:
    """Open a closed account again."""
    with saving() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        accounts.enable(session, _account(session, number))
        return done("administration.one", "opened", number=number)


def _account(session: Session, number: int) -> Account:
    found = session.get(Account, number)
    if found is None:
        raise nothing_here()
    return found


def _refuse_own(account: Account) -> None:
    """Nobody locks themselves out by mistake: another administrator does it."""
    if account.login == identity.login():
        raise Refused(
            Problem(
                place=say("The sign-in name"),
                value=account.login,
                rule=say("This is your own account, and without it you could not undo what you do."),
                remedy=say("Ask another administrator, or use “prep user” on the server."),
            )
        )


def _give(session: Session, account: Account, values: dict[str, str]) -> None:
    problems: list[Problem] = []
    role = _role(values["role"], problems)
    starts = _day(values["starts"], say("The role’s first day"), problems) or clock.today()
    ends = _day(values["ends"], say("The role’s last day"), problems)
    if role is None or problems:
        raise Refused(problems)
    accounts.give(
        session, account, role, starts=starts, ends=ends, municipality=values["municipality"] or None
    )


def _role(value: str, problems: list[Problem]) -> AccountRole | None:
    if value in set(AccountRole):
        return AccountRole(value)
    problems.append(
        Problem(
            place=say("The role"),
            value=value[:40] or None,
            rule=say("It is one of those in the list."),
            remedy=say("Choose a role."),
        )
    )
    return None


def _day(value: str, place: Message, problems: list[Problem]) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        problems.append(
            Problem(
                place=place,
                value=value[:40],
                rule=say("A day is written year, month and day, for example 2026-11-22."),
                remedy=say("Write the day so, or leave the field empty."),
            )
        )
        return None


def _language(value: str) -> Language:
    return Language(value) if value in set(Language) else Language.FI


def _details(account: Account) -> dict[str, str]:
    return {"name": account.name, "login": account.login, "language": account.language.value}


def _details_page(account: Account, form: Form) -> str:
    return render_template("account_edit.html", account=account, form=form, languages=_languages())


def _languages() -> list[tuple[str, str]]:
    return [(one.value, name) for one, name in OWN_NAMES.items()]


def _new(session: Session, form: Form) -> str:
    return render_template("account_new.html", form=form, languages=_languages(), **_choices(session))


def _one(session: Session, account: Account, form: Form) -> str:
    standing: Iterable[AccountStanding] = accounts.accounts_standing(session, on=clock.today())
    return render_template(
        "account_one.html",
        account=account,
        standing=next(one for one in standing if one.account.id == account.id),
        grants=account.grants,
        sessions=sessions.listed(session, account),
        today=clock.today(),
        role_names=ROLE_NAMES,
        is_own=account.login == identity.login(),
        form=form,
        **_choices(session),
    )


def _choices(session: Session) -> dict[str, list[tuple[str, str]]]:
    by_name = sorted(municipalities(session), key=lambda one: sort_key(named(one)))
    county = in_language(say("the whole county"), page_language())
    return {
        "roles": [(role.value, in_language(name, page_language())) for role, name in ROLE_NAMES.items()],
        "places": [("", county), *((one.code, named(one)) for one in by_name)],
    }


def _link_page(account: Account, link: links.Link) -> str:
    address = absolute(url_for("signing_in.open_link", token=link.token))
    return render_template("account_link.html", account=account, link=link, address=address)
