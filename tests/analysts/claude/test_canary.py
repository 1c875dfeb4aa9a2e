"""No secret, and no more of customers' data than needed, stands in any body that is sent."""

import json

import pytest

from pipeline.artifacts import Finding, SourceFile
from pipeline.integration import Attachment
from pipeline.ports import Draft, Turn
from tests.analysts.claude.conftest import EXAMPLE, KEY, ask, claude_on
from tests.anthropic_double import uses
from tests.contracts.test_analyst import TITLES
from tests.messages_rules import wants
from tests.models import agreeable, in_turn, when

SECRETS = {
    "Stripe key": "sk_live_canary0123456789abcdef",
    "Shopify token": "shpat_0123456789abcdefcanary0123",
    "GitHub token": "ghp_canary0123456789abcdefghij",
    "password": "hunter2canary99",
    "JSON web token": "eyJjYW5hcnkwMQ.eyJjYW5hcnkwMg.c2lnbmF0dXJl",
}
CUSTOMERS = ["ada@customer.example", "Ada Lovelace", "4242-canary"]
CASE = json.dumps({"input": {"email": CUSTOMERS[0], "customer": {"name": CUSTOMERS[1]}},
                   "expected": {"PrivateNote": CUSTOMERS[2]}})  # fmt: skip


def told() -> str:
    given = {**SECRETS, "password": f"password: {SECRETS['password']}"}
    return " ".join(given.values())


def attachment() -> Attachment:
    """A description whose examples are a customer's data, and whose texts hold secrets."""
    spec = json.loads(TITLES)
    spec["info"]["description"] = told()
    name = spec["components"]["schemas"]["Title"]["properties"]["name"]
    name.update(description=told(), example=CUSTOMERS[0], default=CUSTOMERS[2])
    spec["paths"]["/titles"]["get"]["summary"] = told()
    return Attachment(name="bookery.json", content=json.dumps(spec))


FILES = [
    SourceFile(path="src/index.ts", content=f"// {told()}\nexport const a = 1;\n"),
    SourceFile(path="src/a.test.ts", content=f"Deno.test('a', () => check({CASE}));\n"),
]

EARLIER = [Turn(said=f"{told()} as in {CASE}", answered=f"{CASE} {told()}")]


@pytest.fixture(scope="module")
def sent():
    """Everything that all kinds of work send, with canaries in every input."""
    look = in_turn(uses(("get_entity", {"system": "bookery", "entity": "title"}),
                        ("search_operations", {"query": "titles", "system": "bookery"}),
                        ("get_auth", {"system": "bookery"})))  # fmt: skip
    read = in_turn(*[uses(("read_file", {"path": file.path, "first_line": 1})) for file in FILES])
    script = agreeable(
        when("Reading", {"restated": "R", "kind": "change and question"}),
        lambda body: look(body) if wants(body) == "SystemsResult" else None,
        lambda body: read(body) if wants(body) == "AnswerResult" else None,
    )
    with claude_on(script) as made:
        text = f"{EXAMPLE} Also copy titles from our own API. {told()}"
        request = ask(f"{text} For example: {CASE}", attachment())
        plan = made.analyst.research(request, lambda doing: None)
        for message in (f"map email {told()} as in {CASE}", f"{CASE} why {CASE}?"):
            made.analyst.interpret(message, Draft(plan=plan, request=request, files=FILES), EARLIER)
        finding = Finding(
            tool="deno test", message=f"expected {CASE}, {told()}", file="src/a.test.ts", line=1,
            excerpt=f"{CASE} {told()}",
        )  # fmt: skip
        elsewhere = finding.model_copy(update={"file": "src/index.ts"})
        made.analyst.repair([finding, elsewhere], Draft(plan=plan, request=request, files=FILES))
        purposes = {one.purpose for one in made.ledger.recorded}
        assert purposes >= {
            "scope",
            "systems",
            "workflows",
            "mappings",
            "reading",
            "answer",
            "repair",
        }
        return [json.dumps(one.body, ensure_ascii=False) for one in made.double.exchanges]


@pytest.mark.parametrize("canary", [*SECRETS.values(), *CUSTOMERS, KEY])
def test_the_canary_is_in_no_body(sent, canary):
    assert len(sent) >= 16
    assert [body for body in sent if canary in body] == []


def test_the_code_was_shown(sent):
    assert any("export const a = 1;" in body for body in sent)


def test_the_shape_of_a_sample_is_enough(sent):
    assert any('\\"email\\": \\"string\\"' in body for body in sent)
