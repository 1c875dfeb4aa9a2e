"""A plan of two invented systems, small enough to be read."""

from pipeline.plan.model import (
    Endpoint,
    KeyPair,
    Lookup,
    Mapping,
    Plan,
    Question,
    Scope,
    System,
    Trigger,
    Variable,
    Workflow,
)
from tests.analysts.invented import LEDGERLY, RELATO

PLAN = Plan(
    scope=Scope(in_scope=True, reason="It moves deals."),
    title="Relato → Ledgerly: new deals become invoices",
    summary="Each new deal becomes an invoice.",
    questions=[
        Question(
            id="big",
            text="Only big deals?",
            importance="high",
            options=["yes", "no"],
            assumption="no",
            edits={"yes": [{"op": "filter", "field": "amount", "operator": "gt", "value": 1000}]},
        )
    ],
    variables=[Variable(name="client_email", default="books@example.com")],
    systems=[
        System(name="relato", display_name="Relato", role="source", base_url=RELATO.base_url,
               auth=RELATO.auth[0]),
        System(name="ledgerly", display_name="Ledgerly", role="target", base_url=LEDGERLY.base_url,
               auth=LEDGERLY.auth[0]),
    ],
    workflows=[
        Workflow(
            name="deals",
            trigger=Trigger(kind="webhook", event="deal.created"),
            source=Endpoint(system="relato", entity="deal"),
            lookups=[
                Lookup(name="client", system="ledgerly", entity="client",
                       by=[KeyPair(target="email", source="$variable.client_email")]),
            ],
            target=Endpoint(system="ledgerly", entity="invoice", method="POST", path="/invoices"),
            mappings=[
                Mapping(target="client_id", source="$lookup.client.id"),
                Mapping(target="number", source="name"),
                Mapping(target="total", source="amount"),
            ],
        )
    ],
)  # fmt: skip
