"""The texts of the action cards: what is shipped, what the loader refuses, what lint finds."""

import re
import shutil
from pathlib import Path

import pytest

from prep.cards.competence import issues_danger_notice, orders_evacuation
from prep.cards.content import COMMON_FILE, ROLES_FILE, TEXTS_DIR, Library, Texts, load_library
from prep.cards.lint import STEPS_PER_CARD, lint
from prep.errors import NotFound, Refused
from prep.terms import CardPhase, CardRole, Disruption, Language, SiteUse, TextStatus

# Who acts in the first hour of each disruption, written by hand from the county's planning basis; the
# preparedness contact and the leader of the municipality act in all.
ROLES = {
    "power_outage": "SC RO PC ML TE ED SO HC CO EV",
    "water_contamination": "TE EH PC ML CO SO ED KS HC",
    "telecom_outage": "SC RO PC ML IC CO TE SO ED",
    "cyber_attack": "IC PC ML CO SO HC TE ED RO SC",
    "storm": "SC RO PC TE ML SO ED TR CO EV",
    "flood": "SC RO TE PC ML SO EV EH CO TR",
    "hazardous_substance": "RO SC PC ML ED TE HC CO EV EH",
    "mass_evacuation": "RO PC ML TR EV SO HC CO SC",
    "wildfire": "RO SC PC ML TE TR EV SO HC CO ED",
    "pandemic": "HC PC ML ED TE SO EH EV CO SC",
    "military_threat": "RO PC ML TE TR EV SO HC ED CO SC",
    "school_accident": "RO HC PC ED SO EV ML CO TE SC",
}
PAIRS = [(Disruption(name), CardRole(code)) for name, codes in ROLES.items() for code in codes.split()]

# A small disruption without flaws: the tests spoil one thing each.
SMALL = """
disruption = "storm"
version = 3
status = "approved"
title = { fi = "Myrsky", sv = "Storm", en = "Storm" }

[[legal_basis]]
act = "466/2012"
section = "3 §"
verified = false
text = { fi = "Laki nimeää viranomaiset.", sv = "Lagen anger myndigheterna.", en = "The act lists them." }

[[message]]
key = "first"
to = "residents"
fi = "{municipality} klo {time}: {place}."
sv = "{municipality} kl. {time}: {place}."
en = "{municipality} at {time}: {place}."

[[card]]
role = "PC"
premises_use = "evacuation_centre"
linked = ["SC"]
mission = { fi = "Kokoa kuva.", sv = "Samla lägesbilden.", en = "Build the picture." }
[[card.step]]
phase = "first_60_min"
fi = "Soita naapurikuntaan."
sv = "Ring grannkommunen."
en = "Call the next municipality."
[[card.step]]
phase = "first_15_min"
fi = "Hälytä johtoryhmä."
sv = "Larma ledningsgruppen."
en = "Alert the management group."

[[card]]
role = "SC"
[[card.step]]
phase = "first_60_min"
fi = "Jaa tilannekuva."
sv = "Sprid lägesbilden."
en = "Share the picture."
"""
LONG = "sana " * 28 + "!"  # 141 characters


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A directory with the shipped roles and common lines, and the small disruption."""
    for name in (ROLES_FILE, COMMON_FILE):
        shutil.copy(TEXTS_DIR / name, tmp_path / name)
    (tmp_path / "storm.toml").write_text(SMALL, "utf-8")
    return tmp_path


def spoil(directory: Path, old: str, new: str, *, file: str = "storm.toml") -> Path:
    path = directory / file
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), "utf-8")
    return directory


def refusal(directory: Path) -> str:
    with pytest.raises(Refused) as caught:
        load_library(directory)
    return str(caught.value)


def findings(directory: Path) -> list[str]:
    return [str(problem) for problem in lint(load_library(directory))]


def all_texts(library: Library) -> list[Texts]:
    messages = [message for text in library.disruptions.values() for message in text.message]
    return [*messages, *(step.text for card in library.cards() for step in card.steps)]


# What is shipped


def test_shipped_texts_have_no_finding() -> None:
    assert [str(problem) for problem in lint(load_library())] == []


def test_all_twelve_disruptions_are_written() -> None:
    assert set(load_library().disruptions) == set(Disruption)


@pytest.mark.parametrize(("disruption", "role"), PAIRS)
def test_each_role_that_acts_has_a_card(disruption: Disruption, role: CardRole) -> None:
    card = load_library().card(role, disruption)

    assert (card.disruption, card.role) == (disruption, role)
    assert len(card.first_hour) <= STEPS_PER_CARD
    assert all(phase.steps for phase in card.phases)


def test_every_disruption_has_the_preparedness_contact_and_the_leader() -> None:
    library = load_library()

    for disruption in library.disruptions:
        written = library.roles_with_card(disruption)
        assert {CardRole.PREPAREDNESS_CONTACT, CardRole.MUNICIPAL_LEADER} <= set(written), disruption


def test_every_disruption_has_messages_for_residents_and_for_the_group() -> None:
    for text in load_library().disruptions.values():
        assert {message.to for message in text.message} == {"residents", "group"}, text.file


def test_placeholders_of_messages_agree_in_the_three_languages() -> None:
    for text in load_library().disruptions.values():
        for message in text.message:
            fi, sv, en = (sorted(re.findall(r"{(\w+)}", one)) for one in (message.fi, message.sv, message.en))
            assert fi == sv == en, f"{text.file} {message.key}"


def test_shipped_cards_are_drafts_until_the_county_approves_them() -> None:
    assert {card.status for card in load_library().cards()} == {TextStatus.DRAFT}


def test_shipped_texts_name_no_telephone_number_but_the_public_ones() -> None:
    for text in all_texts(load_library()):
        for language in Language:
            numbers = re.findall(r"\d{3,}", text.in_language(language))
            assert set(numbers) <= {"112", "116117"}


def test_only_the_situation_centre_is_spared_from_reporting_to_itself() -> None:
    library = load_library()

    for card in library.cards():
        told = [step for step in card.steps if step.text.en.startswith("Tell the situation centre that you")]
        assert len(told) == (0 if card.role is CardRole.SITUATION_CENTRE else 1), card.role


# What a card is made of


def test_card_has_common_lines_first_and_numbers_through_all_phases(texts: Path) -> None:
    card = load_library(texts).card(CardRole.PREPAREDNESS_CONTACT, Disruption.STORM)

    assert [phase.phase for phase in card.phases] == list(CardPhase)
    assert [step.number for step in card.steps] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert len(card.first_hour) == 6
    assert card.phases[0].steps[0].text.in_language(Language.FI).startswith("Kirjaa hälytysaika")
    assert card.phases[0].steps[-1].text.in_language(Language.SV) == "Larma ledningsgruppen."
    assert card.phases[1].steps[0].text.in_language(Language.EN) == "Call the next municipality."


def test_card_carries_what_the_file_of_its_disruption_says(texts: Path) -> None:
    card = load_library(texts).card(CardRole.PREPAREDNESS_CONTACT, Disruption.STORM)

    assert card.title.in_language(Language.FI) == "Myrsky"
    assert card.mission.in_language(Language.SV) == "Samla lägesbilden."
    assert (card.version, card.status) == (3, TextStatus.APPROVED)
    assert card.premises_use is SiteUse.EVACUATION_CENTRE
    assert card.linked == (CardRole.SITUATION_CENTRE,)
    assert [(basis.act, basis.section, basis.verified) for basis in card.legal_basis] == [
        ("466/2012", "3 §", False)
    ]
    assert [message.key for message in card.messages] == ["first"]


def test_card_names_role_superior_and_limits_from_the_roles(texts: Path) -> None:
    library = load_library(texts)
    contact = library.card(CardRole.PREPAREDNESS_CONTACT, Disruption.STORM)
    centre = library.card(CardRole.SITUATION_CENTRE, Disruption.STORM)

    assert contact.role_title.fi == "Varautumisen yhteyshenkilö"
    assert contact.reports_to.fi == "Kunnan johtoryhmän puheenjohtaja"
    assert "Ei anna vaaratiedotetta" in contact.limits.fi
    # The situation centre's card gives no mission of its own.
    assert centre.mission == library.roles[CardRole.SITUATION_CENTRE].mission


def test_leader_reports_to_somebody_without_a_card() -> None:
    card = load_library().card(CardRole.MUNICIPAL_LEADER, Disruption.STORM)

    assert card.reports_to.sv == "Kommunstyrelsen"


def test_cards_come_in_the_order_of_the_vocabulary(texts: Path) -> None:
    cards = [card.role for card in load_library(texts).cards()]

    assert cards == [CardRole.SITUATION_CENTRE, CardRole.PREPAREDNESS_CONTACT]


@pytest.mark.parametrize("disruption", [Disruption.STORM, Disruption.PANDEMIC])
def test_card_that_nobody_wrote_is_not_found(texts: Path, disruption: Disruption) -> None:
    with pytest.raises(NotFound, match=rf"{disruption}\.toml: “KS” There is no action card for this role"):
        load_library(texts).card(CardRole.KEY_HOLDER, disruption)


# What the loader refuses


def test_missing_file_is_refused(texts: Path) -> None:
    (texts / ROLES_FILE).unlink()

    assert "roles.toml: The file is missing from the texts of the cards." in refusal(texts)


def test_broken_toml_is_refused_with_its_line(texts: Path) -> None:
    spoil(texts, 'disruption = "storm"', 'disruption = "storm')

    assert re.match(r"storm.toml: “.*line 2.*” The file is not TOML in UTF-8", refusal(texts))


def test_other_encoding_than_utf8_is_refused(texts: Path) -> None:
    (texts / "storm.toml").write_bytes(SMALL.encode("iso-8859-1"))

    assert "The file is not TOML in UTF-8" in refusal(texts)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'role = "SC"\n',
            'role = "XX"\n',
            r"storm.toml: card 2, role: “XX” The value is not one that the card texts know: 'RO', .*'KS'",
        ),
        (
            'linked = ["SC"]',
            'linked = ["XX"]',
            r"storm.toml: card 1, linked 1: “XX” The value is not one that",
        ),
        ('= "storm"', '= "hail"', r"storm.toml: disruption: “hail” The value is not one that .*'storm'"),
        (
            'to = "residents"',
            'to = "press"',
            r"message 1, to: “press” The value is not one that .*'residents'",
        ),
        ('"evacuation_centre"', '"cellar"', r"premises_use: “cellar” The value is not one that"),
        ('status = "approved"', 'status = "ready"', r"status: “ready” The value is not one that"),
        ('phase = "first_15_min"', 'phase = "later"', r"card 1, step 2, phase: “later” The value is not one"),
        ('sv = "Ring grannkommunen."\n', "", r"card 1, step 1, sv: A field is missing from the card texts"),
        ("version = 3", "revision = 3", r"storm.toml: revision: “3” The card texts have no such field"),
        ("version = 3", 'version = "3"', r"version: “3” The value is not of the kind that the field takes"),
        ("version = 3", "version = 0", r"version: “0” The value is not of the kind that the field takes"),
        ('act = "466/2012"', 'act = "the act"', r"act: “the act” The value is not of the kind"),
        ('role = "SC"\n', 'role = "PC"\n', r"storm.toml: card.role: “PC” This is written twice in the file"),
        ('= "storm"', '= "flood"', r"disruption: “flood” The file does not have the name of its disruption"),
    ],
)
def test_wrong_field_is_refused_with_its_place(texts: Path, old: str, new: str, message: str) -> None:
    assert re.search(message, refusal(spoil(texts, old, new)))


def test_message_key_written_twice_is_refused(texts: Path) -> None:
    message = SMALL[SMALL.index("[[message]]") : SMALL.index("[[card]]")]
    spoil(texts, message, message + message)

    assert "storm.toml: message.key: “first” This is written twice in the file." in refusal(texts)


def test_role_without_entry_is_refused(texts: Path) -> None:
    path = texts / ROLES_FILE
    path.write_text(path.read_text("utf-8").partition('[[role]]\ncode = "KS"')[0], "utf-8")

    assert "roles.toml: role: “KS” The role has no entry in the file." in refusal(texts)


def test_role_with_two_entries_is_refused(texts: Path) -> None:
    path = texts / ROLES_FILE
    text = path.read_text("utf-8")
    path.write_text(text + text[text.index('[[role]]\ncode = "KS"') :], "utf-8")

    assert "roles.toml: role.code: “KS” This is written twice in the file." in refusal(texts)


def test_role_that_reports_to_two_is_refused(texts: Path) -> None:
    spoil(texts, "reports_outside =", 'reports_to = "SC"\nreports_outside =', file=ROLES_FILE)

    assert "roles.toml: role 1: A role reports either to another role or to somebody" in refusal(texts)


def test_all_problems_of_all_files_are_refused_at_once(texts: Path) -> None:
    spoil(texts, "version = 3", "version = 0")
    spoil(texts, 'role = "SC"\n', 'role = "XX"\n')
    spoil(texts, 'phase = "first_15_min"', 'phase = "later"', file=COMMON_FILE)

    assert [line.split(":")[0] for line in refusal(texts).splitlines()] == [
        COMMON_FILE,
        "storm.toml",
        "storm.toml",
    ]


def test_refusal_is_said_in_finnish_and_swedish(texts: Path) -> None:
    spoil(texts, "version = 3\n", "")

    with pytest.raises(Refused) as caught:
        load_library(texts)

    assert "Korttien teksteistä puuttuu kenttä." in caught.value.in_language(Language.FI)
    assert "Ett fält saknas i kortens texter." in caught.value.in_language(Language.SV)


# What lint finds


def test_small_library_has_no_finding(texts: Path) -> None:
    assert findings(texts) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'sv = "Larma ledningsgruppen."',
            'sv = " "',
            r"card PC, step 2, sv: The text is missing in one language",
        ),
        ('{ fi = "Myrsky"', '{ fi = ""', r"storm.toml: title, fi: The text is missing in one language"),
        (
            "Soita naapurikuntaan.",
            LONG,
            r"card PC, step 1, fi: .* The text has 141 characters; at most 140 fit",
        ),
        ("Kokoa kuva.", LONG, r"card PC, mission, fi: .* The text has 141 characters; at most 140 fit"),
        ("{place}.", "{place}. " + "sana " * 60, r"message first, fi: .* at most 306 fit"),
        ("Laki nimeää viranomaiset.", "sana " * 41, r"legal_basis 466/2012, fi: .* at most 200 fit"),
        (
            "Hälytä johtoryhmä.",
            "Soita NAAPURIKUNTAAN.",
            r"card PC, fi: “soita naapurikuntaan.” The same line stands twice on the card",
        ),
        (
            "Hälytä johtoryhmä.",
            "Kirjaa hälytysaika ja hälyttäjä. Aloita tilannepäiväkirja.",
            r"card PC, fi: .* The same line stands twice on the card",
        ),
        (
            'sv = "Ring grannkommunen."',
            'sv = "Call the next municipality."',
            r"card PC, step 1: .* The text is the same in two languages",
        ),
        (
            "klo {time}: {place}",
            "klo {hour}: {place}",
            r"message first, fi: .* a placeholder that nothing fills",
        ),
        ("klo {time}: {place}", "klo {time}", r"message first: The three languages do not have the same"),
        (
            "klo {time}: {place}",
            "klo {time: {place}",
            r"message first, fi: .* a placeholder that nothing fills",
        ),
        (
            "Soita naapurikuntaan.",
            "Soita kuntaan {place}.",
            r"step 1, fi: .* nothing fills in. Write the text without braces",
        ),
        (
            'linked = ["SC"]',
            'linked = ["TE"]',
            r"card PC, linked: “TE” The card refers to a role that has no card",
        ),
        (
            'linked = ["SC"]',
            'linked = ["PC"]',
            r"card PC, linked: “PC” The card refers to a role that has no card",
        ),
        (
            'phase = "first_60_min"\nfi = "Jaa',
            'phase = "first_15_min"\nfi = "Jaa',
            r"card SC: “first_60_min” The card has no line for one of its times",
        ),
        (
            "Hälytä johtoryhmä.",
            "Anna vaaratiedote.",
            r"card PC, step 2, fi: .* issue a danger notice that may not",
        ),
        ("Build the picture.", "Issue a danger notice.", r"card PC, mission, en: .* issue a danger notice"),
        (
            "kl. {time}: {place}",
            "{time} {place}: utfärda varningsmeddelande",
            r"message first, sv: .* danger notice",
        ),
        (
            "Larma ledningsgruppen.",
            "Beordra evakuering.",
            r"card PC, step 2, sv: .* order an evacuation that may",
        ),
    ],
)
def test_planted_flaw_is_found(texts: Path, old: str, new: str, message: str) -> None:
    found = findings(spoil(texts, old, new))

    assert [one for one in found if re.search(message, one)], found


def test_card_that_cannot_fit_one_side_is_found(texts: Path) -> None:
    line = '[[card.step]]\nphase = "first_60_min"\nfi = "Rivi {n}."\nsv = "Rad {n}."\nen = "Line {n}."\n'
    path = texts / "storm.toml"
    # Four common lines and one of its own: seven more make twelve.
    path.write_text(SMALL + "".join(line.replace("{n}", str(n)) for n in range(7)), "utf-8")

    assert findings(texts) == [
        "storm.toml: card SC: “12” With the common lines the card has more than 11 lines. "
        "Join or remove lines: it must fit one side."
    ]


def test_flaw_in_a_shared_text_is_found_once_in_its_own_file(texts: Path) -> None:
    spoil(texts, "Open the log.", "Issue a danger notice.", file=COMMON_FILE)
    spoil(texts, 'fi = "Tilannekeskus"', 'fi = "  "', file=ROLES_FILE)

    found = findings(texts)

    assert len(found) == 2
    assert found[0].startswith("roles.toml: SC, title, fi: The text is missing in one language.")
    assert re.match(r"common.toml: step 1, en: .* issue a danger notice", found[1])


def test_rescue_department_may_issue_a_danger_notice(texts: Path) -> None:
    spoil(texts, "Jaa tilannekuva.", "Anna vaaratiedote.")

    assert findings(texts) == []


FORBIDDEN_NOTICES = [
    (Language.FI, "Anna vaaratiedote alueelle."),
    (Language.FI, "Laadi vaaratiedote ja jaa se."),
    (Language.FI, "Anna vaaratiedote ja pyydä pelastusviranomaista jakamaan se."),
    (Language.FI, "Päätä vaaratiedotteesta johtoryhmän kanssa."),
    (Language.FI, "Pyydä johtoryhmältä vaaratiedotetta."),
    (Language.FI, "Pyydä apua pelastusviranomaiselta. Julkaise vaaratiedote."),
    (Language.SV, "Utfärda ett varningsmeddelande."),
    (Language.SV, "Skriv varningsmeddelandet och be räddningsmyndigheten sprida det."),
    (Language.SV, "Besluta om varningsmeddelande."),
    (Language.EN, "Issue a danger notice."),
    (Language.EN, "Do not wait: issue a danger notice."),
    (Language.EN, "Tell the rescue authority and issue a danger notice."),
]
PERMITTED_NOTICES = [
    (Language.FI, "Jos henki on vaarassa: pyydä pelastusviranomaiselta vaaratiedotetta."),
    (Language.FI, "Pyydä pelastuslaitosta antamaan vaaratiedote."),
    (Language.FI, "Kunta ei anna vaaratiedotetta."),
    (Language.FI, "Vaaratiedotteesta päättää pelastusviranomainen."),
    (Language.FI, "Toista vaaratiedote sanasta sanaan."),
    (Language.FI, "Julkaise tiedote."),
    (Language.SV, "Be räddningsmyndigheten utfärda ett varningsmeddelande."),
    (Language.SV, "Kommunen utfärdar inte varningsmeddelanden."),
    (Language.SV, "Upprepa varningsmeddelandet ordagrant."),
    (Language.SV, "Varningsmeddelanden utfärdas av räddningsmyndigheten."),
    (Language.EN, "Ask the rescue authority to issue a danger notice."),
    (Language.EN, "Does not issue danger notices."),
    (Language.EN, "Repeat the danger notice word for word."),
]
FORBIDDEN_ORDERS = [
    (Language.FI, "Määrää evakuointi."),
    (Language.FI, "Päätä alueen evakuoinnista."),
    (Language.FI, "Käynnistä suojaväistö heti."),
    (Language.FI, "Evakuoi kylä."),
    (Language.FI, "Tyhjennä alue."),
    (Language.FI, "Kerro pelastuslaitokselle ja määrää evakuointi."),
    (Language.FI, "Evakuointi käynnistetään kello kuusi."),
    (Language.SV, "Beordra evakuering."),
    (Language.SV, "Besluta om evakuering och be räddningsmyndigheten om hjälp."),
    (Language.SV, "Utrym området."),
    (Language.SV, "Evakuera byn."),
    (Language.EN, "Order the evacuation of the village."),
    (Language.EN, "Decide on an evacuation."),
    (Language.EN, "Evacuate the village."),
    (Language.EN, "Tell the rescue authority and order the evacuation."),
]
PERMITTED_ORDERS = [
    (Language.FI, "Pyydä pelastusviranomaista päättämään evakuoinnista."),
    (Language.FI, "Kun pelastusviranomainen on määrännyt evakuoinnin, avaa tila."),
    (Language.FI, "Ei määrää evakuointia."),
    (Language.FI, "Päätä evakuointikeskuksen avaamisesta."),
    (Language.FI, "Kirjaa evakuoidut."),
    (Language.SV, "Be räddningsmyndigheten besluta om evakuering."),
    (Language.SV, "Beordrar inte evakuering."),
    (Language.SV, "Besluta om personal till evakueringscentralen."),
    (Language.SV, "Räddningsmyndigheten beslutar om evakuering."),
    (Language.EN, "Ask the rescue authority to order an evacuation."),
    (Language.EN, "Does not order evacuation."),
    (Language.EN, "Decide on staff for the evacuation centre."),
    (Language.EN, "When the rescue authority has ordered an evacuation, open the site."),
]


@pytest.mark.parametrize(("language", "sentence"), FORBIDDEN_NOTICES)
def test_issuing_a_danger_notice_is_recognised(language: Language, sentence: str) -> None:
    assert issues_danger_notice(sentence, language)


@pytest.mark.parametrize(("language", "sentence"), PERMITTED_NOTICES)
def test_asking_for_or_repeating_a_danger_notice_is_permitted(language: Language, sentence: str) -> None:
    assert not issues_danger_notice(sentence, language)


@pytest.mark.parametrize(("language", "sentence"), FORBIDDEN_ORDERS)
def test_ordering_an_evacuation_is_recognised(language: Language, sentence: str) -> None:
    assert orders_evacuation(sentence, language)


@pytest.mark.parametrize(("language", "sentence"), PERMITTED_ORDERS)
def test_asking_for_or_serving_an_evacuation_is_permitted(language: Language, sentence: str) -> None:
    assert not orders_evacuation(sentence, language)
