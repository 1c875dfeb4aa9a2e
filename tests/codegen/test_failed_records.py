"""A record that fails leaves the others alone, is kept, and arrives when it is tried again."""

from tests.codegen import matrix
from tests.codegen.conftest import Tried


def test_one_bad_record_leaves_the_others_alone_and_is_tried_again(tried: Tried) -> None:
    trial = tried(matrix.named("graphql-create"))
    row = trial.row
    trial.put(row.source, [{**row.make(9), "order_number": "#9"}])
    outcome = trial.run()
    assert "s9" in outcome["error"]["message"]
    assert trial.counts() == {"shopify.fulfillment": 3}
    order = "shopify.fulfillment-order"
    trial.put(order, [row.there[order](9)])
    trial.succeed()
    assert trial.counts() == {"shopify.fulfillment": 4}
