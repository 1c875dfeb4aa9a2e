"""What the offline analyst reads out of many ways to say things."""

import pytest

from pipeline.analysts.offline.filters import read_filters
from pipeline.analysts.offline.understand import Understanding, understand
from pipeline.analysts.offline.words import clean
from pipeline.ports import Request
from tests.analysts.invented import catalogue


def read(text: str) -> Understanding:
    return understand(Request(text=text, today="2026-11-22"), catalogue())


# ---- direction ---------------------------------------------------------------------------------

ONE_WAY = [
    ("Copy Relato contacts to Gridlet", "relato", "gridlet"),
    ("copy every ledgerly invoice into gridlet", "ledgerly", "gridlet"),
    ("Into Gridlet, please, from Ledgerly: all invoices every hour", "ledgerly", "gridlet"),
    ("From Ledgerly into Relato: new invoices", "ledgerly", "relato"),
    ("create an invoice in Ledgerly for every new Relato deal", "relato", "ledgerly"),
    ("When a deal is created in Relato, add an invoice to Ledgerly", "relato", "ledgerly"),
    ("whenever a ticket comes in at Deskly open a CodeHut issue", "deskly", "codehut"),
    ("post a Pingword message when a Relato deal is updated", "relato", "pingword"),
    ("We'd like a Pingword message for each new Deskly ticket", "deskly", "pingword"),
    ("Relato → Ledgerly: new contacts become clients", "relato", "ledgerly"),
    ("Relato -> Gridlet, new deals", "relato", "gridlet"),
    ("Every night pull Ledgerly invoices and load them into Gridlet", "ledgerly", "gridlet"),
    ("Add our new Relato contacts to Ledgerly", "relato", "ledgerly"),
    ("get a Pingword message in #deals whenever a Relato deal moves to won", "relato", "pingword"),
    ("log new Deskly tickets in a Gridlet sheet", "deskly", "gridlet"),
    ("Use OAuth for Gridlet. Send new tickets from Deskly to Gridlet.", "deskly", "gridlet"),
    ("export Ledgerly invoices to Gridlet once a week", "ledgerly", "gridlet"),
    ("If a new contact signs up in Relato, create a client in Ledgerly", "relato", "ledgerly"),
    ("notify us in Pingword about new CodeHut issues", "codehut", "pingword"),
    ("push Deskly tickets to CodeHut as issues", "deskly", "codehut"),
]


@pytest.mark.parametrize(("text", "source", "target"), ONE_WAY)
def test_direction(text: str, source: str, target: str) -> None:
    ends = read(text).ends
    assert (ends.sources, ends.targets) == ([source], [target])
    assert (ends.role(source), ends.role(target)) == ("source", "target")


@pytest.mark.parametrize(
    ("text", "clear"),
    [
        ("Keep contacts the same in Relato and Ledgerly, both ways", True),
        ("two-way sync of Relato contacts and Ledgerly clients", True),
        ("Relato <-> Ledgerly contacts, hourly", True),
        ("Bidirectional contact sync, Relato and Ledgerly", True),
        ("Sync contacts between Relato and Ledgerly", False),
        ("Keep Relato contacts and Ledgerly clients in sync", False),
        ("Integrate Relato with Ledgerly", False),
    ],
)
def test_both_ways(text: str, clear: bool) -> None:
    ends = read(text).ends
    assert ends.both_ways
    assert ends.clear is clear
    assert ends.role("relato") == ends.role("ledgerly") == "both"


def test_writing_back_makes_both_systems_both() -> None:
    ends = read(
        "open a CodeHut issue for each new Deskly ticket and write the link back to the ticket"
    ).ends
    assert ends.sources == ["deskly"]
    assert ends.role("deskly") == ends.role("codehut") == "both"


def test_several_targets_and_several_sources() -> None:
    assert read("Send new Relato deals to Pingword and to Gridlet").ends.targets == [
        "pingword",
        "gridlet",
    ]
    many = read("Load contacts from Relato and invoices from Ledgerly into Gridlet nightly")
    assert many.ends.sources == ["relato", "ledgerly"]
    assert [flow.source_entity for flow in many.flows] == ["contact", "invoice"]


# ---- triggers ----------------------------------------------------------------------------------

EVENTS = [
    ("when a contact is created in Relato, add a client in Ledgerly", "contact.created"),
    ("whenever a Relato contact changes, update the client in Ledgerly", "contact.updated"),
    ("Once a contact gets deleted in Relato, post to Pingword", "contact.deleted"),
    ("for each new deal in Relato create an invoice in Ledgerly", "deal.created"),
    ("as soon as a Relato deal moves to won, post to Pingword", "deal.updated"),
    ("post to Pingword when somebody opens a ticket in Deskly", "ticket.created"),
    ("on every updated Deskly ticket, write a row to Gridlet", "ticket.updated"),
    ("Send contact.deleted events of Relato to Pingword", "contact.deleted"),
    ("Real-time: new Ledgerly invoices into Gridlet", "invoice.created"),
]


@pytest.mark.parametrize(("text", "event"), EVENTS)
def test_events(text: str, event: str) -> None:
    trigger = read(text).flows[0].trigger
    assert (trigger.kind, trigger.event) == ("webhook", event)


def test_a_schedule_beats_new() -> None:
    trigger = read("every 10 minutes copy new Relato contacts to Gridlet").flows[0].trigger
    assert (trigger.kind, trigger.cron, trigger.timezone) == ("schedule", "*/10 * * * *", "UTC")


def test_by_hand() -> None:
    assert read("one-off: migrate Relato contacts to Ledgerly").flows[0].trigger.kind == "manual"


def test_a_system_without_events_is_polled_and_the_time_is_asked() -> None:
    understood = read("copy new Gridlet rows to Ledgerly as clients")
    assert understood.flows[0].trigger.kind == "schedule"
    assert understood.starts[0].no_event


def test_a_text_that_does_not_say_when_is_unclear() -> None:
    assert not read("Sync contacts from Relato to Ledgerly").flows[0].trigger_clear


# ---- entities ----------------------------------------------------------------------------------

ENTITIES = [
    ("new Relato deals become Ledgerly invoices", "deal", "invoice"),
    ("send Relato contacts to Ledgerly as clients", "contact", "client"),
    ("for every new ticket in Deskly open an issue in CodeHut", "ticket", "issue"),
    ("sync people from Relato to Ledgerly", "contact", "client"),
    ("when an opportunity is created in Relato, create a bill in Ledgerly", "deal", "invoice"),
    ("post a Pingword message for each new case in Deskly", "ticket", "message"),
    ("copy Ledgerly customers to Relato", "client", "contact"),
    ("put every new Ledgerly invoice on a Gridlet sheet", "invoice", "row"),
]


@pytest.mark.parametrize(("text", "source", "target"), ENTITIES)
def test_entities(text: str, source: str, target: str) -> None:
    flow = read(text).flows[0]
    assert (flow.source_entity, flow.target_entity) == (source, target)


# ---- filters -----------------------------------------------------------------------------------

FILTERS = [
    ("copy all paid Ledgerly invoices to Gridlet daily", "status", "eq", "paid"),
    ("hourly, send draft invoices from Ledgerly to Gridlet", "status", "eq", "draft"),
    ("new Ledgerly invoices to Gridlet, but skip void invoices", "status", "ne", "void"),
    ("new Ledgerly invoices to Gridlet, ignore test invoices", "test", "eq", False),
    ("for each new Deskly ticket tagged vip post to Pingword", "tags[]", "contains", "vip"),
    ('new Deskly tickets labelled "billing" to CodeHut', "tags[]", "contains", "billing"),
    ("for urgent tickets in Deskly, post a message to Pingword", "priority", "eq", "urgent"),
    ("new Ledgerly invoices over $500 to Gridlet", "total", "gt", 500),
    ("new Ledgerly invoices of at least 1,000 EUR to Gridlet", "total", "gte", 1000),
    ("post to Pingword when a Relato deal moves to closed lost", "stage", "eq", "closed lost"),
    ("copy Ledgerly invoices where currency is EUR to Gridlet nightly", "currency", "eq", "EUR"),
    ("sync active contacts from Relato to Ledgerly", "active", "eq", True),
    (
        "copy Relato contacts whose lifecycle is customer to Ledgerly hourly",
        "lifecycle",
        "eq",
        "customer",
    ),
    ("Deskly tickets that are solved go to Gridlet every night", "status", "eq", "solved"),
]


@pytest.mark.parametrize(("text", "field", "op", "value"), FILTERS)
def test_filters(text: str, field: str, op: str, value: object) -> None:
    filters = read(text).flows[0].filters
    assert [(one.field, one.op, one.value) for one in filters] == [(field, op, value)]


@pytest.mark.parametrize(
    "text",
    [
        "new Ledgerly invoices to Gridlet",
        "whenever a contact is created in Relato post to Pingword",
    ],
)
def test_no_filter_where_none_is_asked(text: str) -> None:
    assert read(text).flows[0].filters == []


def test_what_happens_to_a_message_is_not_what_it_says() -> None:
    schema = {"type": "object", "properties": {"text": {"x-weft-synonyms": ["message"]}}}
    text = "When a message is posted in Pingword, create a ticket in Deskly"
    assert read_filters(text, schema, ["message"], "") == []


# ---- signing in --------------------------------------------------------------------------------

AUTH = [
    (
        "Relato to Ledgerly, use OAuth 2.0 for both",
        {"relato": ("oauth2", None), "ledgerly": ("oauth2", None)},
    ),
    (
        "Relato to Ledgerly. API key for Relato and basic auth for Ledgerly.",
        {"relato": ("api-key", None), "ledgerly": ("basic-auth", None)},
    ),
    (
        "Relato to Ledgerly. Relato uses OAuth client credentials.",
        {"relato": ("oauth2", "client-credentials")},
    ),
    (
        "Relato to Ledgerly; OAuth 2.0 Authorization Code for Ledgerly, and an API key with Relato",
        {"ledgerly": ("oauth2", "authorization-code"), "relato": ("api-key", None)},
    ),
    (
        "Relato (API token) to Ledgerly (username and password)",
        {"relato": ("api-key", None), "ledgerly": ("basic-auth", None)},
    ),
    ("Relato to Ledgerly with new contacts", {}),
]


@pytest.mark.parametrize(("text", "auth"), AUTH)
def test_auth(text: str, auth: dict[str, tuple[str, str | None]]) -> None:
    assert read(text).auth == auth


# ---- keys, maps, places ------------------------------------------------------------------------

KEYS = [
    ("upsert Relato contacts into Ledgerly by email", "upsert", "email"),
    (
        "Relato contacts to Ledgerly, matching on email so there are no duplicates",
        "upsert",
        "email",
    ),
    ("copy invoices into the Gridlet table keyed on invoice number", "upsert", "invoice number"),
    ("check if the client exists in Ledgerly by email, else create one", "upsert", "email"),
    ("append a row to Gridlet for each Ledgerly invoice", "append", None),
    ("use the external id as the unique key", "upsert", "external id"),
    ("create a client in Ledgerly", None, None),
]


@pytest.mark.parametrize(("text", "mode", "key"), KEYS)
def test_keys(text: str, mode: str | None, key: str | None) -> None:
    writing = read(text).writing
    assert (writing.mode, writing.key) == (mode, key)


def test_explicit_maps() -> None:
    text = (
        "New Relato contacts to Ledgerly as clients. Map: Relato first_name → Ledgerly name, "
        "email -> email.\nkind = nothing of that"
    )
    pairs = [(pair.source, pair.target) for pair in read(text).pairs if not pair.tentative]
    assert pairs == [("first_name", "name"), ("email", "email")]


def test_maps_in_words() -> None:
    pairs = read("Relato to Ledgerly. Map company to name and email as email").pairs
    assert [(pair.source, pair.target) for pair in pairs if not pair.tentative] == [
        ("company", "name"),
        ("email", "email"),
    ]


def test_places() -> None:
    places = read(
        'post Deskly tickets to #support in Pingword and to acme/help in CodeHut, table "Log" '
        "(sheet 1xYz9)"
    ).places
    assert [(place.label, place.value) for place in places] == [
        ("channel", "#support"), ("repository", "acme/help"), ("table", "Log"), ("sheet", "1xYz9"),
    ]  # fmt: skip


def test_columns() -> None:
    listed = read(
        "new Ledgerly invoices to Gridlet with columns number, total in euros and status"
    ).columns
    assert [(one.name, one.form) for one in listed] == [
        ("number", ""),
        ("total", "euros"),
        ("status", ""),
    ]


@pytest.mark.parametrize(
    ("text", "tenants"),
    [
        (
            "Our customers connect their own Relato accounts; push contacts to our Ledgerly",
            ["relato"],
        ),
        ("each client logs in to their Ledgerly; copy invoices to our Gridlet", ["ledgerly"]),
        ("multi-tenant: Relato contacts to Ledgerly", ["relato"]),
        ("for each customer in Ledgerly create a contact in Relato", None),
    ],
)
def test_tenants(text: str, tenants: list[str] | None) -> None:
    assert read(text).tenants == tenants


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("send Relato tickets? no, contacts to Ledgerly", "send Relato contacts to Ledgerly"),
        ("push payouts... I mean charges", "push charges"),
        ("contacts w/o owner", "contacts without owner"),
    ],
)
def test_text_is_made_even(text: str, meant: str) -> None:
    assert clean(text) == meant
