"""A file of chains is taken whole, with what is doubtful in it named, or refused with every fault in its place."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from prep.alerting.answer_records import store_result
from prep.alerting.duty import Span
from prep.alerting.finding import Rule
from prep.alerting.lint import lint
from prep.alerting.records import all_chains, find_chain, load_network, person_key
from prep.alerting.scenarios import PRESETS
from prep.alerting.simulate import simulate
from prep.db import read_session, write_session
from prep.errors import Refused
from prep.exchange.chain_files import import_chains
from prep.models import Chain, ChainItem, ChainList, DutyShift, Role, SimulationResult
from prep.terms import HourClass, If, Language, ListMode, State
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


def test_a_list_without_lines_is_taken_and_told(take: Import) -> None:
    told = take(CHAIN[: CHAIN.index('items = [\n  { target = "' + GROUP + "/technical")] + "items = []\n")
    assert (Rule.EMPTY_LIST, "None") in told[0][1]


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


RICH = """[[chain]]
key = "perho"
name = "Perhon johtoryhmä"
body = "management-group-584"
deadline_min = 30
one_of = [["technical", "education"]]

[[chain.list]]
caller = "desk:kp-command-centre"
source = true
handover_s = 20
items = [
  { target = "seat:management-group-584/manager", channels = ["call"], wait_s = 120 },
  { target = "seat:management-group-584/preparedness", channels = ["call"], if_silent = "seat:management-group-584/manager" },
  { target = "seat:management-group-584/technical", channels = ["sms"], hours = ["night", "holiday"] },
]

[[chain.list]]
caller = "desk:kp-command-centre"
follow_up_s = 900
items = [{ target = "seat:management-group-584/technical", channels = ["call"] }]

[[chain.list]]
caller = "seat:management-group-584/manager"
items = [
  { target = "seat:management-group-584/technical", channels = ["call"] },
  { target = "seat:management-group-584/education", channels = ["call"] },
  { target = "seat:management-group-584/communications", channels = ["call"] },
]

[[chain.list]]
caller = "seat:management-group-584/education"
items = [{ target = "desk:kp-command-centre", channels = ["runner"], calls_back = true }]
"""


def test_conditions_follow_ups_and_call_backs_come_into_the_network(take: Import, group: Engine) -> None:
    take(RICH)
    with read_session(group) as session:
        chain = session.scalars(select(Chain)).one()
        network = load_network([chain], on=ON)
    desk, follow_up, *others = network.lists
    assert network.actor(desk.caller).start_delay_s == 20.0
    first = desk.items[0]
    assert first.gap_s == 120.0
    conditional = [item for item in desk.items if item.condition is not None]
    assert {item.condition.slot for item in conditional} == {first.slot}
    assert {item.condition.kind for item in conditional} == {If.SILENT}
    assert [item.hours for item in desk.items][-1] == frozenset({HourClass.NIGHT, HourClass.HOLIDAY})
    assert (follow_up.caller, follow_up.follow_up_s) == (desk.caller, 900.0)
    (back,) = [item for one in others for item in one.items if item.calls_back]
    assert back.target == desk.caller
    assert [len(chosen) for chosen in network.groups[0].one_of] == [2]
    # Calls and apps of a person end in one telephone, and so do all attempts on it.
    points = {point.key: point.handset for point in network.points}
    assert points[first.point] == "handset/" + first.target.removeprefix("person/")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'if_silent = "seat:management-group-584/manager"',
            'if_silent = "desk:hatakeskus"',
            "A condition looks back",
        ),
        (
            'if_silent = "seat:management-group-584/manager"',
            'if_silent = "seat:management-group-584/manager", if_answered = "seat:management-group-584/manager"',
            "A line depends on one other line only",
        ),
        (
            '["technical", "education"]',
            '["technical", "treasurer"]',
            "“treasurer” The body has no seat of this key",
        ),
        ("wait_s = 120", "wait_s = -1", "The number is too small"),
        ("follow_up_s = 900\n", "", "This caller has a list in the chain already"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    take: Import, group: Engine, old: str, new: str, message: str
) -> None:
    assert old in RICH
    with pytest.raises(Refused, match=message):
        take(RICH.replace(old, new))


def test_whoever_has_the_turn_is_alerted_for_a_role(take: Import, group: Engine) -> None:
    take(RICH)
    with write_session(group, actor="test") as session:
        chain = session.scalars(select(Chain)).one()
        first, second = (seat.terms[0].person for seat in chain.body.seats[2:4])
        role = session.scalars(select(Role)).first()
        noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
        for person, hours in ((first, 0), (second, 12), (None, 6)):
            starts = noon + timedelta(hours=hours)
            shift = DutyShift(
                person=person,
                starts_at=starts,
                ends_at=starts + timedelta(hours=12),
                is_override=person is None,
            )
            role.duty_shifts.append(shift)
        line = chain.lists[0].items[0]
        line.target_seat_id, line.target_role_id = None, role.id
        session.flush()
        session.expire_all()
        network = load_network([session.scalars(select(Chain)).one()], on=ON)
        keys = person_key(first), person_key(second)
    (calendar,) = network.duties
    assert calendar.on_duty(noon) == keys[0]
    assert calendar.on_duty(noon + timedelta(hours=6)) is None
    assert calendar.on_duty(noon + timedelta(hours=20)) == keys[1]
    attempts = [item for item in network.lists[0].items if item.duty is not None]
    assert {item.target for item in attempts} == set(keys)
    assert Rule.UNSTAFFED_OVERRIDE in {one.rule for one in lint(network)}


def test_absences_come_as_plain_values(take: Import, group: Engine) -> None:
    take(RICH)
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    away = Span(noon, noon + timedelta(days=7))
    with read_session(group) as session:
        chain = session.scalars(select(Chain)).one()
        person = chain.body.seats[0].terms[0].person
        network = load_network([chain], on=ON, absences={person.id: (away,)})
        assert network.actor(person_key(person)).absences == (away,)


def test_a_line_behind_which_nobody_stands_is_an_empty_step(take: Import, group: Engine) -> None:
    text = RICH.replace(
        '"seat:management-group-584/technical", channels = ["sms"]',
        '"seat:management-group-584/technical", channels = ["pager"], wait_s = 300',
    )
    ((_, findings),) = take(text)
    assert Rule.EMPTY_STEP in {rule for rule, _ in findings}
