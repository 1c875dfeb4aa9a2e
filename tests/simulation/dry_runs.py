"""What the tests of the dry run share: projects as they are generated, and their systems."""

from dataclasses import dataclass, replace
from functools import cache

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.artifacts import DryRun, SourceFile
from pipeline.cancellation import Cancellation
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.generate import generate
from pipeline.integration import TestCase
from pipeline.plan.model import Endpoint, KeyPair, Mapping, Plan, System
from pipeline.ports import Request
from pipeline.sandbox.deno import Deno
from pipeline.simulation.dry_run import dry_run
from tests.codegen.plans import shopify_orders_to_quickbooks
from tests.codegen.test_patterns import PATTERNS
from tests.whole.conftest import REQUEST

DENO = Deno()

DEPOT = """
openapi: 3.0.3
info: {title: Depot, version: 1.0.0}
servers: [{url: https://depot.example.com/v1}]
security: [{Key: []}]
paths:
  /parcels:
    post:
      operationId: createParcel
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Parcel"}}}
      responses:
        "201":
          description: Made.
          content: {application/json: {schema: {$ref: "#/components/schemas/Parcel"}}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Depot-Key}
  schemas:
    Parcel:
      type: object
      required: [reference, recipient]
      properties:
        id: {type: string, readOnly: true}
        reference: {type: string, maxLength: 20}
        recipient: {type: string, maxLength: 60}
        note: {type: string, maxLength: 200}
"""


@dataclass(frozen=True)
class Subject:
    """A plan with what it was generated from, and the project."""

    plan: Plan
    catalogue: Catalogue
    files: tuple[SourceFile, ...]

    def run(self, *cases: TestCase) -> DryRun:
        return dry_run(self.plan, self.catalogue, self.files, cases, Cancellation(), deno=DENO)

    def damaged(self, old: str, new: str) -> "Subject":
        """The project with one mistake in it, wherever the text stands in its services."""
        files = tuple(
            file.model_copy(update={"content": file.content.replace(old, new)})
            if file.path.startswith("src/services/") else file
            for file in self.files
        )  # fmt: skip
        assert files != self.files, f"there is no {old!r} to damage"
        return replace(self, files=files)


def _subject(plan: Plan, known: Catalogue) -> Subject:
    return Subject(plan, known, tuple(generate(plan, known)))


@cache
def main_request() -> Subject:
    """The main request, as the offline analyst plans it."""
    known = Catalogue.load()
    request = Request(text=REQUEST, today="2026-01-01")
    return _subject(OfflineAnalyst(known).research(request, lambda _: None), known)


@cache
def pattern(name: str) -> Subject:
    return _subject(PATTERNS[name], Catalogue.load())


@cache
def keyless() -> Subject:
    """To a QuickBooks without idempotency keys: it looks before it creates."""
    shipped = Catalogue.load()
    quickbooks = shipped.system("quickbooks")
    operations = [
        one.model_copy(update={"idempotency_parameter": None, "effect": "lookup"})
        for one in quickbooks.operations
    ]
    changed = quickbooks.model_copy(update={"operations": operations})
    known = Catalogue(added=(shipped.system("shopify"), changed))
    return _subject(shopify_orders_to_quickbooks(), known)


@cache
def described_by_its_user() -> Subject:
    """To a system of which only a person's OpenAPI document is known."""
    known = Catalogue.load().with_spec("depot.yaml", DEPOT)
    entry = known.system("depot")
    base = shopify_orders_to_quickbooks()
    depot = System(
        name=entry.name, display_name=entry.display_name, role="target",
        base_url=entry.base_url, auth=entry.auth[0],
    )  # fmt: skip
    (entity,) = entry.entities
    workflow = base.workflows[0].model_copy(
        update={
            "lookups": [],
            "target": Endpoint(system="depot", entity=entity.name),
            "match_on": [KeyPair(target="reference", source="name")],
            "mappings": [
                Mapping(target="reference", source="name"),
                Mapping(target="recipient", source="customer.last_name"),
                Mapping(target="note", source="note"),
            ],
        }
    )
    systems = [base.system("shopify"), depot]
    plan = base.model_copy(update={"systems": systems, "workflows": [workflow], "variables": []})
    return _subject(plan, known)
