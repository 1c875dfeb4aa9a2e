"""Plans written by hand: what research makes of common requests."""

from datetime import date

from pipeline.plan.model import (
    Auth,
    ConfigItem,
    CredentialField,
    Endpoint,
    Fact,
    Filter,
    KeyPair,
    Lookup,
    Mapping,
    Plan,
    Scope,
    System,
    Transform,
    Trigger,
    Variable,
    Workflow,
)

SHOPIFY = System(
    name="shopify",
    display_name="Shopify",
    role="source",
    base_url="https://{shop}.myshopify.com/admin/api/2025-10",
    auth=Auth(
        type="api-key",
        parameter="X-Shopify-Access-Token",
        scopes=["read_orders"],
        fields=[
            CredentialField(name="api_key", label="Admin API access token"),
            CredentialField(name="webhook_secret", label="API secret key"),
        ],
    ),
    config=[ConfigItem(name="shop", label="Shop name")],
)

QUICKBOOKS = System(
    name="quickbooks",
    display_name="QuickBooks Online",
    role="target",
    base_url="https://quickbooks.api.intuit.com/v3/company/{realm_id}",
    auth=Auth(
        type="oauth2",
        grant="authorization-code",
        authorize_url="https://appcenter.intuit.com/connect/oauth2",
        token_url="https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
        scopes=["com.intuit.quickbooks.accounting"],
    ),
    config=[ConfigItem(name="realm_id", label="Company ID (realm ID)")],
)


def _line(target: str, source: str | None = None, **rest: object) -> Mapping:
    return Mapping.model_validate({"target": f"Line[].{target}", "source": source, **rest})


def _address(target: str, source: str) -> list[Mapping]:
    parts = {
        "Line1": "address1",
        "Line2": "address2",
        "City": "city",
        "CountrySubDivisionCode": "province_code",
        "PostalCode": "zip",
        "Country": "country_code",
    }
    return [
        Mapping(target=f"{target}.{part}", source=f"{source}.{name}")
        for part, name in parts.items()
    ]


_ORDER_LINES = [
    _line("DetailType", constant="SalesItemLineDetail", each="line_items[]"),
    _line("Description", "line_items[].title"),
    _line(
        "Amount",
        "line_items[].price",
        transform=Transform(name="multiply", args={"by": "line_items[].quantity"}),
    ),
    _line(
        "SalesItemLineDetail.ItemRef.value",
        "$lookup.item.Id",
        each="line_items[]",
    ),
    _line("SalesItemLineDetail.Qty", "line_items[].quantity"),
    _line(
        "SalesItemLineDetail.UnitPrice",
        "line_items[].price",
        transform=Transform(name="to_number"),
    ),
]

_SHIPPING_LINES = [
    _line("DetailType", constant="SalesItemLineDetail", each="shipping_lines[]"),
    _line("Description", "shipping_lines[].title"),
    _line("Amount", "shipping_lines[].price", transform=Transform(name="to_number")),
    _line(
        "SalesItemLineDetail.ItemRef.value",
        constant="SHIPPING_ITEM_ID",
        each="shipping_lines[]",
    ),
]

_DISCOUNT_LINES = [
    _line("DetailType", constant="DiscountLineDetail", each="discount_codes[]"),
    _line("Description", "discount_codes[].code"),
    _line("Amount", "discount_codes[].amount", transform=Transform(name="to_number")),
    _line("DiscountLineDetail.PercentBased", constant=False, each="discount_codes[]"),
]

_CUSTOMER = Lookup(
    name="customer",
    system="quickbooks",
    entity="customer",
    by=[KeyPair(target="PrimaryEmailAddr.Address", source="email")],
    on_missing="create",
    mappings=[
        Mapping(
            target="DisplayName",
            source="customer.first_name",
            transform=Transform(name="join", args={"with": ["customer.last_name"]}),
        ),
        Mapping(target="GivenName", source="customer.first_name"),
        Mapping(target="FamilyName", source="customer.last_name"),
        Mapping(target="PrimaryEmailAddr.Address", source="email"),
        Mapping(target="PrimaryPhone.FreeFormNumber", source="customer.phone"),
    ],
)

_INCOME_ACCOUNT = Lookup(
    name="income_account",
    system="quickbooks",
    entity="account",
    by=[KeyPair(target="Name", source="$variable.quickbooks_income_account")],
    on_missing="fail",
)

_ITEM = Lookup(
    name="item",
    system="quickbooks",
    entity="item",
    by=[KeyPair(target="Sku", source="line_items[].sku")],
    on_missing="create",
    mappings=[
        Mapping(target="Name", source="line_items[].title"),
        Mapping(target="Sku", source="line_items[].sku"),
        Mapping(target="Type", constant="NonInventory", each="line_items[]"),
        Mapping(
            target="UnitPrice",
            source="line_items[].price",
            transform=Transform(name="to_number"),
        ),
        Mapping(
            target="IncomeAccountRef.value",
            source="$lookup.income_account.Id",
            each="line_items[]",
        ),
    ],
)


def shopify_orders_to_quickbooks() -> Plan:
    """The plan of the main request: new orders become sales receipts, by webhook."""
    return Plan(
        scope=Scope(in_scope=True, reason="It moves orders from one system to another."),
        title="Shopify orders to QuickBooks sales receipts",
        summary="Each new Shopify order becomes a sales receipt in QuickBooks Online.",
        facts=[
            Fact(
                text="A sales receipt needs Line and CustomerRef.",
                source="https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/salesreceipt",
                grade="vendor-schema",
                verified_on=date(2026, 11, 22),
                subject="quickbooks",
            )
        ],
        variables=[
            Variable(
                name="quickbooks_income_account",
                default="Sales of Product Income",
                description="Name of the income account of items that are created.",
            )
        ],
        systems=[SHOPIFY, QUICKBOOKS],
        workflows=[
            Workflow(
                name="shopify-orders-to-quickbooks",
                trigger=Trigger(kind="webhook", event="orders/create"),
                source=Endpoint(system="shopify", entity="order"),
                filters=[Filter(field="test", op="eq", value=False)],
                lookups=[_CUSTOMER, _INCOME_ACCOUNT, _ITEM],
                target=Endpoint(
                    system="quickbooks", entity="sales-receipt", method="POST", path="/salesreceipt"
                ),
                write_mode="create",
                match_on=[KeyPair(target="DocNumber", source="name")],
                mappings=[
                    Mapping(target="CustomerRef.value", source="$lookup.customer.Id"),
                    Mapping(target="DocNumber", source="name"),
                    Mapping(
                        target="TxnDate", source="created_at", transform=Transform(name="date")
                    ),
                    Mapping(target="CurrencyRef.value", source="currency"),
                    Mapping(target="BillEmail.Address", source="email"),
                    *_address("BillAddr", "billing_address"),
                    *_address("ShipAddr", "shipping_address"),
                    *_ORDER_LINES,
                    *_SHIPPING_LINES,
                    *_DISCOUNT_LINES,
                    Mapping(
                        target="TxnTaxDetail.TotalTax",
                        source="total_tax",
                        transform=Transform(name="to_number"),
                    ),
                    Mapping(target="PrivateNote", source="note"),
                ],
            )
        ],
    )
