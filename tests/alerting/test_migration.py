from sqlalchemy import Engine, select, text

from prep import migrations
from prep.db import read_session, write_session
from prep.models import Base, Chain, ChainDraft, DutyShift


def test_chains_keep_what_they_say_when_they_learn_to_say_more(engine: Engine) -> None:
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    migrations.upgrade(engine, "0003")
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO county (id, key, name_fi, name_sv, name_en, pack) VALUES (1, 'kp', 'K', 'K', 'K', '{}')",
            "INSERT INTO body (id, version, county_id, key, kind, name_fi, name_sv, name_en, quorum_basis,"
            " clause_fi, clause_sv, clause_en) VALUES (1, 1, 1, 'b', 'forum', 'F', 'F', 'F', '', '', '', '')",
            "INSERT INTO person (id, version, county_id, key, kind, name, organisation, title, language)"
            " VALUES (1, 1, 1, 'desk', 'duty_desk', 'Desk', '', '', 'fi')",
            "INSERT INTO chain (id, version, county_id, key, name, body_id, deadline_min, note)"
            " VALUES (1, 3, 1, 'c', 'Chain', 1, 30, '')",
            "INSERT INTO chain_list (id, chain_id, position, caller_person_id, mode, is_source)"
            " VALUES (1, 1, 0, 1, 'serial', true)",
            "INSERT INTO chain_item (id, list_id, position, target_person_id, channels, rounds, with_deputies)"
            " VALUES (1, 1, 0, 1, '[\"call\"]', 2, true)",
        ):
            connection.execute(text(statement))
    assert not migrations.is_current(engine)
    migrations.upgrade(engine)
    assert migrations.is_current(engine)
    assert migrations.differences(engine) == []
    with read_session(engine) as session:
        chain = session.scalars(select(Chain)).one()
        (call_list,) = chain.lists
        (item,) = call_list.items
        assert (chain.version, chain.one_of, chain.each_constituency) == (3, [], False)
        assert (call_list.follow_up_s, call_list.handover_s) == (None, None)
        assert (item.channels, item.rounds, item.hours, item.calls_back) == (["call"], 2, [], False)
        assert (item.wait_s, item.condition_kind) == (None, None)
        assert session.scalars(select(DutyShift)).all() == session.scalars(select(ChainDraft)).all() == []
    with write_session(engine, actor="test") as session:
        session.scalars(select(Chain)).one().each_constituency = True
