"""End users with accounts of their own: nothing of one is ever used for another."""

import base64
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pipeline.catalogue.signing import Delivered, proof
from pipeline.errors import PlatformError, StoreError
from pipeline.plan.model import Auth, Variable
from pipeline.platforms.local.activating import ActivationInfo
from pipeline.ports import ConnectionSpec
from tests.platforms.local.conftest import Deployed
from tests.platforms.local.projects import SIGNATURE, Books, systems, version_spec, wait_until

INDEX = """\
import { durable, fn, http, schedule, webhook, workflow } from "@versori/run";

const tell = http("tell", { connection: "books" }, async (context) => {
  const { fetch, activation, openKv, data, executionId } = context;
  const kv = openKv();
  const seen = (await kv.get<number>("seen", { defaultValue: 0 }) ?? 0) + 1;
  await kv.set("seen", seen);
  await openKv(":user:").set("seen", activation.user.externalId);
  await openKv(":workspace:").set(["users", activation.id], executionId);
  await activation.setVariable("last", data?.id ?? "none");
  await fetch("/receipts", { method: "POST", body: JSON.stringify({ order: data?.id ?? null }) });
  return {
    user: activation.user.externalId,
    name: activation.user.displayName,
    region: activation.getVariable("region"),
    seen,
    ofUser: await openKv(":user:").get("seen"),
    users: (await openKv(":workspace:").count(["users"])).count,
  };
});

const take = webhook("take", { method: "post", connection: "shop" }).then(tell);
const hourly = schedule("hourly", "* * * * * *", (activation) =>
  activation?.user.externalId !== "acme").then(tell);
const passOn = webhook("pass-on", { method: "post", connection: "shop" })
  .then(fn("start", async ({ start, data }) => {
    const instance = await start("later", { data });
    await instance.wait();
    return await instance.getData();
  }));
const later = workflow("later").then(tell);

const interpreter = await durable.DurableInterpreter.newInstance();
for (const each of [take, SCHEDULE passOn, later]) interpreter.register(each);
await interpreter.start();
"""


class Tenants:
    """A deployment whose two systems every end user connects with an account of their own."""

    def __init__(self, live: Deployed, books: Books, *, schedule: bool = False) -> None:
        self.live, self.books = live, books
        self.place = (live.project_id, "test")
        self.platform = live.platform
        self.platform.declare_variables(
            live.project_id, [Variable(name="region", default="asia"), Variable(name="last")]
        )
        self.links = {}
        for spec in systems(books.url):
            system_id = self.platform.create_system(live.project_id, spec)
            self.links[spec.name] = self.platform.link_system(*self.place, system_id, dynamic=True)
        index = INDEX.replace("SCHEDULE", "hourly," if schedule else "")
        version_id = self.platform.create_version(live.project_id, version_spec(3, index))
        self.platform.deploy(live.project_id, version_id, "test")

    def activate(self, name: str, **variables: Any) -> ActivationInfo:
        user = self.platform.activate(*self.place, name, name.title(), variables)
        self.connect(user, "shop", Auth(type="none"), {"webhook_secret": f"signs-{name}"})
        key = Auth(type="api-key", parameter="X-Books-Key")
        self.connect(user, "books", key, {"api_key": f"key-of-{name}"})
        return user

    def connect(
        self, user: ActivationInfo, system: str, auth: Auth, secrets: dict[str, str]
    ) -> str:
        """The vault's reference of what was typed."""
        reference = self.live.runner.put_secret(secrets)
        name = f"{system} of {user.external_id}"
        spec = ConnectionSpec(system=system, name=name, auth=auth, vault_reference=reference)
        self.platform.connect_user(*self.place, self.links[system], spec, user.id)
        return reference

    def send(
        self, user: ActivationInfo, body: bytes, signed_by: str = "", workflow: str = "take"
    ) -> httpx.Response:
        secret = f"signs-{signed_by or user.external_id}"
        [info] = [one for one in self.platform.activations(*self.place) if one.id == user.id]
        return self.live.sender.post(
            info.webhooks[workflow], content=body, headers=signature(secret, body)
        )

    def keys(self) -> list[str]:
        return [headers["x-books-key"] for _, _, headers, _ in self.books.requests]


def signature(secret: str, body: bytes) -> dict[str, str]:
    return {SIGNATURE.header: proof(SIGNATURE, secret, Delivered(body))}


@pytest.fixture
def tenants(deployed: Deployed, books: Books) -> Tenants:
    return Tenants(deployed, books)


def test_each_end_user_has_an_account_variables_and_values_of_their_own(tenants: Tenants) -> None:
    acme, zenith = tenants.activate("acme", region="eu"), tenants.activate("zenith")

    answers = [tenants.send(user, b'{"id": 1}').json() for user in (acme, zenith, acme)]

    assert tenants.keys() == ["key-of-acme", "key-of-zenith", "key-of-acme"]
    assert [(one["user"], one["name"], one["region"], one["seen"]) for one in answers] == [
        ("acme", "Acme", "eu", 1),
        ("zenith", "Zenith", "asia", 1),
        ("acme", "Acme", "eu", 2),
    ]
    assert [one["ofUser"] for one in answers] == ["acme", "zenith", "acme"]
    assert [one["users"] for one in answers] == [1, 2, 2]  # the project's values are shared
    known = {one.external_id: one.variables for one in tenants.platform.activations(*tenants.place)}
    assert known["acme"] == {"region": "eu", "last": 1}
    assert known["zenith"]["region"] == "asia"


def test_what_a_workflow_starts_runs_for_the_same_end_user(tenants: Tenants) -> None:
    acme = tenants.activate("acme")

    assert tenants.send(acme, b'{"id": 1}', workflow="pass-on").json()["user"] == "acme"
    assert tenants.keys() == ["key-of-acme"]


def test_an_event_of_an_end_user_is_replayed_for_the_same(tenants: Tenants) -> None:
    acme = tenants.activate("acme")
    assert tenants.send(acme, b'{"id": 1}').status_code == 200
    [event] = tenants.platform.events(*tenants.place)

    again = tenants.platform.replay(event.id)

    wait_until(lambda: tenants.platform.event(again).state == "done")
    assert tenants.keys() == ["key-of-acme", "key-of-acme"]


def test_the_signature_of_another_end_user_is_refused(tenants: Tenants) -> None:
    acme, _ = tenants.activate("acme"), tenants.activate("zenith")

    assert tenants.send(acme, b"{}", signed_by="zenith").status_code == 401


def test_everybodys_address_takes_nothing_where_end_users_have_their_own(
    tenants: Tenants,
) -> None:
    tenants.activate("acme")
    body = b"{}"

    answer = tenants.live.request("POST", "take", body, signature("signs-acme", body))

    assert answer.status_code == 401
    assert tenants.live.request("POST", "act_unknown/take", body).status_code == 404


def test_what_an_end_user_has_not_connected_is_said(tenants: Tenants) -> None:
    user = tenants.platform.activate(*tenants.place, "half")
    tenants.connect(user, "shop", Auth(type="none"), {"webhook_secret": "signs-half"})

    [info] = tenants.platform.activations(*tenants.place)
    assert info.missing == ["books"]
    assert tenants.send(user, b"{}").status_code == 500
    [event] = tenants.platform.events(*tenants.place)
    assert "not connected in test for this end user" in event.reason
    assert tenants.books.requests == []


def test_an_end_user_who_leaves_takes_all_along(tenants: Tenants) -> None:
    acme, zenith = tenants.activate("acme"), tenants.activate("zenith")
    key = Auth(type="api-key", parameter="X-Books-Key")
    reference = tenants.connect(acme, "books", key, {"api_key": "newer-key"})
    address = acme.webhooks["take"]

    tenants.platform.deactivate(*tenants.place, acme.id)

    with pytest.raises(StoreError):
        tenants.live.runner.vault.get(reference)
    body = b"{}"
    headers = signature("signs-acme", body)
    assert tenants.live.sender.post(address, content=body, headers=headers).status_code == 404
    assert [one.external_id for one in tenants.platform.activations(*tenants.place)] == ["zenith"]
    assert tenants.send(zenith, b"{}").status_code == 200


def test_activating_twice_is_one_activation(tenants: Tenants) -> None:
    first = tenants.activate("acme")
    again = tenants.platform.activate(*tenants.place, "acme", "Acme & Sons", {"region": "us"})

    assert (again.id, again.display_name, again.missing) == (first.id, "Acme & Sons", [])


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda here: here.platform.activate(*here.place, " "), "needs an id"),
        (lambda here: here.platform.activate(*here.place, "x", "", {"no": 1}), "no variable no"),
        (lambda here: here.platform.deactivate(*here.place, "act_1"), "no activation act_1"),
    ],
)
def test_what_cannot_be_is_said(
    tenants: Tenants, call: Callable[[Tenants], Any], complaint: str
) -> None:
    with pytest.raises(PlatformError, match=complaint):
        call(tenants)


def test_a_schedule_runs_for_every_end_user_whom_it_admits(
    deployed: Deployed, books: Books
) -> None:
    tenants = Tenants(deployed, books, schedule=True)
    for name in ("acme", "zenith", "nadir"):
        tenants.activate(name)

    wait_until(lambda: {"key-of-zenith", "key-of-nadir"} <= set(tenants.keys()), 15)
    assert set(tenants.keys()) == {"key-of-zenith", "key-of-nadir"}


def test_an_end_user_consents_to_their_own_account(tenants: Tenants) -> None:
    user = tenants.platform.activate(*tenants.place, "acme")
    grant = Auth(
        type="oauth2",
        grant="authorization-code",
        authorize_url="https://login.example.com/authorize",
        token_url="https://login.example.com/token",
    )
    tenants.connect(user, "books", grant, {"client_id": "c", "client_secret": "s"})

    url = tenants.platform.user_authorization_url(*tenants.place, "books", user.id)

    assert url is not None
    assert url.startswith("https://login.example.com/authorize?response_type=code&client_id=c")
    assert base64.b64encode(b"s").decode() not in url
    assert not tenants.platform.probe_user(*tenants.place, "books", user.id).ok
