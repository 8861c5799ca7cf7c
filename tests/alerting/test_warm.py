"""The machine code is compiled once and then loaded."""

import subprocess
import sys

import pytest

from prep.alerting.warm import warm
from prep.errors import Refused

WARM = "from pathlib import Path; from prep.alerting.warm import warm; print(warm(Path({folder!r})))"


@pytest.mark.slow
def test_the_first_start_compiles_and_the_next_one_loads(tmp_path):
    program = WARM.format(folder=str(tmp_path / "machine_code"))
    answers = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert answers == ["True\n", "False\n"]
    found = {one.name.split(".")[0] for one in (tmp_path / "machine_code").rglob("*.nbi")}
    assert found == {"kernel", "kernel_windows"}


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="The folder must be writable"):
        warm(tmp_path / "file" / "folder")


def test_importing_the_package_imports_no_numba():
    program = (
        "import sys, prep.alerting, prep.alerting.chain, prep.alerting.simulate, prep.alerting.fixes,"
        " prep.alerting.exact, prep.alerting.warm; print('numba' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
