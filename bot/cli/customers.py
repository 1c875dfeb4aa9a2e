"""`weft live customers`, `add-customer`, `remove-customer`: accounts of customers."""

from typing import Annotated

import typer
from pydantic import JsonValue

from bot.cli.live import Id, On, Yes, known, propose, show
from bot.listeners.typed_values import InvalidInput, read_typed
from bot.settings import load_settings
from bot.wiring import Wiring
from pipeline.case import Case, load_case
from pipeline.errors import UsageError
from pipeline.live.customers import Given, credentials_asked, dynamic_systems
from pipeline.plan.model import System

Name = Annotated[str, typer.Argument(help="The customer's name.")]
Mock = Annotated[bool, typer.Option("--mock", help="Connect mocks instead, to try it.")]
Variables = Annotated[
    list[str] | None, typer.Option("--variable", help="NAME=VALUE, for this customer alone.")
]


def add_to(app: typer.Typer) -> None:
    app.command("customers")(customers)
    app.command("add-customer")(add_customer)
    app.command("remove-customer")(remove_customer)


def customers(integration: Id, on: On = "") -> None:
    """Who uses it with accounts of their own, and at which address."""
    wiring = Wiring(load_settings())
    typer.echo(wiring.customers.listed(known(wiring, integration).id, on))


def add_customer(
    integration: Id, name: Name, on: On = "", mock: Mock = False, variable: Variables = None
) -> None:
    """Connect a customer's own accounts; a name that is known gets new credentials."""
    wiring = Wiring(load_settings())
    found = known(wiring, integration)
    environment = wiring.customers.place(found.id, on).environment
    case = load_case(wiring.store, found.id, wiring.catalogue)
    variables = dict(_variable(case, text) for text in variable or [])
    given = {} if mock else {one.name: _ask(case, one) for one in dynamic_systems(case)}
    key = wiring.customers.give(found.id, environment, name, given, variables)
    wiring.customers.connect(found.id, key)
    show(wiring, found)


def remove_customer(integration: Id, name: Name, on: On = "", yes: Yes = False) -> None:
    """Forget a customer: credentials, variables and addresses."""
    propose(integration, lambda wiring, id_: wiring.proposals.remove_customer(id_, on, name), yes)


def _ask(case: Case, system: System) -> Given:
    """What is secret is not shown while it is typed."""
    typer.echo(system.display_name)
    fields = credentials_asked(case, system.name)
    return Given(
        secrets={
            field.name: typer.prompt(f"  {field.label}", hide_input=field.secret)
            for field in fields
        },
        config={
            item.name: typer.prompt(f"  {item.label}", default=item.default)
            for item in system.config
        },
    )


def _variable(case: Case, text: str) -> tuple[str, JsonValue]:
    name, _, value = text.partition("=")
    for variable in case.plan.variables:
        if variable.name == name and value:
            try:
                return name, read_typed(variable.type, name, {name: value})
            except InvalidInput as invalid:
                raise UsageError(f"{name}: {invalid.errors[name]}") from None
    names = ", ".join(variable.name for variable in case.plan.variables) or "none"
    raise UsageError(f"“{text}” sets no variable: write NAME=VALUE, with a name of: {names}.")
