"""Versori's API as whoever keeps to its description calls it."""

from typing import Any

import httpx

from tests.versori.double import VersoriDouble
from tests.versori.state import ZERO, Body

UNKNOWN = "01JZ0000000000000000000000"  # the id of nothing
SCHEME = {"id": "a", "description": ""}
API_KEY = {"type": "api-key", "apiKey": {**SCHEME, "name": "X-Token", "in": "header"}}


class Client:
    def __init__(self, double: VersoriDouble) -> None:
        self.double = double
        headers = {"Authorization": f"JWT {double.token}"}
        self.http = httpx.Client(base_url=double.url, headers=headers, timeout=5)

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self.http.request(
            method, f"/o/{self.double.organisation_id}/{path}", json=body, **options
        )

    def post(self, path: str, **body: Any) -> Body:
        answer = self.ask("POST", path, body)
        assert answer.is_success, answer.text
        made: Body = answer.json()
        return made

    def project(self) -> Body:
        return self.post("projects", name="Orders")

    def system(self, name: str = "shopify", **scheme: Any) -> Body:
        base_url = f"https://{name}.example"
        schemes = [scheme or API_KEY]
        return self.post(
            "systems", name=name, domain=name, templateBaseUrl=base_url, authSchemeConfigs=schemes
        )

    def link(self, project: Body, system: Body, **more: Any) -> Body:
        environment = project["environments"][0]["id"]
        return self.post(
            f"projects/{project['id']}/connection-templates",
            systemId=system["id"],
            environmentId=environment,
            name=system["name"],
            **more,
        )

    def connection(self, template: Body, name: str = "mine", **credential: Any) -> Body:
        credentials = {"id": ZERO, "organisationId": self.double.organisation_id}
        credentials |= credential or {"type": "string", "data": {"string": {"value": "secret"}}}
        return {
            "connectionTemplateId": template["connectionTemplateId"],
            "connection": {"name": name, "credentials": [{"id": ZERO, "credential": credentials}]},
        }

    def version(self, project: Body, name: str = "v1") -> Body:
        files = [{"filename": "src/index.ts", "content": "export {};"}]
        return self.post(f"projects/{project['id']}/versions", name=name, files=files)

    def deploy(self, project: Body, version: Body, environment: str = "production") -> Any:
        path = f"projects/{project['id']}/versions/{version['id']}/deploy"
        return self.ask("PUT", path, params={"project_env": environment})
