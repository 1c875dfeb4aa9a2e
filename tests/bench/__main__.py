"""`make bench`: every measurement, or those named. Ratios to a baseline of the same run."""

import importlib
import pkgutil
import sys

import tests.bench

_MODULES = sorted(
    module.name
    for module in pkgutil.iter_modules(tests.bench.__path__)
    if module.name != "__main__"
)


def main(names: list[str]) -> None:
    for name in names or _MODULES:
        module = importlib.import_module(f"tests.bench.{name}")
        if hasattr(module, "main"):
            print(f"== {name}: {(module.__doc__ or '').splitlines()[0]}")
            module.main()
            print()


if __name__ == "__main__":
    main(sys.argv[1:])
