"""One reply of every kind, with texts of one's choice: what views are tried on."""

from datetime import UTC, date, datetime

from pipeline.artifacts import STEPS, Evidence, Finding, SourceFile
from pipeline.gates import Answer, Gate, GateKind
from pipeline.integration import CredentialGrant, Integration, Live, Message
from pipeline.live.capabilities import Issue
from pipeline.live.state import FailureGroup
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
    Question,
    Scope,
    System,
    Trigger,
    Workflow,
)
from pipeline.replies import (
    CodeShown,
    Command,
    ConnectionShown,
    CustomerAccount,
    CustomerShown,
    DeployAsked,
    Deployed,
    Failed,
    FailuresShown,
    FindingsShown,
    IssueRaised,
    OutOfScope,
    PlanShown,
    Progress,
    Proposed,
    Recovered,
    Reply,
    Restated,
    Said,
    SetUpShown,
    StepLine,
    Tried,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANSWER = Answer(decision="approved", actor="U1", at=NOON, digest="d")


def gate(kind: GateKind, subject: str = "", answer: Answer | None = None) -> Gate:
    return Gate(
        id=f"gate_{kind}_{subject}",
        kind=kind,
        subject=subject,
        digest="d",
        message=kind,
        may_answer=["U1"],
        state="open" if answer is None else "answered",
        opened_at=NOON,
        answer=answer,
    )


def integration() -> Integration:
    return Integration(
        id="int_1",
        team="T1",
        channel="C1",
        thread="1.1",
        requester="U1",
        created_at=NOON,
        request=Message(id="m", actor="U1", text="sync orders", at=NOON),
        live={
            "development": Live(
                environment="development", version="v", deployment="d", project_digest="p"
            )
        },
        credentials={"a": CredentialGrant(system="a", mock=True, actor="U1", at=NOON)},
    )


def plan(text: str, count: int = 1) -> Plan:
    """Every text in it is `text`, every list that long."""
    times = range(count)
    workflow = Workflow(
        name=text,
        trigger=Trigger(kind="webhook", event=text),
        source=Endpoint(system=text, entity=text),
        filters=[Filter(field=text, op="eq", value=text) for _ in times],
        lookups=[
            Lookup(name=text, system=text, entity=text, by=[KeyPair(target=text, source=text)])
            for _ in times
        ],
        target=Endpoint(system="b", entity=text),
        match_on=[KeyPair(target=text, source=text)],
        mappings=[
            Mapping(target=text, source=text, note=text, status="needs-review") for _ in times
        ],
    )
    return Plan(
        scope=Scope(in_scope=True, reason=text),
        title=text,
        summary=text,
        questions=[
            Question(id=f"q{number}", text=text, options=[text, "other"], assumption=text)
            for number in times
        ],
        facts=[
            Fact(text=text, source=text, grade="inferred", verified_on=date(2026, 1, 1))
            for _ in times
        ],
        systems=[System(name=text, display_name=text, role="both", base_url=text, auth=auth(text))],
        workflows=[workflow],
    )


def auth(text: str) -> Auth:
    return Auth(
        type="oauth2",
        grant="authorization-code",
        parameter=text,
        scopes=[text],
        fields=[CredentialField(name="client_id", label=text)],
    )


def failure_group(text: str) -> FailureGroup:
    return FailureGroup(
        id="g1",
        kind="k",
        environment="development",
        workflow=text,
        reason=text,
        headline=text,
        count=5,
        first_at=NOON,
        last_at=NOON,
        example="evt_1",
        record=text,
        replayed=2,
        failed_again=1,
        went_through=3,
        recovered_at=NOON,
        said_at=NOON,
    )


def replies(text: str, count: int = 1, answer: Answer | None = None) -> list[Reply]:
    """Every kind, open or answered."""
    times = range(count)
    evidence = [Evidence(claim=text, word="ran") for _ in times]
    lines = [StepLine(step=step, status="running", fact=text) for step in STEPS]
    return [
        Restated(key="r", title=text, summary=text),
        Progress(key="p", title=text, lines=lines),
        OutOfScope(key="o", scope=Scope(in_scope=False, reason=text, alternatives=[text] * count)),
        PlanShown(
            key="plan",
            plan=plan(text, count),
            gate=gate("plan", "", answer),
            document=SourceFile(path="versori-research/research.md", content=text),
            changes=[text] * count,
            diff=text,
        ),
        SetUpShown(
            key="s",
            platform=text,
            environment=text,
            commands=[Command(text=text, changes=text) for _ in times],
            gate=gate("set-up", "", answer),
        ),
        ConnectionShown(
            key="c",
            system="a",
            display_name=text,
            host=text,
            auth=auth(text),
            config=[ConfigItem(name="shop", label=text, default=text)],
            redirect_url=text,
            authorize_url="https://example.com/consent",
            gate=gate("connection", "a", answer),
        ),
        CodeShown(
            key="code",
            version=1,
            files=[SourceFile(path=text, content=text) for _ in times],
            diff=text,
            evidence=evidence,
            requests=[[text, text, text] for _ in times],
            gate=gate("code", "", answer),
        ),
        FindingsShown(
            key="f",
            findings=[Finding(tool=text, message=text, file=text, line=1) for _ in times],
        ),
        DeployAsked(
            key="d",
            version=1,
            gates=[gate("deploy", "development", answer), gate("deploy", "production", answer)],
        ),
        Deployed(
            key="live",
            environment="development",
            version=text,
            url=text,
            webhooks={text: text},
            register_hints=[text] * count,
            starts={text: text},
            mocks=[text] * count,
            evidence=evidence,
        ),
        Tried(
            key="t",
            workflow=text,
            state=text,
            reason=text,
            requests=[[text]] * count,
            records=[{"a": text}],
        ),
        FailuresShown(key="failures", group=failure_group(text), earlier=1),
        Recovered(key="recovered", group=failure_group(text)),
        IssueRaised(
            key="issue",
            environment="development",
            issue=Issue(
                key=text,
                severity=text,
                title=text,
                message=text,
                count=2,
                first_at=NOON,
                last_at=NOON,
            ),
        ),
        Proposed(
            key="ask",
            verb="delete",
            title=text,
            effects=[text] * count,
            state="done" if answer else "open",
            actor="U1",
            outcome=text,
        ),
        CustomerShown(
            key="customer",
            environment="development",
            external_id="acme",
            name=text,
            state="failed" if answer else "connected",
            accounts=[
                CustomerAccount(system="a", display_name=text, evidence=evidence) for _ in times
            ],
            webhooks={text: text},
            register_hints=[text] * count,
            trouble=text,
        ),
        Said(key="said", text=text, diff=text),
        Failed(key="failed", happened=text, safe=text, choices=["retry", "stop"]),
    ]
