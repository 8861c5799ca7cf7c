"""What the organisation's sign-in service says is believed only when everything about it is right."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import ECKey, OctKey

from prep import clock
from prep.addresses import ServiceUrl
from prep.auth.id_tokens import Mistrusted, Question, Registration
from prep.auth.identities import Said
from prep.auth.provider import Provider
from prep.errors import Unavailable
from prep.terms import Language
from tests.auth.actors import later
from tests.auth.mock_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    KEY,
    OTHER_KEY,
    SUBJECT,
    Organisation,
    new_key,
    running,
)

BACK = "https://prep.kunta.example/kirjaudu/organisaatio/paluu"
QUESTION = Question(state="state", nonce="nonce", verifier="v" * 43)


@pytest.fixture
def organisation() -> Iterator[Organisation]:
    with running() as one:
        yield one


def known(organisation: Organisation, **more: Any) -> Provider:
    return Provider(
        Registration(
            issuer=ServiceUrl.read(organisation.issuer),
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            redirect_uri=BACK,
            **more,
        )
    )


def address(provider: Provider, **more: Any) -> dict[str, str]:
    found = provider.authorization_address(QUESTION, language=Language.FI, **more)
    return {name: values[0] for name, values in parse_qs(urlsplit(found).query).items()}


def brought_back(provider: Provider, question: Question = QUESTION) -> dict[str, str]:
    """What a browser brings back after its owner has signed in there."""
    where = provider.authorization_address(question, language=Language.FI)
    answer = requests.get(where, allow_redirects=False, timeout=10)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def said(organisation: Organisation, **more: Any) -> Said | Mistrusted:
    provider = known(organisation, **more)
    return provider.said(brought_back(provider), QUESTION)


def test_who_signs_in_there_is_known_by_issuer_and_subject(organisation: Organisation) -> None:
    assert said(organisation) == Said(
        issuer=organisation.issuer,
        subject=SUBJECT,
        name="aino.exempel",
        is_strong=False,
        authenticated_at=clock.now(),
    )


def test_the_browser_carries_state_nonce_and_the_hash_of_the_verifier(organisation: Organisation) -> None:
    asked = address(known(organisation))
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": BACK,
        "scope": "openid profile",
        "state": "state",
        "nonce": "nonce",
        # base64url(SHA-256 of 43 times "v"), RFC 7636, 4.2.
        "code_challenge": "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM",
        "code_challenge_method": "S256",
        "ui_locales": "fi",
    }
    proof = address(known(organisation, acr=("high", "substantial")), is_proof=True)
    assert (proof["prompt"], proof["max_age"], proof["acr_values"]) == ("login", "0", "high substantial")


@pytest.mark.parametrize("methods", [["client_secret_basic"], ["client_secret_post"], None])
def test_the_service_is_shown_the_secret_as_it_wants(
    organisation: Organisation, methods: list[str] | None
) -> None:
    organisation.metadata["token_endpoint_auth_methods_supported"] = methods
    assert isinstance(said(organisation), Said)


def test_a_key_on_an_elliptic_curve_is_good_too(organisation: Organisation) -> None:
    key = ECKey.generate_key("P-256", {"kid": "one"})
    organisation.keys, organisation.sign_with, organisation.algorithm = [key], key, "ES256"
    assert isinstance(said(organisation), Said)


NOW = 1_795_337_160  # 22.11.2026 10.46 in Finland


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://evil.example"}, "identity: iss"),
        ({"iss": None}, "identity: iss"),
        ({"aud": "another"}, "identity: aud"),
        ({"aud": None}, "identity: aud"),
        ({"aud": ["another", "third"]}, "identity: aud"),
        ({"aud": ["prep", "another"]}, "identity: azp"),
        ({"aud": ["prep", "another"], "azp": "another"}, "identity: azp"),
        ({"azp": "another"}, "identity: azp"),
        ({"nonce": "of another sign-in"}, "identity: nonce"),
        ({"nonce": None}, "identity: nonce"),
        ({"exp": NOW - 61}, "identity: exp"),
        ({"exp": None}, "identity: exp"),
        ({"exp": "tomorrow"}, "identity: exp"),
        ({"iat": NOW + 61}, "identity: iat"),
        ({"iat": None}, "identity: iat"),
        ({"nbf": NOW + 61}, "identity: nbf"),
        ({"sub": None}, "identity: sub"),
        ({"sub": ""}, "identity: sub"),
        ({"sub": 7}, "identity: sub"),
        ({"sub": "x" * 256}, "identity: sub"),
        ({"sub": "a\nb"}, "identity: sub"),
        ({"at_hash": "of another"}, "identity: at_hash"),
        ({"auth_time": "yesterday"}, "identity: auth_time"),
        ({"auth_time": 1e300}, "identity: OverflowError"),
        ({"amr": "mfa"}, "identity: amr"),
    ],
)
def test_a_token_that_says_something_else_is_not_believed(
    organisation: Organisation, claims: dict[str, Any], why: str
) -> None:
    assert int(clock.now().timestamp()) == NOW
    organisation.claims = claims
    assert said(organisation) == Mistrusted(why)


@pytest.mark.parametrize(
    "claims", [{"exp": NOW - 59}, {"iat": NOW + 59}, {"aud": ["prep"]}, {"aud": ["prep", "b"], "azp": "prep"}]
)
def test_a_token_that_is_only_a_little_off_is_believed(
    organisation: Organisation, claims: dict[str, Any]
) -> None:
    organisation.claims = claims
    assert isinstance(said(organisation), Said)


def test_a_token_of_another_key_is_not_believed(organisation: Organisation) -> None:
    organisation.sign_with = OTHER_KEY
    assert said(organisation) == Mistrusted("identity: bad_signature")


def test_a_token_without_a_signature_is_not_believed(organisation: Organisation) -> None:
    organisation.algorithm, organisation.sign_with = "none", b""
    assert isinstance(said(organisation), Mistrusted)


def test_a_token_signed_with_the_public_key_as_a_secret_is_not_believed(organisation: Organisation) -> None:
    # The old trick: the service's own public key, which everybody has, taken for a shared secret.
    organisation.algorithm = "HS256"
    organisation.sign_with = KEY.as_pem(private=False)
    assert isinstance(said(organisation), Mistrusted)


def test_a_token_signed_with_the_client_s_secret_is_not_believed(organisation: Organisation) -> None:
    secret = OctKey.import_key(CLIENT_SECRET + "x" * 32, {"kid": "one"})
    organisation.algorithm, organisation.sign_with, organisation.keys = "HS256", secret, [secret, KEY]
    assert isinstance(said(organisation), Mistrusted)


def test_the_name_is_only_shown_and_what_cannot_be_shown_is_left_out(organisation: Organisation) -> None:
    for claims, name in (
        ({"preferred_username": None, "name": "Aino Exempel"}, "Aino Exempel"),
        ({"preferred_username": "a\u202eb"}, ""),
        ({"preferred_username": 7}, ""),
        ({"preferred_username": "x" * 300}, "x" * 200),
    ):
        organisation.claims = claims
        found = said(organisation)
        assert isinstance(found, Said)
        assert found.name == name


@pytest.mark.parametrize(
    ("acr", "amr", "claims", "is_strong"),
    [
        ((), (), {"acr": "high", "amr": ["mfa"]}, False),
        (("high",), (), {"acr": "high"}, True),
        (("high", "substantial"), (), {"acr": "substantial"}, True),
        (("high",), (), {"acr": "low"}, False),
        (("high",), (), {}, False),
        (("high",), (), {"acr": ["high"]}, False),
        ((), ("mfa",), {"amr": ["pwd", "mfa"]}, True),
        ((), ("mfa", "hwk"), {"amr": ["hwk"]}, True),
        ((), ("mfa",), {"amr": ["pwd"]}, False),
        ((), ("mfa",), {"amr": []}, False),
        ((), ("mfa",), {}, False),
        (("high",), ("mfa",), {"acr": "high", "amr": ["mfa"]}, True),
        (("high",), ("mfa",), {"acr": "high", "amr": ["pwd"]}, False),
        (("high",), ("mfa",), {"acr": "low", "amr": ["mfa"]}, False),
    ],
)
def test_its_second_factor_counts_only_as_the_settings_say(
    organisation: Organisation,
    acr: tuple[str, ...],
    amr: tuple[str, ...],
    claims: dict[str, Any],
    *,
    is_strong: bool,
) -> None:
    organisation.claims = claims
    found = said(organisation, acr=acr, amr=amr)
    assert isinstance(found, Said)
    assert found.is_strong is is_strong


def test_a_code_is_good_once(organisation: Organisation) -> None:
    provider = known(organisation)
    answer = brought_back(provider)
    assert isinstance(provider.said(answer, QUESTION), Said)
    assert provider.said(answer, QUESTION) == Mistrusted("code: invalid_grant")


def test_a_code_of_another_sign_in_is_not_taken(organisation: Organisation) -> None:
    provider = known(organisation)
    # Somebody has put their own code into another's browser: the verifier does not fit.
    theirs = brought_back(provider, Question(state="s", nonce="n", verifier="w" * 43))
    assert provider.said(theirs, QUESTION) == Mistrusted("code: invalid_grant")


def test_an_answer_in_another_service_s_name_is_not_looked_at(organisation: Organisation) -> None:
    provider = known(organisation)
    answer = brought_back(provider)
    for iss in ("https://evil.example", ""):
        assert provider.said({**answer, "iss": iss}, QUESTION) == Mistrusted("issuer of the answer")
    del answer["iss"]
    assert provider.said(answer, QUESTION) == Mistrusted("issuer of the answer")
    assert organisation.asked.count("/token") == 0
    # A service that does not promise its name need not give it.
    organisation.metadata["authorization_response_iss_parameter_supported"] = False
    assert isinstance(known(organisation).said(answer, QUESTION), Said)


def test_who_turns_back_there_has_not_signed_in(organisation: Organisation) -> None:
    provider = known(organisation)
    for answer in ({"error": "access_denied"}, {}, {"code": ""}):
        assert provider.said({**answer, "iss": organisation.issuer}, QUESTION) == Mistrusted("refused there")
    assert organisation.asked.count("/token") == 0


def test_a_wrong_secret_is_told_apart_in_the_trail(organisation: Organisation) -> None:
    registration = known(organisation).registration
    wrong = Provider(
        Registration(
            issuer=registration.issuer,
            client_id=CLIENT_ID,
            client_secret="wrong",  # noqa: S106 - invented
            redirect_uri=BACK,
        )
    )
    assert wrong.said(brought_back(wrong), QUESTION) == Mistrusted("code: invalid_client")
    assert "hyvin salainen" not in repr(registration)


def test_keys_that_have_changed_are_asked_for_once_more(organisation: Organisation) -> None:
    provider = known(organisation)
    assert isinstance(provider.said(brought_back(provider), QUESTION), Said)
    two = new_key("two")
    organisation.sign_with = two
    # A token of a key that is not told of anywhere is not believed.
    assert provider.said(brought_back(provider), QUESTION) == Mistrusted("identity: key")
    organisation.keys = [two, KEY]
    asked = organisation.asked.count("/keys")
    assert isinstance(provider.said(brought_back(provider), QUESTION), Said)
    assert organisation.asked.count("/keys") == asked + 1


def test_the_description_is_asked_for_each_hour_and_not_at_each_sign_in(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = known(organisation)
    for _ in range(3):
        provider.said(brought_back(provider), QUESTION)
    where = "/.well-known/openid-configuration"
    assert organisation.asked.count(where) == 1
    later(monkeypatch, minutes=59)
    address(provider)
    assert organisation.asked.count(where) == 1
    later(monkeypatch, minutes=1)
    address(provider)
    assert organisation.asked.count(where) == 2
    # From a clock that was ahead it would be known for too long.
    later(monkeypatch, days=-1)
    address(provider)
    assert organisation.asked.count(where) == 3


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (500, "{}")),
        ("/.well-known/openid-configuration", (404, "{}")),
        ("/.well-known/openid-configuration", (302, "https://evil.example/")),
        ("/.well-known/openid-configuration", (200, "<html>")),
        ("/.well-known/openid-configuration", (200, "[]")),
        ("/.well-known/openid-configuration", (200, "{}")),
        ("/.well-known/openid-configuration", (200, "[" * 100_000)),
        ("/.well-known/openid-configuration", (200, " " * 1_100_000)),
        ("/keys", (500, "")),
        ("/keys", (200, "{}")),
        ("/keys", (200, '{"keys": []}')),
        ("/keys", (200, '{"keys": [7]}')),
        ("/token", (500, "")),
        ("/token", (503, '{"error": "temporarily_unavailable"}')),
        ("/token", (200, "<html>")),
        ("/token", (302, "https://evil.example/")),
    ],
)
def test_a_service_that_does_not_do_its_part_is_told_in_one_sentence(
    organisation: Organisation, path: str, answer: tuple[int, str]
) -> None:
    provider = known(organisation)
    if path == "/token":
        brought = brought_back(provider)
    organisation.broken[path] = answer
    with pytest.raises(Unavailable, match=r"It does not answer, or not as it should\. Sign in with name and"):
        provider.said(brought, QUESTION) if path == "/token" else address(provider)
    # It is asked again the next time: one bad minute is not kept for an hour.
    organisation.broken.clear()
    assert isinstance(said(organisation), Said)
    assert address(provider)["state"] == "state"


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
        {"end_session_endpoint": "javascript:alert(1)"},
        {"token_endpoint": 7},
    ],
)
def test_a_description_that_leads_elsewhere_is_not_followed(
    organisation: Organisation, metadata: dict[str, Any]
) -> None:
    organisation.metadata = metadata
    with pytest.raises(Unavailable):
        address(known(organisation))


def test_a_service_that_is_switched_off_is_told_in_the_same_sentence() -> None:
    with running() as organisation:
        provider = known(organisation)
    with pytest.raises(Unavailable, match="It does not answer"):
        address(provider)


def test_where_people_sign_out_there_is_known_once_the_service_has_been_asked(
    organisation: Organisation,
) -> None:
    provider = known(organisation)
    back = "https://prep.kunta.example/kirjaudu"
    assert provider.sign_out_address(back) is None
    address(provider)
    found = urlsplit(provider.sign_out_address(back) or "")
    assert found.path == "/realms/kunta/logout"
    assert parse_qs(found.query) == {"client_id": ["prep"], "post_logout_redirect_uri": [back]}
    assert organisation.asked == ["/.well-known/openid-configuration", "/keys"]


def test_a_token_from_long_ago_is_not_believed_however_right(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = known(organisation)
    brought = brought_back(provider)
    token = organisation.token
    made: list[Any] = []

    def kept(form: dict[str, str], authorization: str) -> Any:
        made.append(made[0] if made else token(form, authorization))
        return made[-1]

    organisation.token = kept  # type: ignore[method-assign]
    assert isinstance(provider.said(brought, QUESTION), Said)
    later(monkeypatch, seconds=timedelta(minutes=6, seconds=1).total_seconds())
    assert provider.said(brought, QUESTION) == Mistrusted("identity: exp")
