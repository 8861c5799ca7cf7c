"""Installs the Debian packages that the tests use, when run as root; says what is missing otherwise.

Run by ``make test``. The tests that need one of them fail with its name, they are not passed over.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# What must be there, and the package that brings it.
NEEDED = {
    "chromium": "chromium",
    "pdftoppm": "poppler-utils",
    "qpdf": "qpdf",
    "zbarimg": "zbar-tools",
}


def missing_packages() -> list[str]:
    missing = [package for program, package in NEEDED.items() if not shutil.which(program)]
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        missing.append("postgresql")
    return missing


def main() -> None:
    missing = missing_packages()
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.stderr.write(f"The tests also use these system packages: {' '.join(missing)}\n")
        return
    sys.stderr.write(f"Installing {' '.join(missing)} ...\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["apt-get", "-qq", "-o=Dpkg::Use-Pty=0"]
    subprocess.run([*quiet, "update"], check=True, env=environment, stdout=subprocess.DEVNULL)
    subprocess.run(
        [*quiet, "install", "--yes", "--no-install-recommends", *missing],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    main()
