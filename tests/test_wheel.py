"""The installed wheel works with its own libraries alone: no development tool, nothing of the checkout."""

import json
import re
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        folder,
        ROOT,
    ]
    subprocess.run(build, check=True)
    return next(folder.glob("*.whl"))


def runtime_libraries() -> list[str]:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return re.findall(r"^([A-Za-z0-9_.-]+)==", pins, re.MULTILINE)


def link_libraries(target: Path) -> None:
    """Give an environment the pinned libraries by links, so that nothing has to be fetched."""
    for name in runtime_libraries():
        for file in distribution(name).files or []:
            top = Path(file).parts[0]
            if top in {"..", "__pycache__"}:
                continue
            link = target / top
            if not link.exists():
                link.symlink_to(Path(str(distribution(name).locate_file(top))).resolve())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``prep`` program of a new environment."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    packages = next((folder / "lib").glob("python*/site-packages"))
    link_libraries(packages)
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    return folder / "bin" / "prep"


def test_the_wheel_holds_the_data_files_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "prep/regions/packs/keski-pohjanmaa.toml",
        "prep/locale/fi/cli.po",
        "prep/cards/fonts/SourceSans3-Regular.ttf",
        "prep/cards/texts/power_outage.toml",
        "prep/web/static/style.css",
        "prep/demo/county.toml",
    ):
        assert needed in names
    assert any(re.fullmatch(r"prep/migrations/versions/0001_\w+\.py", name) for name in names)
    assert [name for name in names if name.startswith(("tests", "instance", "benchmarks"))] == []


@pytest.fixture(scope="module")
def demonstration(
    installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> "tuple[Path, subprocess.CompletedProcess[str]]":
    """The folder in which the installed program has run the demonstration, and what it said."""
    folder = tmp_path_factory.mktemp("demonstration")
    return folder, ran(installed, folder, "demo", "--json")


def ran(program: Path, folder: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        "PREP_INSTANCE": str(folder / "instance"),
        "PREP_LANGUAGE": "en",
        "PATH": "/usr/bin:/bin",
        **settings,
    }
    return subprocess.run(
        [program, *arguments], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_installed_program_runs_the_demonstration(
    demonstration: "tuple[Path, subprocess.CompletedProcess[str]]",
) -> None:
    folder, done = demonstration
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert Path(told["cards"]["file"]).read_bytes().startswith(b"%PDF")
    assert sorted(path.name for path in folder.iterdir()) == ["instance"]


SERVICE = {
    "PREP_PUBLIC_ADDRESS": "http://localhost:8351",
    "PREP_OIDC_ISSUER": "http://127.0.0.1:9/realms/kunta",
    "PREP_OIDC_CLIENT_ID": "prep",
    "PREP_OIDC_CLIENT_SECRET": "hyvin salainen",
}


@pytest.mark.slow
def test_the_organisation_s_service_is_refused_where_its_libraries_are_not_installed(
    installed: Path, demonstration: "tuple[Path, subprocess.CompletedProcess[str]]"
) -> None:
    folder, _ = demonstration
    refused = ran(installed, folder, "serve", "--port", "8399", **SERVICE)
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1] == (
        "oidc_issuer: “http://127.0.0.1:9/realms/kunta” Signing in through the organisation needs libraries that "
        "are not installed. Install prep with its extra “oidc”, or leave oidc_issuer empty."
    )
    # Everything else is as it was.
    listed = ran(installed, folder, "user", "list", "--json", **SERVICE)
    assert (listed.returncode, json.loads(listed.stdout)) == (0, [])


def test_the_libraries_of_the_service_are_pinned_apart() -> None:
    pinned = (ROOT / "constraints-oidc.txt").read_text(encoding="utf-8")
    extra = set(re.findall(r"^([A-Za-z0-9_.-]+)==", pinned, re.MULTILINE)) - set(runtime_libraries())
    assert {"authlib", "joserfc", "requests"} <= extra


def test_no_development_tool_is_among_the_libraries() -> None:
    assert not {"pytest", "mypy", "ruff", "hypothesis", "playwright", "simpy"} & set(runtime_libraries())
