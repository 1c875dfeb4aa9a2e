"""The imports of a generated module follow from what it mentions."""

from pipeline.codegen.imports import with_imports


def test_an_address_within_a_template_is_no_comment() -> None:
    body = "  const id = `gid://shop/${text(one)}`;\n  const found = first(`/${id}`); // second\n"
    modules = {"src/one.ts": "".join(
        f"export function {name}() {{}}\n" for name in ("first", "second", "text")
    )}  # fmt: skip
    made = with_imports("src/two.ts", body, modules)
    assert made.startswith('import { first, text } from "./one.ts";')
