"""A file of chains is taken whole, with what is doubtful in it named, or refused with every fault in its place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from prep.alerting.finding import Rule
from prep.alerting.records import all_chains, find_chain, load_network, store_result
from prep.alerting.scenarios import PRESETS
from prep.alerting.simulate import simulate
from prep.db import read_session, write_session
from prep.errors import Refused
from prep.exchange.chain_files import import_chains
from prep.models import Chain, ChainItem, ChainList, SimulationResult
from prep.terms import Language, ListMode, State
from tests.perho import CENTRE, CHAIN, GROUP, ON, fill_group

TECHNICAL_CALLS = f"""
[[chain.list]]
caller = "{GROUP}/technical"
items = [{{ target = "{GROUP}/manager", channels = ["call"] }}]
"""

Import = Callable[..., list[tuple[str, tuple[tuple[Rule, str], ...]]]]


@pytest.fixture
def group(county: Engine) -> Engine:
    with write_session(county, actor="test") as session:
        fill_group(session)
    return county


@pytest.fixture
def take(group: Engine, tmp_path: Path) -> Import:
    """Import a file of this text; gives back each chain's key and what is doubtful about it."""

    def imported(text: str) -> list[tuple[str, tuple[tuple[Rule, str], ...]]]:
        path = tmp_path / "ketjut.toml"
        path.write_text(text, encoding="utf-8")
        with write_session(group, actor="test") as session:
            return [
                (one.chain.key, tuple((found.rule, str(found.problem.value)) for found in one.findings))
                for one in import_chains(session, path, on=ON)
            ]

    return imported


def refusal(take: Import, text: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        take(text)
    return [problem.in_language(Language.EN) for problem in caught.value.problems]


def count(engine: Engine, table: type) -> int:
    with read_session(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_chain_is_written_as_it_stands_in_the_file(take: Import, group: Engine) -> None:
    assert [key for key, _ in take(CHAIN)] == ["perho"]
    with read_session(group) as session:
        chain = find_chain(session, "perho")
        assert (chain.name, chain.deadline_min, chain.body.key) == (
            "Perhon johtoryhmä",
            30,
            "management-group-584",
        )
        first, second = chain.lists
        assert first.caller_person is not None
        assert (first.caller_person.key, first.is_source, first.mode) == (
            "kp-command-centre",
            True,
            ListMode.SERIAL,
        )
        assert second.caller_seat is not None
        assert (second.caller_seat.key, second.is_source) == ("manager", False)
        assert [(one.channels, one.rounds, one.with_deputies) for one in first.items] == [
            (["call", "sms"], 2, True),
            (["call"], 1, True),
        ]
        assert [one.with_deputies for one in second.items] == [True, False, True]


def test_a_role_can_be_called_and_call(take: Import, group: Engine) -> None:
    role = "role:preparedness-contact@584"
    take(
        CHAIN.replace(f"{GROUP}/preparedness", role)
        + f'\n[[chain.list]]\ncaller = "{role}"\nitems = [{{ target = "{GROUP}/preparedness", channels = ["call"] }}]\n'
    )
    with read_session(group) as session:
        chain = find_chain(session, "perho")
        assert chain.lists[0].items[1].target_role is not None
        assert chain.lists[0].items[1].target_role.municipality_code == "584"
        assert chain.lists[2].caller_role is chain.lists[0].items[1].target_role


def test_whom_nobody_calls_is_named_and_the_chain_is_taken(take: Import) -> None:
    line = f'  {{ target = "{GROUP}/communications", channels = ["call"] }},\n'
    ((_, findings),) = take(CHAIN.replace(line, ""))
    assert (Rule.NOBODY_CALLS, "Aino Viestintävastaava") in findings


def test_a_deputy_whom_nobody_calls_is_named(take: Import) -> None:
    alone = CHAIN.replace(
        'manager", channels = ["call", "sms"], rounds = 2',
        'manager", channels = ["call", "sms"], rounds = 2, deputies = false',
    )
    ((_, findings),) = take(alone)
    assert (Rule.NOBODY_CALLS, "Eero Sijainen") in findings


def test_a_sound_chain_leaves_nothing_but_the_seats_without_a_deputy(take: Import) -> None:
    ((_, findings),) = take(CHAIN)
    assert {rule for rule, _ in findings} == {Rule.NO_DEPUTY}


def test_who_is_on_a_list_but_has_no_number_for_its_channel_is_named(take: Import) -> None:
    by_radio = 'communications", channels = ["radio"]'
    ((_, findings),) = take(CHAIN.replace('communications", channels = ["call"]', by_radio))
    assert (Rule.NOBODY_CALLS, "Aino Viestintävastaava") in findings


def test_a_cycle_is_named_with_everyone_in_it(take: Import, group: Engine) -> None:
    told = refusal(take, CHAIN + TECHNICAL_CALLS)
    assert told[0].startswith("Who calls whom: “Aino ")
    assert all(name in told[0] for name in ("Aino Kunnanjohtaja", "Aino Tekninen johtaja", " → "))
    assert told[0].endswith(
        "An alarm never comes back to one who has passed it on. Take one of these calls off its list."
    )
    assert count(group, Chain) == 0


# What is changed in the sound file, and the sentence that names it.
FAULTS = {
    "an empty step": (
        'channels = ["call", "sms"]',
        "channels = []",
        "ketjut.toml: chain[1].list[1].items[1].channels (perho, line 10): “[]” "
        "The list has too few entries: at least 1 needed. Add what is missing, or remove the whole line.",
    ),
    "a list without lines": (
        CHAIN[CHAIN.index('items = [\n  { target = "' + GROUP + "/technical") :],
        "items = []\n",
        "ketjut.toml: chain[1].list[2].items (perho, line 17): “[]” "
        "The list has too few entries: at least 1 needed. Add what is missing, or remove the whole line.",
    ),
    "an unknown target": (
        f"{GROUP}/preparedness",
        "desk:nobody",
        "ketjut.toml: chain[1].list[1].items[2].target (perho, line 10): “desk:nobody” "
        "There is nobody of this name: a desk, a role or a seat is meant. Perhaps one of these is meant: ",
    ),
    "an unknown caller": (
        f'caller = "{GROUP}/manager"',
        f'caller = "{GROUP}/mayor"',
        f"ketjut.toml: chain[1].list[2].caller (perho, line 16): “{GROUP}/mayor” "
        "There is nobody of this name: a desk, a role or a seat is meant. Perhaps one of these is meant: ",
    ),
    "an unknown body": (
        'body = "management-group-584"',
        'body = "management-group-585"',
        "ketjut.toml: chain[1].body (perho, line 4): “management-group-585” There is no body of this key. "
        "Perhaps one of these is meant: management-group-584",
    ),
    "no source": (
        "source = true",
        "source = false",
        "ketjut.toml: chain[1].list (perho, line 1): No list starts when the alarm comes. "
        "Write “source = true” in the list of whoever gets the alarm first.",
    ),
    "two lists of one caller": (
        f'caller = "{GROUP}/manager"',
        f'caller = "{CENTRE}"',
        f"ketjut.toml: chain[1].list[2].caller (perho, line 16): “{CENTRE}” "
        "This caller has a list in the chain already. Join the two lists into one.",
    ),
    "a seat that calls itself": (
        f"{GROUP}/technical",
        f"{GROUP}/manager",
        # The one of the seat who has the list calls the other, its deputy.
        "Who calls whom: “Aino Kunnanjohtaja → Eero Sijainen → Aino Kunnanjohtaja” "
        "An alarm never comes back to one who has passed it on.",
    ),
    "an unknown channel": (
        '["call", "sms"]',
        '["call", "smoke"]',
        "ketjut.toml: chain[1].list[1].items[1].channels[2] (perho, line 10): “smoke” "
        "Only certain values are known here. Use one of these: call, robot_call, sms,",
    ),
    "an unknown way through the list": (
        "source = true",
        'source = true\nmode = "both"',
        "ketjut.toml: chain[1].list[1].mode (perho, line 10): “both” "
        "Only certain values are known here. Use one of these: serial, parallel.",
    ),
    "too many rounds": (
        "rounds = 2",
        "rounds = 11",
        "ketjut.toml: chain[1].list[1].items[1].rounds (perho, line 10): “11” "
        "The number is too large: the most is 10. Correct the number.",
    ),
    "no round": (
        "rounds = 2",
        "rounds = 0",
        "ketjut.toml: chain[1].list[1].items[1].rounds (perho, line 10): “0” "
        "The number is too small: the least is 1. Correct the number.",
    ),
    "no time": (
        "deadline_min = 30",
        "deadline_min = 0",
        "ketjut.toml: chain[1].deadline_min (perho, line 5): “0” "
        "The number is too small: the least is 1. Correct the number.",
    ),
    "more than a day": (
        "deadline_min = 30",
        "deadline_min = 1441",
        "ketjut.toml: chain[1].deadline_min (perho, line 5): “1441” "
        "The number is too large: the most is 1\xa0440. Correct the number.",
    ),
    "a key with a capital": (
        'key = "perho"',
        'key = "Perho"',
        "ketjut.toml: chain[1].key (Perho, line 2): “Perho” A key has small letters a–z, digits and single "
        "hyphens only.",
    ),
    "no name": (
        'name = "Perhon johtoryhmä"',
        'name = ""',
        "ketjut.toml: chain[1].name (perho, line 3): “” The text is empty. "
        "Write the text, or remove the whole line.",
    ),
    "a missing field": (
        'body = "management-group-584"\n',
        "",
        "ketjut.toml: chain[1].body (perho, line 1): This has to be told: body. Add a line that begins “body =”.",
    ),
    "an unknown field": (
        "deadline_min = 30",
        "deadline_min = 30\ndeadline_h = 1",
        "ketjut.toml: chain[1].deadline_h (perho, line 6): “deadline_h” There is no field of this name here. "
        "Perhaps “deadline_min” is meant; if not, remove the line.",
    ),
    "a file without chains": (
        CHAIN,
        "chain = []\n",
        "ketjut.toml: chain (line 1): “[]” The list has too few entries: at least 1 needed.",
    ),
    "a line that is no TOML": (
        'key = "perho"',
        "key = perho",
        "ketjut.toml: line 2: “key = perho” The line cannot be read as TOML (Invalid value).",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused_in_its_place_and_nothing_is_changed(
    take: Import, group: Engine, fault: str
) -> None:
    old, new, sentence = FAULTS[fault]
    assert old in CHAIN
    told = refusal(take, CHAIN.replace(old, new, 1))
    assert told[0].startswith(sentence)
    assert count(group, Chain) == count(group, ChainList) == count(group, ChainItem) == 0


def test_all_faults_of_a_file_are_told_at_once(take: Import) -> None:
    other = CHAIN.replace('"perho"', '"toinen"').replace("source = true", "source = false")
    told = refusal(take, CHAIN.replace(f"{GROUP}/preparedness", "desk:nobody") + other)
    assert ["desk:nobody" in told[0], "No list starts" in told[1], len(told)] == [True, True, 2]


def test_a_chain_that_stands_twice_in_a_file_is_refused(take: Import, group: Engine) -> None:
    (told,) = refusal(take, CHAIN + CHAIN.replace("deadline_min = 30", "deadline_min = 60"))
    assert "chain[2].key" in told
    assert "“perho” A chain of this key stands in the file already. Give each chain a key of its own" in told
    assert count(group, Chain) == 0


def test_a_file_that_is_not_there_is_named(group: Engine, tmp_path: Path) -> None:
    with (
        write_session(group, actor="test") as session,
        pytest.raises(
            Refused, match=r"ei-ole\.toml: The file cannot be read: there is no such file or folder"
        ),
    ):
        import_chains(session, tmp_path / "ei-ole.toml", on=ON)


def test_a_chain_of_the_same_key_gets_the_new_lists_and_keeps_its_results(
    take: Import, group: Engine
) -> None:
    take(CHAIN)
    with write_session(group, actor="test") as session:
        chain = find_chain(session, "perho")
        network = load_network([chain], on=ON)
        store_result(session, chain, network, simulate(network, PRESETS["office"], runs=100), extra={})
        before = chain.id, chain.version
    take(CHAIN.replace("deadline_min = 30", "deadline_min = 45").replace(", rounds = 2", ""))
    with read_session(group) as session:
        (chain,) = all_chains(session)
        assert (chain.id, chain.deadline_min) == (before[0], 45)
        assert chain.version > before[1]
        assert [one.rounds for one in chain.lists[0].items] == [1, 1]
        assert session.scalars(select(SimulationResult.chain_id)).all() == [chain.id]
    assert (count(group, ChainList), count(group, ChainItem)) == (2, 5)


def test_a_refused_change_leaves_the_chain_as_it_was(take: Import, group: Engine) -> None:
    take(CHAIN)
    refusal(take, CHAIN.replace("deadline_min = 30", "deadline_min = 45") + TECHNICAL_CALLS)
    with read_session(group) as session:
        (chain,) = all_chains(session)
        assert (chain.deadline_min, len(chain.lists), chain.version) == (30, 2, 1)


def test_a_chain_to_a_body_whose_seats_are_vacant_names_each(county: Engine, tmp_path: Path) -> None:
    path = tmp_path / "ketjut.toml"
    path.write_text(CHAIN, encoding="utf-8")
    with write_session(county, actor="test") as session:
        (one,) = import_chains(session, path, on=ON)
        vacant = [found for found in one.findings if found.rule is Rule.VACANT_SEAT]
        assert len(vacant) == 5
        assert {found.severity for found in one.findings} == {State.WARNING}
