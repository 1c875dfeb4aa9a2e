"""Keys of the vault: from a setting, and from a file."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import StoreError, UsageError
from store.keys import KeyRing, keys_of_file, parse_keys

KEY = base64.b64encode(b"k" * 32).decode()
PLACE = ["T1", "int_1"]


def test_the_first_key_is_the_newest():
    keys = parse_keys(f" b:{KEY} ,\n a:{KEY},")
    assert keys.newest == "b"
    assert keys.open(keys.seal("secret", PLACE), PLACE) == "secret"


def test_url_safe_base64_is_the_same_key():
    odd = bytes(range(224, 256))
    sealed = parse_keys(f"a:{base64.urlsafe_b64encode(odd).decode()}").seal("secret", PLACE)
    assert KeyRing({"a": odd}).open(sealed, PLACE) == "secret"


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("", "no secret key"),
        (" ,\n", "no secret key"),
        (KEY, "key 1 has no id"),
        (f"a:{KEY},:{KEY}", "key 2 has no id"),
        ("a:", "“a” is not 32 bytes"),
        ("a:hunter2hunter2", "“a” is not 32 bytes"),
        (f"a:{KEY}!", "“a” is not 32 bytes"),
        ("a:schlüssel", "“a” is not 32 bytes"),
        (f"a:{KEY},a:{KEY}", "Two secret keys have the id “a”"),
    ],
)
def test_a_wrong_setting_is_a_sentence_that_keeps_the_key_to_itself(setting, sentence):
    with pytest.raises(UsageError, match=sentence) as raised:
        parse_keys(setting)
    assert KEY not in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_places_that_read_alike_are_not_the_same():
    keys = KeyRing({"a": b"k" * 32})
    sealed = keys.seal("secret", ["a|b", "c"])
    with pytest.raises(StoreError, match="moved or altered"):
        keys.open(sealed, ["a", "b|c"])


def test_the_same_secret_is_never_sealed_alike():
    keys = KeyRing({"a": b"k" * 32})
    assert keys.seal("secret", PLACE) != keys.seal("secret", PLACE)


# ---- The file ----------------------------------------------------------------------------------


def test_the_file_is_made_once_for_this_user_alone(tmp_path):
    path = tmp_path / "new" / "keys"
    sealed = keys_of_file(path).seal("secret", PLACE)
    assert keys_of_file(path).open(sealed, PLACE) == "secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_start_at_once_agree_on_the_key(tmp_path):
    path = tmp_path / "keys"
    script = "import sys; from pathlib import Path; from store.keys import keys_of_file;"
    script += "print(keys_of_file(Path(sys.argv[1])).newest)"
    command = [sys.executable, "-c", script, str(path)]
    starters = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert {starter.communicate()[0].strip() for starter in starters} == {keys_of_file(path).newest}


def test_a_loser_of_the_race_takes_the_winners_key(tmp_path, monkeypatch):
    path = tmp_path / "keys"
    winner = keys_of_file(path).newest
    monkeypatch.setattr(Path, "exists", lambda self: False)  # as it looked a moment ago
    assert keys_of_file(path).newest == winner
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_file_open_to_others_is_refused(tmp_path, mode):
    path = tmp_path / "keys"
    keys_of_file(path)
    path.chmod(mode)
    with pytest.raises(UsageError, match="chmod 600"):
        keys_of_file(path)


def test_a_file_that_cannot_be_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="its folder exists"):
        keys_of_file(tmp_path / "file" / "keys")
    with pytest.raises(StoreError, match="its folder exists"):
        keys_of_file(tmp_path)


def test_a_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "keys"
    path.write_bytes(b"\xff\xfe")
    path.chmod(0o600)
    with pytest.raises(StoreError, match="its file of secret keys"):
        keys_of_file(path)
