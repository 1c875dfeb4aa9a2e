"""The double behaves as the platform is described and was seen to."""

import httpx

from tests.versori.client import SCHEME, UNKNOWN, Client
from tests.versori.description import API, ASSETS


def test_systems_come_twenty_at_a_time(client: Client) -> None:
    names = [f"system-{number}" for number in range(45)]
    for name in names:
        client.system(name)
    found: list[str] = []
    after: dict[str, str] = {}
    for shown in (20, 20, 5):
        page = client.ask("GET", "systems", params=after).json()
        assert len(page["items"]) == shown and page["totalCount"] == 45
        found += [one["name"] for one in page["items"]]
        after = {"after": page.get("next", "")}
    assert found == names and after == {"after": ""}


def test_creating_a_project_or_a_system_twice_makes_two(client: Client) -> None:
    assert client.project()["id"] != client.project()["id"]
    assert client.system()["id"] != client.system()["id"]


def test_a_connection_name_is_unique_in_the_organisation(client: Client) -> None:
    project, other = client.project(), client.project()
    template = client.link(project, client.system())
    client.post("connections", **client.connection(template))
    elsewhere = client.connection(client.link(other, client.system("quickbooks")))
    assert client.ask("POST", "connections", elsewhere).status_code == 409
    assert len(client.double.state.connections) == 1


def test_a_credential_must_fit_the_auth_scheme(client: Client) -> None:
    template = client.link(client.project(), client.system())
    unfitting = client.connection(
        template, type="basic-auth", data={"basicAuth": {"username": "a", "password": "b"}}
    )
    mislabelled = client.connection(
        template, type="string", data={"basicAuth": {"username": "a", "password": "b"}}
    )
    foreign = client.connection(template, organisationId=UNKNOWN, type="none")
    for body in (unfitting, mislabelled, foreign):
        assert client.ask("POST", "connections", body).status_code == 400


def test_the_api_gives_no_secret_back(client: Client) -> None:
    grant = {
        "type": "password",
        "password": {"clientId": "someone", "clientSecret": "client-secret"},
    }
    oauth2 = {**SCHEME, "tokenUrl": "https://a/token", "scopes": [], "defaultScopes": []}
    client.system("other", type="oauth2", oauth2={**oauth2, "grant": grant})
    template = client.link(client.project(), client.system())
    made = client.ask("POST", "connections", client.connection(template))
    listed = client.ask("GET", "connections").text + client.ask("GET", "systems").text
    assert "someone" in listed
    assert not {"secret", "client-secret"} & set((made.text + listed).split('"'))
    assert client.double.calls("CreateConnection")[0].body["connection"]["credentials"][0][
        "credential"
    ]["data"] == {"string": {"value": "secret"}}


def test_a_connection_takes_new_credentials_and_is_missed_once_deleted(client: Client) -> None:
    project = client.project()
    template = client.link(project, client.system())
    body = client.connection(template)
    made = client.post("connections", **body)
    path = f"connections/{made['id']}"
    body["connection"]["credentials"][0]["credential"]["data"]["string"]["value"] = "newer"
    assert client.ask("PUT", path, body["connection"]).status_code == 400  # needs an address
    assert client.ask("PUT", path, {**body["connection"], "baseUrl": ""}).is_success
    (kept,) = client.double.state.connections.values()
    assert kept.credentials[0]["credential"]["data"] == {"string": {"value": "newer"}}
    assert client.ask("DELETE", path).status_code == 204
    assert client.ask("DELETE", path).status_code == 404
    assert client.deploy(project, client.version(project)).status_code == 400


def test_an_activated_user_keeps_the_connection(client: Client) -> None:
    project = client.project()
    template = client.link(project, client.system(), dynamic=True)
    client.post("users", externalId="merchant-1")
    made = client.post("connections", **client.connection(template), externalId="merchant-1")
    client.post(
        "activations",
        userId="merchant-1",
        environmentId=project["environments"][0]["id"],
        connections=[
            {
                "connectionTemplateId": template["connectionTemplateId"],
                "existingConnectionId": made["id"],
            }
        ],
    )
    assert client.ask("DELETE", f"connections/{made['id']}").status_code == 400


def test_a_deployment_may_end_in_an_error(client: Client) -> None:
    project = client.project()
    client.double.state.deploys_as = "error"
    assert client.deploy(project, client.version(project)).is_success
    (listed,) = client.ask("GET", "projects").json()["projects"]
    assert [one["status"] for one in listed["environments"]] == ["error"]


def test_deploying_needs_a_connection_for_each_static_system(client: Client) -> None:
    project = client.project()
    version = client.version(project)
    template = client.link(project, client.system())
    client.link(project, client.system("quickbooks"), dynamic=True)
    refused = client.deploy(project, version)
    assert refused.status_code == 400
    assert "missing connections for the following systems: shopify" in refused.json()["details"]
    client.post("connections", **client.connection(template))
    environment = client.deploy(project, version).json()["environments"][0]
    assert environment["status"] == "running"
    assert environment["deployedVersion"]["id"] == version["id"]
    assert [one.version.id for one in client.double.state.deployments] == [version["id"]]


def test_a_person_consents_on_the_platforms_page(client: Client) -> None:
    project = client.project()
    grant = {"type": "authorizationCode", "authorizationCode": {"clientId": "someone"}}
    oauth2 = {**SCHEME, "tokenUrl": "https://a/token", "scopes": [], "defaultScopes": []}
    client.link(project, client.system(type="oauth2", oauth2={**oauth2, "grant": grant}))
    listing = f"projects/{project['id']}/connections"
    assert client.ask("GET", listing).json()["items"] == []
    made = client.double.consent(project["id"], "shopify")
    assert [one["id"] for one in client.ask("GET", listing).json()["items"]] == [made]
    assert client.deploy(project, client.version(project)).status_code == 200


def test_names_of_versions_and_environments_are_unique_in_a_project(client: Client) -> None:
    project = client.project()
    client.version(project)
    files = [{"filename": "a", "content": ""}]
    again = {"name": "v1", "files": files}
    assert client.ask("POST", f"projects/{project['id']}/versions", again).status_code == 409
    clone = f"projects/{project['id']}/environments/clone"
    body = {"oldEnvName": "production", "newEnvName": "production"}
    assert client.ask("POST", clone, body).status_code == 409


def test_a_project_has_five_environments_at_most(client: Client) -> None:
    clone = f"projects/{client.project()['id']}/environments/clone"
    for number in range(4):
        client.post(clone, oldEnvName="production", newEnvName=f"e{number}")
    body = {"oldEnvName": "production", "newEnvName": "e5"}
    assert client.ask("POST", clone, body).status_code == 400


def test_another_project_sees_neither_versions_nor_links(client: Client) -> None:
    project, other = client.project(), client.project()
    version = client.version(project)
    template = client.link(project, client.system())
    assert client.deploy(other, version).status_code == 404
    path = f"projects/{other['id']}/connection-templates/{template['connectionTemplateId']}"
    assert client.ask("DELETE", path).status_code == 404


def test_variables_keep_the_projects_schema(client: Client) -> None:
    project = client.project()
    path = f"environments/{project['environments'][0]['id']}/variables"
    assert client.ask("PATCH", path, {"shop": "acme"}).status_code == 400
    schema = {"type": "object", "properties": {"shop": {"type": "string"}}}
    assert client.ask("PUT", f"projects/{project['id']}/variables", schema).is_success
    assert client.ask("PATCH", path, {"shop": 7}).status_code == 400
    assert client.ask("PATCH", path, {"shop": "acme"}).json() == {"shop": "acme"}


def test_logs_are_of_an_environment_and_a_time(client: Client) -> None:
    project = client.project()
    client.double.log(project["id"], "production", "old", at="2020-01-01T00:00:00.000Z")
    client.double.log(project["id"], "production", "order seen", "error", order=7)
    path = f"projects/{project['id']}/logs"
    asked = {"project_env": "production", "start": "2021-01-01T00:00:00.000Z", "search": "7"}
    (line,) = client.ask("GET", path, params=asked).json()["logs"]
    assert (line["message"], line["severity"], line["fields"]) == (
        "order seen",
        "error",
        {"order": 7},
    )


def test_an_upload_must_be_what_was_signed(client: Client) -> None:
    project = client.project()
    path = ASSETS.format(organisation_id=client.double.organisation_id, project_id=project["id"])
    assets = client.double.url.removesuffix(API) + path
    headers = {"Authorization": f"JWT {client.double.token}"}
    announced = {"contentType": "text/markdown", "contentLength": 5, "filename": "research.md"}
    signed = httpx.post(f"{assets}/signed-url", json=announced, headers=headers)

    def put(text: str, kind: str) -> httpx.Response:
        headers = {"Content-Type": kind}
        return httpx.put(signed.json()["uploadURL"], content=text, headers=headers)

    assert put("longer", "text/markdown").status_code == 403
    assert put("notes", "text/plain").status_code == 403
    assert httpx.get(assets, headers=headers).json()["assets"] == []
    assert put("notes", "text/markdown").status_code == 200
    (asset,) = client.double.state.assets.values()
    assert asset.content == b"notes"
