"""One integration for many customers: nothing of one is ever used for another."""

from tests.codegen.conftest import Tried, proving
from tests.codegen.matrix import Pattern, Row
from tests.codegen.trial import COUNT


@proving(Pattern.PER_CUSTOMER)
def test_each_customer_has_accounts_marks_and_variables_of_their_own(
    row: Row, tried: Tried
) -> None:
    ann, bob = tried(row), tried(row)
    bob.world.kept = ann.world.kept  # the platform keeps the values of all in one place
    for trial, name in ((ann, "ann"), (bob, "bob")):
        of_them = {"id": f"act_{name}", "variables": {"mark": f"mark-of-{name}"}}
        trial.succeed([*trial.inputs, *trial.inputs], activation=of_them)
        assert trial.counts() == {target: COUNT * each for target, each in row.arriving.items()}
        written = trial.found(next(iter(row.arriving)))
        assert all(f"mark-of-{name}" in str(record) for record in written)
