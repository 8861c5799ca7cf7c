"""``prep serve`` says where the pages are, serves them, and refuses in whole sentences."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from prep.cli.serve import listen
from prep.db import make_engine
from prep.errors import Refused
from tests.cli.test_command import run

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """An instance with a county, sharing the compiled simulator of the checkout."""
    compiled = ROOT / "instance" / "compiled"
    compiled.mkdir(parents=True, exist_ok=True)
    (tmp_path / "compiled").symlink_to(compiled, target_is_directory=True)
    done = run("init", "--region", "keski-pohjanmaa", instance=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(instance: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The command as a process of its own, and the first line it prints; it ends with the test."""
    with subprocess.Popen(
        [sys.executable, "-c", "from prep.cli import main; main()", "serve", *arguments],
        env={"PREP_INSTANCE": str(instance), "PREP_LANGUAGE": "en", "PATH": os.defpath},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline()
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_pages_are_served_until_told_to_end(instance: Path, ending: signal.Signals) -> None:
    port = free_port()
    with serving(instance, "--port", str(port)) as (process, line):
        assert line == f"The pages are at http://127.0.0.1:{port}/ – end with Ctrl+C.\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/saavutettavuus") as answer:
            assert answer.status == 200
            assert answer.headers["Server"] == "prep"
            assert "Central Ostrobothnia" in answer.read().decode()
        process.send_signal(ending)
        _, remarks = process.communicate(timeout=20)
        assert process.returncode == 0, remarks
        assert "Traceback" not in remarks


@pytest.mark.slow
def test_a_taken_port_is_refused_with_another_to_try(instance: Path, taken: int) -> None:
    done = run("serve", "--port", str(taken), instance=instance)
    assert done.returncode == 1
    assert f"Address of the pages: “127.0.0.1:{taken}” The port must be free" in done.stderr
    assert f"prep serve --port {taken + 1}" in done.stderr
    assert done.stdout == ""


def test_an_address_of_another_machine_is_refused() -> None:
    # 192.0.2.0/24 is for documentation: no machine has it.
    with pytest.raises(Refused, match="the address one of this machine"):
        listen("192.0.2.7", 8351)


def test_without_a_county_it_says_how_to_begin(tmp_path: Path) -> None:
    done = run("serve", instance=tmp_path)
    assert done.returncode == 1
    assert "There is no county in it yet." in done.stderr


EVERYWHERE = "0.0.0.0"  # noqa: S104 - what the tests are about


@pytest.mark.slow
def test_nobody_serves_to_others_before_there_is_an_administrator(instance: Path) -> None:
    done = run("serve", "--host", EVERYWHERE, "--port", str(free_port()), instance=instance)
    assert done.returncode == 1
    assert f"Address of the pages: “{EVERYWHERE}” Before there is an administrator" in done.stderr
    made = run("user", "add", "olga", "--name", "Olga Exempel", "--role", "administrator", instance=instance)
    assert made.returncode == 0, made.stderr
    with serving(instance, "--host", EVERYWHERE, "--port", str(free_port())) as (process, line):
        # An address that a browser can open, not the one that stands for all.
        assert line.startswith("The pages are at http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


@pytest.mark.slow
def test_the_first_start_prints_the_link_of_the_first_administrator(instance: Path) -> None:
    port = free_port()
    with serving(instance, "--port", str(port)) as (process, _):
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "There is no administrator yet." in line
        link = line.split()[-1]
        assert link.startswith(f"http://127.0.0.1:{port}/link/")
        with urllib.request.urlopen(link) as answer:  # noqa: S310 - an address of this machine
            assert 'name="again"' in answer.read().decode()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


@pytest.mark.slow
def test_while_pages_are_served_no_backup_is_put_back(instance: Path) -> None:
    made = run("backup", str(instance / "copies"), "--json", instance=instance)
    path = json.loads(made.stdout)["path"]
    with serving(instance, "--port", str(free_port())) as (process, _):
        refused = run("restore", path, "--yes", instance=instance)
        assert refused.returncode == 1
        assert "Pages are served from it. Stop “prep serve”, then try again." in refused.stderr
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert run("restore", path, "--yes", instance=instance).returncode == 0


def test_a_database_that_may_lose_changes_is_not_served_from(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prep.cli.serve import _refuse_an_unsafe_database

    (tmp_path / "prep.db").write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{tmp_path / 'prep.db'}")
    _refuse_an_unsafe_database(engine)
    engine.dispose()
    monkeypatch.setattr("prep.db._SQLITE_PRAGMAS", {"journal_mode": "WAL", "synchronous": "NORMAL"})
    engine = make_engine(f"sqlite:///{tmp_path / 'prep.db'}")
    with pytest.raises(Refused, match="A power cut can lose changes that were acknowledged: synchronous=1"):
        _refuse_an_unsafe_database(engine)
    engine.dispose()


def behind_a_proxy(instance: Path, **settings: object) -> None:
    lines = [f"{name} = {value!r}\n" for name, value in settings.items()]
    (instance / "prep.toml").write_text("".join(lines).replace("'", '"'), encoding="utf-8")


@pytest.mark.slow
def test_behind_a_proxy_the_public_address_is_told_and_nobody_is_served_before_an_administrator(
    instance: Path,
) -> None:
    behind_a_proxy(instance, public_address="https://prep.kunta.example")
    refused = run("serve", "--port", str(free_port()), instance=instance)
    assert refused.returncode == 1
    assert (
        "Address of the pages: “https://prep.kunta.example” Before there is an administrator"
        in refused.stderr
    )
    made = run("user", "add", "olga", "--name", "Olga Exempel", "--role", "administrator", instance=instance)
    assert made.stdout.startswith("https://prep.kunta.example/link/")
    port = free_port()
    with serving(instance, "--port", str(port)) as (process, line):
        assert line == "The pages are at https://prep.kunta.example/ – end with Ctrl+C.\n"
        told, remarks = ended(process, port)
        # No link that signs anybody in.
        assert told == ""
        assert "TLS ends before prep, and all who come that way count as one address" in remarks
    behind_a_proxy(instance, public_address="https://prep.kunta.example", trusted_proxies=1)
    with serving(instance, "--port", str(port)) as (process, _):
        told, remarks = ended(process, port)
        assert (told, "TLS ends before prep" in remarks) == ("", False)


def ended(process: "subprocess.Popen[str]", port: int) -> tuple[str, str]:
    """What a server prints after its first line: it is ended as soon as it has answered once."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez") as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=20)


def test_settings_that_contradict_each_other_stop_the_start(instance: Path) -> None:
    behind_a_proxy(instance, trusted_proxies=1)
    refused = run("serve", instance=instance)
    assert refused.returncode == 1
    assert refused.stderr == (
        "trusted_proxies: “1” Proxies are trusted only where the address that they serve is known. "
        "Set public_address to that address, or trusted_proxies to 0.\n"
    )
