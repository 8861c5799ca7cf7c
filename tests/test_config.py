import re
from dataclasses import fields
from pathlib import Path

import pytest

from prep.config import Settings, load_settings, origins
from prep.errors import Refused
from prep.terms import Language


def test_a_variable_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    (tmp_path / "prep.toml").write_text('language = "sv"\nport = 9000\n', encoding="utf-8")
    settings = load_settings({"PREP_INSTANCE": str(tmp_path), "PREP_PORT": "9001"})
    assert (settings.language, settings.port, settings.host) == (Language.SV, 9001, "127.0.0.1")


def test_a_misspelt_setting_is_refused_with_the_names_that_exist(tmp_path: Path) -> None:
    with pytest.raises(
        Refused, match=r"PREP_LANGUAGES: “languages” There is no setting of this name\. Use one of"
    ):
        load_settings({"PREP_INSTANCE": str(tmp_path), "PREP_LANGUAGES": "fi"})


def test_all_faults_of_the_file_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "prep.toml").write_text('language = "de"\nport = "x"\n', encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        load_settings({"PREP_INSTANCE": str(tmp_path)})
    first, second = str(refusal.value).splitlines()
    assert first.endswith("prep.toml: language: “de” The value is fi, sv or en. Change the value.")
    assert second.endswith(
        "prep.toml: port: “x” The value is a whole number from 1 to 65535. Change the value."
    )


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "prep.toml").write_text("language: fi\n", encoding="utf-8")
    with pytest.raises(Refused, match="Mend the line named"):
        load_settings({"PREP_INSTANCE": str(tmp_path)})


def test_the_example_shows_every_setting_and_is_read() -> None:
    example = Path(__file__).parent.parent / "instance" / "prep.example.toml"
    text = example.read_text(encoding="utf-8")
    assert [
        one.name for one in fields(Settings) if one.name != "instance" and f"{one.name} =" not in text
    ] == []


def test_the_database_is_a_file_in_the_instance_folder_unless_told_otherwise(tmp_path: Path) -> None:
    assert (
        load_settings({"PREP_INSTANCE": str(tmp_path)}).resolved_database_url
        == f"sqlite:///{tmp_path / 'prep.db'}"
    )


def test_every_setting_says_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "prep.toml").write_text('language = "sv"\n', encoding="utf-8")
    told = {one.name: one for one in origins({"PREP_INSTANCE": str(tmp_path), "PREP_PORT": "9001"})}
    assert told["language"].origin == f"{tmp_path / 'prep.toml'}: language"
    assert (told["port"].value, told["port"].origin) == (9001, "PREP_PORT")
    assert told["host"].origin is None


def test_a_variable_that_is_empty_says_nothing(tmp_path: Path) -> None:
    settings = load_settings({"PREP_INSTANCE": str(tmp_path), "PREP_LANGUAGE": "", "PREP_PORT": ""})
    assert (settings.language, settings.port) == (None, 8351)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "true"])
def test_a_port_that_does_not_exist_is_refused(port: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=f"PREP_PORT: “{port}” The value is a whole number from 1 to 65535"):
        load_settings({"PREP_INSTANCE": str(tmp_path), "PREP_PORT": port})


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "prep.toml").mkdir()
    with pytest.raises(Refused, match=r"prep.toml: The file cannot be read: it is a folder\."):
        load_settings({"PREP_INSTANCE": str(tmp_path)})


def loaded(folder: Path, text: str) -> Settings:
    (folder / "prep.toml").write_text(text, encoding="utf-8")
    return load_settings({"PREP_INSTANCE": str(folder)})


@pytest.mark.parametrize(
    ("text", "address", "is_for_others"),
    [
        ("", "http://127.0.0.1:8351", False),
        ('host = "0.0.0.0"', "http://127.0.0.1:8351", True),
        ('host = "::"\nport = 80', "http://[::1]:80", True),
        ('host = "Prep-1"', "http://prep-1:8351", True),
        ('public_address = "http://localhost:8351/"', "http://localhost:8351", False),
        ('public_address = "https://prep.kunta.example"', "https://prep.kunta.example", True),
        ('host = "0.0.0.0"\npublic_address = "http://localhost"', "http://localhost", True),
    ],
)
def test_the_settings_say_by_what_address_people_come_and_whether_from_elsewhere(
    tmp_path: Path, text: str, address: str, *, is_for_others: bool
) -> None:
    settings = loaded(tmp_path, text)
    assert (str(settings.address), settings.is_for_others) == (address, is_for_others)


@pytest.mark.parametrize(
    "value", ["prep.kunta.example", "https://prep.kunta.example/prep", "https://a@b.example"]
)
def test_a_public_address_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(
        Refused, match=r"public_address: “.*” The value is the beginning of an address, such as"
    ):
        loaded(tmp_path, f'public_address = "{value}"')


@pytest.mark.parametrize("value", ["-1", "10", "1.5", '"x"', "true"])
def test_a_number_of_proxies_that_nobody_has_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(Refused, match=r"trusted_proxies: .* The value is a whole number from 0 to 9"):
        loaded(tmp_path, f'public_address = "https://prep.kunta.example"\ntrusted_proxies = {value}')


def test_proxies_are_not_trusted_without_the_address_that_they_serve(tmp_path: Path) -> None:
    with pytest.raises(
        Refused,
        match=r"trusted_proxies: “1” Proxies are trusted only where the address that they serve is known\. "
        r"Set public_address to that address, or trusted_proxies to 0\.",
    ):
        loaded(tmp_path, "trusted_proxies = 1")


OIDC = """
public_address = "https://prep.kunta.example"
oidc_issuer = "https://login.kunta.example/realms/kunta"
oidc_client_id = "prep"
oidc_client_secret = "hyvin salainen"
"""


def test_the_organisation_s_service_is_read_and_its_secret_is_shown_nowhere(tmp_path: Path) -> None:
    settings = loaded(tmp_path, OIDC + 'oidc_amr = ["mfa", "hwk"]\noidc_acr = "high  substantial"\n')
    assert settings.oidc_issuer == "https://login.kunta.example/realms/kunta"
    assert settings.oidc_client_secret == "hyvin salainen"
    assert (settings.oidc_amr, settings.oidc_acr) == (("mfa", "hwk"), ("high", "substantial"))
    assert "hyvin salainen" not in repr(settings)
    told = {one.name: one for one in origins({"PREP_INSTANCE": str(tmp_path)})}
    assert told["oidc_client_secret"].shown == "•••"
    assert "hyvin salainen" not in str([(one.shown, one.line) for one in told.values()])
    # What is shown can be put back into the file.
    assert told["oidc_amr"].line == 'oidc_amr = "mfa hwk"'
    assert told["public_address"].line == 'public_address = "https://prep.kunta.example"'


def test_a_secret_of_the_wrong_kind_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        loaded(tmp_path, OIDC.replace('"hyvin salainen"', "123456"))
    assert "oidc_client_secret: “•••” The value is a text in quotes." in str(refusal.value)
    assert "123456" not in str(refusal.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('oidc_client_id = "prep"', "oidc_client_id: Signing in through the organisation needs oidc_issuer,"),
        ('oidc_client_secret = "hyvin salainen"', "oidc_client_secret: Signing in through the organisation"),
        (
            'oidc_issuer = "https://login.kunta.example/realms/kunta"',
            "oidc_issuer: Signing in through the organisation needs",
        ),
        (
            'public_address = "https://prep.kunta.example"',
            "oidc_issuer: “https://login.kunta.example/realms/kunta” The service sends people back to the public",
        ),
    ],
)
def test_half_a_service_is_refused(tmp_path: Path, change: str, message: str) -> None:
    with pytest.raises(Refused, match=re.escape(message)):
        loaded(tmp_path, OIDC.replace(change, ""))


def test_what_only_makes_sense_with_a_service_is_refused_without_one(tmp_path: Path) -> None:
    with pytest.raises(
        Refused, match="Set what is missing, or leave all settings that begin with oidc_ empty"
    ):
        loaded(tmp_path, 'oidc_amr = ["mfa"]')


def test_people_are_sent_back_over_tls_or_on_this_machine(tmp_path: Path) -> None:
    assert loaded(tmp_path, OIDC.replace("https://prep.kunta.example", "http://localhost:8351")).oidc_issuer
    with pytest.raises(Refused, match="and over TLS"):
        loaded(tmp_path, OIDC.replace("https://prep.kunta.example", "http://prep.kunta.example"))


@pytest.mark.parametrize(
    "issuer", ["http://login.kunta.example", "https://a@login.kunta.example", "login.example"]
)
def test_a_service_that_others_could_stand_in_for_is_refused(tmp_path: Path, issuer: str) -> None:
    with pytest.raises(Refused, match="The value is an address that begins with https://"):
        loaded(tmp_path, OIDC.replace("https://login.kunta.example/realms/kunta", issuer))


@pytest.mark.parametrize("value", ["1", '["a b"]', '["", "a"]', "[1]"])
def test_levels_are_words(tmp_path: Path, value: str) -> None:
    with pytest.raises(Refused, match=r"oidc_acr: .* The value is a list of words"):
        loaded(tmp_path, f"{OIDC}oidc_acr = {value}")


@pytest.mark.parametrize(
    "address",
    [
        "http://tiles.kunta.example/{z}/{x}/{y}.png",
        "https://tiles.kunta.example/{z}/{x}.png",
        "https://{z}{x}{y}.kunta.example/",
        "https://tiles.kunta.example/{z}/{x}/{y}.png#part",
        "https://aino:salainen@tiles.kunta.example/{z}/{x}/{y}.png",
    ],
)
def test_map_tiles_that_others_could_change_or_that_are_no_tiles_are_refused(
    tmp_path: Path, address: str
) -> None:
    given = {"PREP_INSTANCE": str(tmp_path), "PREP_MAP_TILES": address, "PREP_MAP_ATTRIBUTION": "Kunta"}
    with pytest.raises(
        Refused, match=r"PREP_MAP_TILES: .* The value is an address that begins with https://"
    ):
        load_settings(given)


def test_map_tiles_are_not_shown_without_whose_they_are(tmp_path: Path) -> None:
    address = "https://tiles.kunta.example/{z}/{x}/{y}.png"
    with pytest.raises(Refused, match="map_attribution: Map tiles are shown with whose they are"):
        load_settings({"PREP_INSTANCE": str(tmp_path), "PREP_MAP_TILES": address})
    given = {"PREP_INSTANCE": str(tmp_path), "PREP_MAP_TILES": address, "PREP_MAP_ATTRIBUTION": "Kunta"}
    assert load_settings(given).map_tiles == address
