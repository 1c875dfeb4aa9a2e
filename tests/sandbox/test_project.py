import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.artifacts import SourceFile
from pipeline.errors import SandboxError
from pipeline.sandbox.project import RUN_SDK, deno_json, write_project
from tests.sandbox.sample_project import SAMPLE, sample_files


def test_a_project_is_its_files_and_the_run_sdk(tmp_path: Path) -> None:
    write_project(sample_files(), tmp_path)

    for path, content in SAMPLE.items():
        assert (tmp_path / path).read_text() == content
    copied = {path.name for path in (tmp_path / ".weft/run").iterdir()}
    assert copied == {path.name for path in RUN_SDK.glob("*.ts")}


def test_every_import_of_deno_json_is_there(tmp_path: Path) -> None:
    write_project([], tmp_path)

    for target in json.loads(deno_json())["imports"].values():
        assert (tmp_path / target).is_file()


def test_writing_again_replaces_the_run_sdk(tmp_path: Path) -> None:
    write_project(sample_files(), tmp_path)
    (tmp_path / ".weft/run/stale.ts").touch()

    write_project(sample_files(), tmp_path)

    assert not (tmp_path / ".weft/run/stale.ts").exists()


def test_another_run_sdk_can_be_named(tmp_path: Path) -> None:
    sdk = tmp_path / "sdk"
    (sdk / "inner").mkdir(parents=True)
    (sdk / "mod.ts").write_text("// theirs")
    (sdk / "inner/part.ts").write_text("// a part")

    write_project([], tmp_path / "project", run_sdk=sdk)

    assert (tmp_path / "project/.weft/run/mod.ts").read_text() == "// theirs"
    assert (tmp_path / "project/.weft/run/inner/part.ts").read_text() == "// a part"


def test_a_folder_without_mod_ts_is_no_run_sdk(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="WEFT_RUN_SDK"):
        write_project([], tmp_path, run_sdk=tmp_path)


LEAVING = [
    "", ".", "/etc/passwd", "../outside.ts", "src/../../outside.ts", "src/..", "a\\..\\b.ts",
    "src/\0.ts", ".weft/run/mod.ts", "./.weft/run/mod.ts", "src//../../x", "src/./../.weft/x",
]  # fmt: skip


@pytest.mark.parametrize("path", LEAVING)
def test_a_path_that_leaves_the_project_is_refused(tmp_path: Path, path: str) -> None:
    directory = tmp_path / "project"

    with pytest.raises(SandboxError, match="can't be part of a project"):
        write_project([SourceFile(path="src/fine.ts", content=""), _file(path)], directory)

    assert not directory.exists()


@given(path=st.text(alphabet="./\\ab-~%\0", max_size=12))
def test_no_path_writes_outside(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    directory = tmp_path_factory.mktemp("outer") / "project"
    with contextlib.suppress(SandboxError, OSError):  # OSError: a folder's name is no file's
        write_project([_file(path)], directory)
    assert {each.name for each in directory.parent.iterdir()} <= {"project"}


def _file(path: str) -> SourceFile:
    return SourceFile(path=path, content="escaped")
