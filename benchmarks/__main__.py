"""Run every benchmark: each module of this package that has a ``main``."""

import importlib
import pkgutil
import time

import benchmarks


def main() -> None:
    """Run the benchmarks one after another, and say how long each took."""
    for module in sorted(pkgutil.iter_modules(benchmarks.__path__), key=lambda one: one.name):
        if module.name.startswith("_"):
            continue
        benchmark = importlib.import_module(f"benchmarks.{module.name}")
        if not hasattr(benchmark, "main"):
            continue
        print(f"{module.name}: {(benchmark.__doc__ or '').strip().splitlines()[0]}")
        began = time.perf_counter()
        benchmark.main()
        print(f"({time.perf_counter() - began:.0f} s)\n")


if __name__ == "__main__":
    main()
