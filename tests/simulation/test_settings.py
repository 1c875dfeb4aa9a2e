"""Settings of the dry run fit the fields that they fill."""

from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.model import Mapping, Variable
from pipeline.simulation.settings import settings
from tests.codegen.plans import shopify_orders_to_quickbooks


def test_a_setting_is_what_its_field_can_take() -> None:
    known, base = Catalogue.load(), shopify_orders_to_quickbooks()
    filled = [
        Mapping(target="Line[].Amount", source="$variable.amount"),
        Mapping(target="PrivateNote", source="$variable.note"),
        Mapping(target="TxnDate", source="$variable.day"),
    ]
    variables = [Variable(name=name) for name in ("amount", "note", "day", "unused")]
    variables.append(Variable(name="chosen", default="kept"))
    workflow = base.workflows[0].model_copy(update={"mappings": filled})
    plan = base.model_copy(update={"workflows": [workflow], "variables": variables})
    made = settings(plan, {"quickbooks": known.system("quickbooks")})
    assert float(made["amount"]) > 0
    assert made["note"] == "the note"
    assert made["day"][:2] == "20"
    assert (made["unused"], made["chosen"]) == ("the unused", "kept")
