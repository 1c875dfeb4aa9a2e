import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InvalidEdit
from pipeline.plan.paths import array_of, parse, read

ORDER = {
    "email": "a@example.com",
    "customer": {"name": "Ada"},
    "lines": [{"sku": "x", "taxes": [{"rate": 1}, {"rate": 2}]}, {"taxes": [{"rate": 3}]}],
    "tags": ["new", "vip"],
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("email", "a@example.com"),
        ("customer.name", "Ada"),
        ("customer.phone", None),
        ("email.address", None),
        ("lines[].sku", ["x", None]),
        ("lines[].taxes[].rate", [1, 2, 3]),
        ("tags[]", ["new", "vip"]),
        ("customer[].name", []),
    ],
)
def test_read(path: str, value: object) -> None:
    assert read(ORDER, path) == value


@pytest.mark.parametrize(
    ("path", "root", "name", "rest"),
    [
        ("$lookup.customer.Id", "lookup", "customer", "Id"),
        ("$write.target.links[].href", "write", "target", "links[].href"),
        ("$variable.income_account", "variable", "income_account", ""),
    ],
)
def test_roots(path: str, root: str, name: str, rest: str) -> None:
    parsed = parse(path)
    assert (parsed.root, parsed.name, ".".join(map(str, parsed.steps))) == (root, name, rest)
    assert str(parsed) == path


@pytest.mark.parametrize(
    "path", ["", ".", "a..b", "a.", "[]", "a[]b", "a[0]", "$lookup", "$lookup.", "$other.a"]
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(InvalidEdit, match="no path"):
        parse(path)


def test_arrays_of_a_path() -> None:
    assert array_of("a[].b[].c") == "a[].b[]"
    assert array_of("a.b") is None


_NAMES = st.text(alphabet="abcXYZ_ -", min_size=1, max_size=5).filter(lambda name: name[0] != " ")


@given(st.lists(st.tuples(_NAMES, st.booleans()), min_size=1, max_size=5))
def test_a_path_is_written_as_it_was_read(steps: list[tuple[str, bool]]) -> None:
    text = ".".join(name + ("[]" if repeated else "") for name, repeated in steps)
    assert str(parse(text)) == text


@given(st.text(max_size=30), st.recursive(st.none() | st.integers(), lambda inner: st.dictionaries(
    st.sampled_from("ab"), inner | st.lists(inner, max_size=2), max_size=2)))  # fmt: skip
def test_reading_never_fails_but_by_saying_so(path: str, record: object) -> None:
    try:
        read(record, path)
    except InvalidEdit as error:
        assert "no path" in str(error)
