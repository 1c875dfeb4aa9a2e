"""The two executables that tests run: the real command line, and what stands in for it."""

import shutil
import subprocess
import sys
import sysconfig
import tempfile
from functools import cache
from pathlib import Path

BESIDE_PYTHON = Path(sys.executable).parent / "versori"
VERSION = "0.0.7"  # whose behaviour was recorded
NO_REAL_CLI = f"the real versori command line {VERSION} is not on this machine"
# Without what every start of Python looks up, for tests start it often.
LAUNCHER = """#!{python} -IS
import sys
sys.path[:0] = [{root!r}, {libraries!r}]
from tests.versori.stand_in.__main__ import main
main()
"""


@cache
def real_cli() -> Path | None:
    """Where set-up installs it, else where the person has it. None where it is another version."""
    places = (BESIDE_PYTHON, Path(shutil.which("versori") or BESIDE_PYTHON))
    return next((one for one in places if one.exists() and cli_version(one) == VERSION), None)


@cache
def stand_in() -> Path:
    folder = tempfile.mkdtemp(prefix="versori-stand-in-")
    launcher = Path(folder, "versori")
    root = str(Path(__file__).parents[2])
    libraries = sysconfig.get_path("purelib")
    launcher.write_text(LAUNCHER.format(python=sys.executable, root=root, libraries=libraries))
    launcher.chmod(0o755)
    return launcher


@cache
def cli_version(path: Path) -> str:
    """As it says itself, without a leading v: a release says 0.0.7, one built by hand v0.0.7."""
    asked = subprocess.run([path, "version"], capture_output=True, text=True, timeout=20)
    return asked.stdout.strip().removeprefix("v")
