"""What was brought in from others is recorded, and is what was recorded."""

import hashlib
import tomllib

from prep.web.static_files import STATIC_DIR

# What is written here, not brought in.
OWN = {
    "VENDORED.toml",
    "style.css",
    "prep.js",
    "passkeys.js",
    "map.js",
    "map-tools.js",
    "map-pin.js",
    "icon.svg",
}


def test_every_vendored_file_has_the_digest_on_record() -> None:
    record = tomllib.loads((STATIC_DIR / "VENDORED.toml").read_text(encoding="utf-8"))
    on_record = {file["path"]: file["sha256"] for part in record["part"] for file in part["file"]}
    found = {
        path.relative_to(STATIC_DIR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in STATIC_DIR.rglob("*")
        if path.is_file() and path.name not in OWN
    }
    assert found == on_record


def test_every_part_says_whence_which_and_under_what() -> None:
    record = tomllib.loads((STATIC_DIR / "VENDORED.toml").read_text(encoding="utf-8"))
    assert [(part["name"], part["version"], part["licence"]) for part in record["part"]] == [
        ("Source Sans 3", "3.52.0", "OFL-1.1"),
        ("htmx", "4.0.1", "0BSD"),
        ("Leaflet", "1.9.4", "BSD-2-Clause"),
        ("Leaflet.markercluster", "1.5.3", "MIT"),
        ("Leaflet-Geoman", "2.20.2", "MIT"),
    ]


def test_the_stylesheet_asks_for_nothing_from_elsewhere() -> None:
    style = (STATIC_DIR / "style.css").read_text(encoding="utf-8")
    wanted = [part.split(")")[0].strip("\"'") for part in style.split("url(")[1:]]
    assert all((STATIC_DIR / name).is_file() for name in wanted), wanted
    assert "@import" not in style
    assert "http" not in style
