import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from prep.auth import accounts, links, recovery, sessions, signing_in, tokens
from prep.auth.secret_key import load_key
from prep.cli import prep
from prep.cli.output import settings
from prep.db import read_session, write_session
from prep.errors import NotFound, Refused, SignInNeeded
from prep.models import ApiToken, AuditEntry, County, Municipality
from prep.terms import AccountRole, SignInMethod
from tests.auth.actors import OFFICE, PASSWORD, of, with_app


@pytest.fixture
def county(
    engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    monkeypatch.setenv("PREP_DATABASE_URL", database_url)
    monkeypatch.setenv("PREP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PREP_LANGUAGE", "en")
    settings.cache_clear()
    with write_session(engine, actor="test") as session:
        county = County(key="kp", name_fi="Keski", name_sv="Mellersta", name_en="Central", pack={})
        county.municipalities = [
            Municipality(code=code, name_fi=fi, name_sv=sv)
            for code, fi, sv in (("272", "Kokkola", "Karleby"), ("584", "Perho", "Perho"))
        ]
        session.add(county)
    yield engine
    settings.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(prep, ["user", *words])


def done(*words: str) -> Result:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result


def token_in(result: Result) -> str:
    address = result.stdout.strip()
    assert address.startswith("http://127.0.0.1:8351/link/")
    return address.rpartition("/")[2]


def add_aino() -> Result:
    return done(
        "add", "Aino", "--name", "Aino Esimerkki", "--role", "municipal_contact",
        "--municipality", "272", "--municipality", "584",
    )  # fmt: skip


def test_an_account_is_added_with_its_roles_and_a_link_for_its_password(county: Engine) -> None:
    result = add_aino()
    assert "is good once, and until 25.11.2026 10.46" in result.stderr
    with write_session(county, actor="test") as session:
        account = links.redeem(session, token_in(result), PASSWORD)
        assert account.login == "aino"
        assert {grant.municipality_code for grant in account.grants} == {"272", "584"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--role", "municipal_contact"], "This role is given in one municipality"),
        (["--role", "duty_officer", "--municipality", "272"], "This role is given in the whole county"),
        (["--role", "viewer", "--municipality", "999"], "The county has no municipality of this code"),
    ],
)
def test_a_role_that_cannot_be_given_adds_no_account(county: Engine, words: list[str], message: str) -> None:
    result = run("add", "aino", "--name", "Aino Esimerkki", *words)
    assert isinstance(result.exception, Refused)
    assert message in str(result.exception)
    with read_session(county) as session:
        assert accounts.find_or_none(session, "aino") is None


@pytest.mark.parametrize(
    ("host", "shown"), [("::", "[::1]"), ("192.0.2.7", "192.0.2.7"), ("prep.example", "prep.example")]
)
def test_a_link_can_be_opened_as_it_is_printed(
    county: Engine, monkeypatch: pytest.MonkeyPatch, host: str, shown: str
) -> None:
    monkeypatch.setenv("PREP_HOST", host)
    settings.cache_clear()
    assert done("link", "--setup").stdout.startswith(f"http://{shown}:8351/link/")


def test_a_role_that_does_not_exist_is_misuse(county: Engine) -> None:
    result = run("add", "aino", "--name", "Aino Esimerkki", "--role", "king")
    assert result.exit_code == 2
    assert "'king' is not one of 'county_planner', 'municipal_contact'" in result.stderr


def test_the_first_link_makes_the_first_administrator(county: Engine) -> None:
    token = token_in(done("link", "--setup"))
    with write_session(county, actor="test") as session:
        account = links.redeem_setup(session, token, login="eero", name="Eero Exempel", password=PASSWORD)
        assert [grant.role for grant in account.grants] == [AccountRole.ADMINISTRATOR]
    assert "There is an administrator already" in str(run("link", "--setup").exception)


def test_a_new_link_can_come_with_the_loss_of_all_second_factors(county: Engine, tmp_path: Path) -> None:
    first = token_in(add_aino())
    with write_session(county, actor="test") as session:
        links.redeem(session, first, PASSWORD)
        with_app(session, "aino", load_key(tmp_path / "secret.key"))
    done("link", "aino")
    with write_session(county, actor="test") as session:
        assert signing_in.has_second_factor(session, of(session, "aino"))
    token = token_in(done("link", "AINO", "--drop-second-factors"))
    with write_session(county, actor="test") as session:
        aino = of(session, "aino")
        assert not signing_in.has_second_factor(session, aino)
        assert recovery.left(session, aino) == 0
        links.redeem(session, token, "seitsemän sammakkoa lennossa")


@pytest.mark.parametrize("words", [[], ["aino", "--setup"], ["--setup", "--drop-second-factors"]])
def test_a_link_is_for_one_account_or_for_the_first(county: Engine, words: list[str]) -> None:
    result = run("link", *words)
    assert result.exit_code == 2
    assert "Give the sign-in name of an account, or --setup alone" in result.stderr


def test_a_closed_account_does_not_sign_in(county: Engine) -> None:
    token = token_in(add_aino())
    with write_session(county, actor="test") as session:
        links.redeem(session, token, PASSWORD)
    result = done("disable", "aino")
    assert (result.stdout, result.stderr) == ("", "The account aino is closed and signed out everywhere.\n")
    with write_session(county, actor="test") as session:
        answer = signing_in.give_password(session, "aino", PASSWORD, caller=OFFICE)
        assert isinstance(answer, signing_in.TurnedAway)


def test_an_unknown_account_is_named(county: Engine) -> None:
    for words in (["disable", "nobody"], ["link", "nobody"]):
        result = run(*words)
        assert isinstance(result.exception, NotFound)
        assert "“nobody” No account has it. “prep user list” shows all accounts." in str(result.exception)


def test_the_list_shows_who_can_do_what(county: Engine) -> None:
    add_aino()
    done("add", "eero", "--name", "Eero Exempel", "--role", "viewer")
    done("disable", "eero")
    lines = [line.split("  ") for line in done("list").stdout.splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert cells == [
        ["Sign-in name", "Account’s owner", "Roles today", "Sign-in with", "Last sign-in"],
        [
            "!",
            "aino",
            "Aino Esimerkki",
            "municipal contact (Kokkola), municipal contact (Perho)",
            "nothing yet: the link is not used",
            "never signed in",
        ],
        [
            "–",
            "eero",
            "Eero Exempel",
            "account closed",
            "nothing yet: the link is not used",
            "never signed in",
        ],
    ]


def test_the_list_in_json_holds_no_secrets(county: Engine) -> None:
    add_aino()
    assert json.loads(done("list", "--json").stdout) == [
        {
            "login": "aino",
            "name": "Aino Esimerkki",
            "open": True,
            "grants": [
                {"role": "municipal_contact", "municipality": code, "starts": "2026-11-22", "ends": None}
                for code in ("272", "584")
            ],
            "has_password": False,
            "has_second_factor": False,
            "has_identity": False,
            "last_sign_in": None,
        }
    ]


def test_a_key_for_a_program_is_printed_once(county: Engine) -> None:
    add_aino()
    result = done(
        "token", "aino", "--name", "premises list", "--scope", "site.read", "--scope", "contact.read", "--days", "30"
    )  # fmt: skip
    assert "This key is shown once, and is good until" in result.stderr
    with read_session(county) as session:
        use = tokens.use_of(session, result.stdout.strip())
        assert (use.account.login, use.row.name) == ("aino", "premises list")
        assert use.row.scopes == ["contact.read", "site.read"]
        assert use.row.expires_at - use.row.created_at == timedelta(days=30)


@pytest.mark.parametrize(
    ("scope", "days", "message"),
    [
        ("site.fly", "30", "There is no such permission."),
        ("chain.simulate", "30", "only such as you have and a program may have."),
        ("site.read", "367", "A key is good for 1 to 366 days."),
    ],
)
def test_a_key_for_what_the_account_has_not_is_refused(
    county: Engine, scope: str, days: str, message: str
) -> None:
    add_aino()
    result = run("token", "aino", "--name", "x", "--scope", scope, "--days", days)
    assert isinstance(result.exception, Refused)
    assert message in str(result.exception)
    with read_session(county) as session:
        assert session.query(ApiToken).count() == 0


def test_a_closed_account_gets_no_key(county: Engine) -> None:
    add_aino()
    done("disable", "aino")
    result = run("token", "aino", "--name", "x", "--scope", "site.read")
    assert isinstance(result.exception, Refused)


def test_who_is_signed_in_is_listed_and_ended_at_once(county: Engine) -> None:
    add_aino()
    done("add", "eero", "--name", "Eero Exempel", "--role", "viewer")
    with write_session(county, actor="test") as session:
        tokens_of = [
            sessions.enter(session, of(session, login), method=SignInMethod.TOTP, caller=OFFICE).token
            for login in ("aino", "aino", "eero")
        ]
    assert [one["login"] for one in json.loads(done("sessions", "--json").stdout)] == ["eero", "aino", "aino"]
    assert len(json.loads(done("sessions", "AINO", "--json").stdout)) == 2
    assert "authenticator app" in done("sessions").stdout
    assert "Sign-ins ended: 2." in done("sign-out", "aino").stderr
    with read_session(county) as session:
        for token in tokens_of[:2]:
            with pytest.raises(SignInNeeded):
                sessions.session_of(session, token)
        assert sessions.session_of(session, tokens_of[2]).account.login == "eero"
        last = session.query(AuditEntry).order_by(AuditEntry.seq.desc()).first()
        assert last is not None
        assert (last.action, last.actor) == ("sign_out", "command: user sign-out")
    assert "Sign-ins ended: 0." in done("sign-out", "aino").stderr


def test_keys_are_listed_without_their_value_and_revoked_by_number(county: Engine) -> None:
    add_aino()
    made = [
        done("token", "aino", "--name", name, "--scope", "site.read", "--days", days).stdout.strip()
        for name, days in (("premises list", "90"), ("map", "14"))
    ]
    listed = done("keys")
    assert not [key for key in made if key in listed.stdout]
    assert made[0][:12] in listed.stdout
    assert "never used" in listed.stdout
    # The one that ends within two weeks is marked.
    assert [line[0] for line in listed.stdout.splitlines()[1:]] == ["!", "✓"]
    soon, later = json.loads(done("keys", "aino", "--json").stdout)
    assert (soon["name"], later["name"], later["scopes"]) == ("map", "premises list", ["site.read"])
    assert "The key map of aino opens nothing any more." in done("revoke-key", str(soon["number"])).stderr
    with read_session(county) as session:
        assert tokens.use_of(session, made[0]).account.login == "aino"
        with pytest.raises(SignInNeeded):
            tokens.use_of(session, made[1])
    assert [one["name"] for one in json.loads(done("keys", "--json").stdout)] == ["premises list"]
    missing = run("revoke-key", "999")
    assert isinstance(missing.exception, NotFound)
    assert "There is no key of this number." in str(missing.exception)
