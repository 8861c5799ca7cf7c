"""Every change of a chain leaves a version of it, whoever makes it and by whatever way."""

import pytest
from sqlalchemy import Engine, select, text

from prep import chain_versions, migrations
from prep.alerting.digest import digest
from prep.alerting.records import find_chain, load_network
from prep.chains.form import entry_of, read_content
from prep.chains.references import everybody, named_in
from prep.chains.versions import version_of, versions_of
from prep.chains.writing import loose_chain, write_chain
from prep.db import read_session, write_session
from prep.errors import NotFound
from prep.models import AuditEntry, Base, Chain, ChainItem, ChainVersion, Person
from tests.perho import ON


def numbers(engine: Engine) -> list[tuple[int, str]]:
    with read_session(engine) as session:
        return [
            (one.number, one.made_by)
            for one in session.scalars(select(ChainVersion).order_by(ChainVersion.id))
        ]


def test_what_is_made_has_a_first_version_that_says_what_it_says(perho: Engine) -> None:
    with read_session(perho) as session:
        chain = find_chain(session, "perho")
        (version,) = versions_of(session, chain)
        assert (version.number, version.made_by, version.entry) == (chain.version, "test", entry_of(chain))
        assert version.entry.list[0].items[0].target == "seat:management-group-584/manager"


def test_a_change_of_one_line_by_any_way_is_a_version_and_counts_the_chain_on(perho: Engine) -> None:
    with write_session(perho, actor="account: aino") as session:
        session.scalars(select(ChainItem)).all()[0].rounds = 3
    with read_session(perho) as session:
        chain = find_chain(session, "perho")
        new, old = versions_of(session, chain)
        assert (new.number, old.number, chain.version) == (2, 1, 2)
        assert (new.entry.list[0].items[0].rounds, old.entry.list[0].items[0].rounds) == (3, 2)
        assert new.made_by == "account: aino"
    with write_session(perho, actor="test") as session:
        session.delete(session.scalars(select(ChainItem)).all()[-1])
    with write_session(perho, actor="test") as session:
        find_chain(session, "perho").name = "Toinen nimi"
    assert [number for number, _ in numbers(perho)] == [1, 2, 3, 4]


def test_what_changes_nothing_leaves_no_version(perho: Engine) -> None:
    with write_session(perho, actor="test") as session:
        write_chain(session, entry_of(find_chain(session, "perho")), everybody(session))
        session.scalars(select(Person)).all()[0].title = "Päällikkö"
    assert len(numbers(perho)) == 1
    with write_session(perho, actor="test") as session:
        session.scalars(select(ChainItem)).all()[0].rounds = 2
    assert len(numbers(perho)) == 1


def test_what_is_refused_leaves_no_version(perho: Engine) -> None:
    with pytest.raises(ZeroDivisionError), write_session(perho, actor="test") as session:
        session.scalars(select(ChainItem)).all()[0].rounds = 5
        session.flush()
        raise ZeroDivisionError
    assert len(numbers(perho)) == 1


def test_a_version_as_loose_rows_is_the_very_same_network(perho: Engine) -> None:
    with read_session(perho) as session:
        chain = find_chain(session, "perho")
        entry = versions_of(session, chain)[0].entry
        loose = loose_chain(entry, named_in(session, [entry]))
        assert digest(load_network([loose], on=ON)) == digest(load_network([chain], on=ON))
        assert chain_versions.content_of(loose) == chain_versions.content_of(chain)
        assert loose not in session


def test_a_line_is_changed_where_it_stands(perho: Engine) -> None:
    with write_session(perho, actor="test") as session:
        entry = entry_of(find_chain(session, "perho"))
        one = entry.list[1]
        turned = one.model_copy(update={"items": one.items[::-1]})
        write_chain(session, entry.model_copy(update={"list": (entry.list[0], turned)}), everybody(session))
    with read_session(perho) as session:
        trail = session.scalars(select(AuditEntry).where(AuditEntry.table_name.startswith("chain_")))
        done = [(row.table_name, row.action) for row in trail]
    assert done.count(("chain_item", "insert")) == 5
    assert ("chain_item", "delete") not in done


def test_an_unknown_version_is_told_those_there_are(perho: Engine) -> None:
    with (
        read_session(perho) as session,
        pytest.raises(NotFound, match=r"“9” There is no version of this number\. Use one of: 1\."),
    ):
        version_of(session, find_chain(session, "perho"), 9)


def test_chains_from_before_versions_were_kept_get_their_first_one(engine: Engine) -> None:
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    migrations.upgrade(engine, "0006")
    columns = "INSERT INTO chain_item (id, list_id, position, channels, rounds, with_deputies, wait_s, hours, calls_back,"
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO county (id, key, name_fi, name_sv, name_en, pack) VALUES (1, 'kp', 'K', 'K', 'K', '{}')",
            "INSERT INTO municipality (code, county_id, name_fi, name_sv) VALUES ('272', 1, 'Kokkola', 'Karleby')",
            "INSERT INTO body (id, version, county_id, key, kind, name_fi, name_sv, name_en, quorum_basis,"
            " clause_fi, clause_sv, clause_en) VALUES (1, 1, 1, 'b', 'forum', 'F', 'F', 'F', '', '', '', '')",
            "INSERT INTO person (id, version, county_id, key, kind, name, organisation, title, language)"
            " VALUES (1, 1, 1, 'desk', 'duty_desk', 'Desk', '', '', 'fi')",
            "INSERT INTO person (id, version, county_id, kind, name, organisation, title, language)"
            " VALUES (7, 1, 1, 'person', 'Aino', '', '', 'fi')",
            "INSERT INTO role (id, county_id, key, municipality_code, name_fi, name_sv, name_en, clause_fi, clause_sv,"
            " clause_en) VALUES (1, 1, 'contact', '272', 'Y', 'K', 'C', '', '', '')",
            "INSERT INTO chain (id, version, county_id, key, name, body_id, deadline_min, note, one_of,"
            " each_constituency) VALUES (1, 3, 1, 'c', 'Chain', 1, 30, 'Note', '[[\"chair\"]]', true)",
            "INSERT INTO chain_list (id, chain_id, position, caller_person_id, mode, is_source, handover_s)"
            " VALUES (1, 1, 0, 1, 'serial', true, 60)",
            f"{columns} target_person_id) VALUES (1, 1, 0, '[\"call\"]', 2, true, 90, '[\"night\"]', false, 7)",
            f"{columns} target_role_id, condition_kind, condition_position)"
            " VALUES (2, 1, 1, '[\"sms\"]', 1, false, NULL, '[]', true, 1, 'silent', 0)",
        ):
            connection.execute(text(statement))
    migrations.upgrade(engine)
    with read_session(engine) as session:
        chain = session.scalars(select(Chain)).one()
        version = session.scalars(select(ChainVersion)).one()
        assert version.number == chain.version == 3
        assert version.content == chain_versions.content_of(chain)
        entry = read_content(version.content)
        first, second = entry.list[0].items
        assert (first.target, first.wait_s, first.hours) == ("person:7", 90, ("night",))
        assert (second.target, second.if_silent, second.calls_back) == ("role:contact@272", "person:7", True)
    with write_session(engine, actor="test") as session:
        session.scalars(select(Chain)).one().deadline_min = 45
    assert [number for number, _ in numbers(engine)] == [3, 4]
