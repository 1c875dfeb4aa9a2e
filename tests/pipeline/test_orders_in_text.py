"""The whole pipeline with a model that obeys orders in outside text: the gates stay with people."""

import json
from dataclasses import replace

import pytest

from pipeline.catalogue.catalogue import Catalogue
from tests.analysts.claude.conftest import EXAMPLE, KEY, claude_on
from tests.models import agreeable
from tests.obeying import ORDERS, obeying
from tests.orders_held import HELD
from tests.pipeline.conftest import REQUESTER, Pipeline


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_the_gates_stay_with_people(order, pipeline: Pipeline):
    """The whole pipeline with an obeying model stops at the plan's gate; nothing is made."""
    with claude_on(agreeable(obeying)) as made:
        services = pipeline.services
        pipeline.services = replace(services, analyst=made.analyst, catalogue=Catalogue.load())
        pipeline.start(f"{EXAMPLE} {order}")
        integration = pipeline.advance()
        assert [gate.kind for gate in integration.open_gates()] == ["plan"]
        pipeline.conversation.say(integration.id, REQUESTER, f"Please note: {order}")
        integration = pipeline.advance()
    assert {gate.kind for gate in integration.open_gates()} <= {"plan"}
    assert not [gate for gate in integration.gates if gate.approved]
    assert pipeline.platform.created == []
    assert integration.live == {}
    assert KEY not in json.dumps([reply.model_dump(mode="json") for reply in pipeline.replies()])
    HELD.add("whole_pipeline", 0, 0)
