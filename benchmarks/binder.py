"""The binder of the whole invented county: making, setting and drawing it, against the 20 seconds it may take.

``python -m benchmarks.binder`` prints seconds of the clock and of the processor in each language.
"""

import io
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.cards import AT, ON
from prep import migrations
from prep.binder.document import write
from prep.binder.records import Printing, Sight, county_binder
from prep.db import make_engine, read_session, write_session
from prep.demo import build
from prep.regions.outlines import county_map
from prep.registry.install import installed_pack
from prep.terms import Classification, Language

LIMIT_S = 20


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'prep.db'}")
        migrations.upgrade(engine)
        with write_session(engine, actor="benchmark") as session:
            build.make_county(session, on=ON)
        with write_session(engine, actor="benchmark") as session:
            build.import_premises(session, Path(folder), on=ON)
        with write_session(engine, actor="benchmark") as session:
            build.make_chains(session, on=ON)
        print(f"{'':10}{'prints':>8}{'pages':>8}{'clock s':>9}{'cpu s':>8}{'MB':>6}  at most {LIMIT_S} s")
        for language in Language:
            clock_s, cpu_s = perf_counter(), process_time()
            with read_session(engine) as session:
                land = county_map(installed_pack(session), None)
                printing = Printing(language, Classification.INTERNAL, ON, AT)
                binder = county_binder(session, printing, land, municipality=None, sight=Sight())
            file = io.BytesIO()
            printed = write(file, binder)
            clock_s, cpu_s = perf_counter() - clock_s, process_time() - cpu_s
            # On a machine that does nothing else the two are the same: the work is done by one processor.
            verdict = "met" if cpu_s < LIMIT_S else "NOT MET"
            print(
                f"{language:10}{printed.prints:8}{printed.sides:8}{clock_s:9.2f}{cpu_s:8.2f}"
                f"{len(file.getvalue()) / 1e6:6.1f}  {verdict}"
            )
        engine.dispose()


if __name__ == "__main__":
    main()
