"""What is sent twice is done once, also when both arrive together."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from prep import clock
from prep.db import read_session, write_session
from prep.models import County, Submission
from prep.submissions import AlreadyDone, begin, key_of


def test_the_key_tells_sender_time_and_content_apart() -> None:
    keys = {
        key_of("aino", "1", b"a"),
        key_of("eero", "1", b"a"),
        key_of("aino", "2", b"a"),
        key_of("aino", "1", b"b"),
        key_of("aino1", "", b"a"),
        key_of("ain", "o1", b"a"),
    }
    assert len(keys) == 6


def test_the_second_gets_the_answer_of_the_first(engine: Engine) -> None:
    with write_session(engine, actor="test") as session:
        begin(session, "k" * 64).answer = "/henkilot/1"
    with pytest.raises(AlreadyDone) as found, write_session(engine, actor="test") as session:
        begin(session, "k" * 64)
    assert found.value.answer == "/henkilot/1"


def test_what_was_not_kept_can_be_sent_again(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), write_session(engine, actor="test") as session:
        begin(session, "k" * 64)
        raise ZeroDivisionError
    with write_session(engine, actor="test") as session:
        begin(session, "k" * 64)


def test_old_ones_are_forgotten(engine: Engine) -> None:
    with write_session(engine, actor="test") as session:
        session.add(Submission(key="o" * 64, at=clock.now() - timedelta(days=3)))
    with write_session(engine, actor="test") as session:
        begin(session, "n" * 64)
    with read_session(engine) as session:
        assert session.scalars(select(Submission.key)).all() == ["n" * 64]


def test_of_many_that_arrive_together_one_is_done(engine: Engine) -> None:
    at_once = threading.Barrier(8)
    refused = []

    def send() -> None:
        at_once.wait()
        try:
            with write_session(engine, actor="test") as session:
                begin(session, "k" * 64).answer = "/done"
                count = session.scalar(select(func.count()).select_from(County)) or 0
                session.add(County(key=f"k{count}", name_fi="K", name_sv="K", name_en="K", pack={}))
        except AlreadyDone as error:
            refused.append(error.answer)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert refused == ["/done"] * 7
    with read_session(engine) as session:
        assert session.scalars(select(County.key)).all() == ["k0"]
