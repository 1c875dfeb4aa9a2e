"""Nobody is asked for what the request has said already."""

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.model import Plan
from pipeline.ports import Request

KNOWN = Catalogue.load()


def planned(text: str) -> Plan:
    request = Request(text=text, today="2026-03-01")
    return OfflineAnalyst(KNOWN).research(request, lambda _: None)


def test_what_a_text_names_is_not_looked_up_and_not_asked_for() -> None:
    plan = planned("When a Zendesk ticket is created, create a Jira issue in project OPS")
    assert (plan.variables, plan.workflows[0].lookups) == ([], [])
    assert not [one for one in plan.questions if "project" in one.text]


def test_what_it_does_not_name_is() -> None:
    plan = planned("When a Zendesk ticket is created, create a Jira issue")
    assert [one.name for one in plan.variables] == ["jira_project"]
    assert [one.name for one in plan.workflows[0].lookups] == ["project"]
    assert "Which project of Jira" in "".join(one.text for one in plan.questions)
