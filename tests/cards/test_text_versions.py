"""The county's own card texts: versions, approval, what the linter refuses, and a merge with a new common text."""

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from prep.cards import records, text_records
from prep.cards.content import load_library, read_disruption
from prep.cards.text_records import approve, bring_up, change_blocks, library_in_use, standing_of, take_in
from prep.cards.text_versions import as_content, as_toml, blocks, different, from_content, merged, with_blocks
from prep.db import write_session
from prep.errors import Conflict, Refused
from prep.models import Municipality
from prep.terms import CardRole, Disruption, Language, TextStatus
from tests.cards.builders import AT, ON, CountyBuilder

FLOOD = Disruption.FLOOD
COMMON = load_library().disruptions[FLOOD]
KEY = "PC/first_60_min"
OURS = (
    "Soita Perhon kylätoimikunnille.",
    "Ring bykommittéerna i Perho.",
    "Call the village committees of Perho.",
)
THEIRS = ("Tarkista padot.", "Kontrollera dammarna.", "Check the dams.")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with write_session(engine, actor="test") as session:
        builder = CountyBuilder(session)
        builder.municipality("584", "Perho", "Perho")
        session.flush()
        yield session


def swapped(
    lines: tuple[tuple[str, str, str], ...], new: tuple[str, str, str]
) -> tuple[tuple[str, str, str], ...]:
    """The last line said otherwise, so that the card does not get longer."""
    return (*lines[:-1], new)


def edit(session: Session, seen: int = 0) -> int:
    lines = swapped(blocks(COMMON)[KEY], OURS)
    return change_blocks(session, FLOOD, {KEY: lines}, seen=seen, by="Taina", at=AT).version


def test_blocks_put_back_are_the_same_text() -> None:
    for text in load_library().disruptions.values():
        assert with_blocks(text, blocks(text)) == text.model_copy(update={"card": with_blocks(text, {}).card})
        stored = from_content(as_content(text), version=text.version, status=text.status)
        assert stored == text


def test_a_text_as_a_file_reads_back_the_same(tmp_path: Path) -> None:
    file = tmp_path / "own-name.toml"
    file.write_text(as_toml(COMMON), "utf-8")
    assert tomllib.loads(file.read_text("utf-8"))["disruption"] == "flood"
    assert read_disruption(file) == COMMON


def test_a_saved_version_is_a_draft_on_cards_until_it_is_approved(session: Session) -> None:
    version = edit(session)
    assert version == COMMON.version + 1
    perho = session.get_one(Municipality, "584")

    def card() -> tuple[int, TextStatus | None, bool]:
        made = records.action_card(
            session, perho, CardRole.PREPAREDNESS_CONTACT, FLOOD, Language.SV, on=ON, at=AT
        )
        steps = [step.text for phase in made.phases for step in phase.steps]
        return made.imprint.version, made.imprint.status, OURS[1] in steps

    assert card() == (version, TextStatus.DRAFT, True)
    row = approve(
        session,
        FLOOD,
        version=version,
        role="Valmiuspäällikkö",
        review_due=ON + timedelta(days=365),
        by="Taina",
        on=ON,
    )
    assert (row.approved_role, row.approved_on) == ("Valmiuspäällikkö", ON)
    assert card() == (version, TextStatus.APPROVED, True)
    # A newer draft waits: what is approved stays on the cards.
    change_blocks(session, FLOOD, {KEY: blocks(COMMON)[KEY]}, seen=version, by="Taina", at=AT)
    assert card() == (version, TextStatus.APPROVED, True)
    assert library_in_use(session).disruptions[Disruption.STORM].status is TextStatus.DRAFT


def test_only_the_newest_can_be_approved_in_a_named_role_until_a_later_day(session: Session) -> None:
    version = edit(session)
    with pytest.raises(Refused, match="Only the county’s newest version") as refused:
        approve(session, FLOOD, version=1, role=" ", review_due=ON, by="Taina", on=ON)
    assert len(refused.value.problems) == 3
    assert standing_of(session, FLOOD).newest is not None
    assert version


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (("Anna vaaratiedote.", "Skriv loggbok.", "Write the log."), "lets a role issue a danger notice"),
        (("Kirjaa.", "Beordra evakuering av byn.", "Log it."), "lets a role order an evacuation"),
        (("Kirjaa loki.", "", "Write the log."), "missing in one language"),
    ],
)
def test_text_beyond_a_municipalitys_competence_is_refused(
    session: Session, line: tuple[str, str, str], rule: str
) -> None:
    lines = swapped(blocks(COMMON)[KEY], line)
    with pytest.raises(Refused, match=rule):
        change_blocks(session, FLOOD, {KEY: lines}, seen=0, by="Taina", at=AT)
    assert standing_of(session, FLOOD).newest is None


def test_an_edit_of_what_somebody_else_has_saved_meanwhile_is_refused(session: Session) -> None:
    edit(session)
    with pytest.raises(Conflict, match="Somebody else has saved another version"):
        edit(session)


def test_local_additions_survive_a_new_common_text_and_conflicts_are_named() -> None:
    base = COMMON
    lines = blocks(base)[KEY]
    county = with_blocks(base, {KEY: (*lines, OURS), "PC/mission": (OURS,), "ML/mission": (OURS,)})
    common = with_blocks(
        base, {KEY: swapped(lines, THEIRS), "ML/mission": (THEIRS,), "TE/mission": (THEIRS,)}
    )
    result = merged(base, common, county)
    now = blocks(result.text)
    assert now[KEY] == (*swapped(lines, THEIRS), OURS)
    assert (now["PC/mission"], now["TE/mission"]) == ((OURS,), (THEIRS,))
    # Both have changed it: the county's stands until somebody has decided.
    assert (now["ML/mission"], result.conflicts) == ((OURS,), ("ML/mission",))
    assert set(result.taken) == {KEY, "TE/mission"}


def test_lines_that_both_have_changed_are_in_conflict() -> None:
    lines = blocks(COMMON)[KEY]
    result = merged(
        COMMON,
        with_blocks(COMMON, {KEY: swapped(lines, THEIRS)}),
        with_blocks(COMMON, {KEY: swapped(lines, OURS)}),
    )
    assert result.conflicts == (KEY,)
    assert blocks(result.text)[KEY] == swapped(lines, OURS)


def test_a_text_is_brought_up_once_and_not_approved_while_in_conflict(session: Session) -> None:
    version = edit(session)
    row = standing_of(session, FLOOD).newest
    assert row is not None
    with pytest.raises(Refused, match="already stands on the newest"):
        bring_up(session, FLOOD, by="Taina", at=AT)
    # As if the county's text had been made from a common text whose last line was another.
    older = with_blocks(COMMON, {KEY: swapped(blocks(COMMON)[KEY], THEIRS)})
    row.base = as_content(older)
    session.flush()
    brought, result = bring_up(session, FLOOD, by="Taina", at=AT)
    assert (brought.version, brought.conflicts, result.conflicts) == (version + 1, [KEY], (KEY,))
    with pytest.raises(Refused, match="have both changed"):
        approve(
            session,
            FLOOD,
            version=version + 1,
            role="Johtaja",
            review_due=ON + timedelta(days=9),
            by="",
            on=ON,
        )
    # Saving the block settles it.
    lines = swapped(blocks(COMMON)[KEY], OURS)
    settled = change_blocks(session, FLOOD, {KEY: lines}, seen=brought.version, by="Taina", at=AT)
    assert settled.conflicts == []
    assert [key for key, *_ in different(COMMON, text_records.text_of(settled))] == [KEY]


def test_a_text_from_a_file_becomes_the_next_version(session: Session) -> None:
    text = with_blocks(COMMON, {KEY: swapped(blocks(COMMON)[KEY], OURS)})
    row = take_in(session, text, by="Taina", at=AT, note="kylät")
    assert (row.version, row.note, row.status) == (COMMON.version + 1, "kylät", TextStatus.DRAFT)
