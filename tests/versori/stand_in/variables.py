"""`versori projects variables …`: the schema of a project's activation variables."""

import json
from pathlib import Path

from tests.versori.stand_in.parsing import command
from tests.versori.stand_in.running import Body, Failure, Running, prompt

TYPES = ("string", "number", "integer", "boolean", "object", "array")


def schema_of(running: Running) -> Body:
    path = f"projects/{running.project}/variables"
    return running.of_organisation("GET", path, failing="get DynamicVariablesSchema")


@command("projects variables list", "project")
def list_variables(running: Running) -> None:
    schema = schema_of(running) or {}
    rows = [
        {
            "name": name,
            "type": one["type"],
            "required": name in schema.get("required", []),
            **{field: one[field] for field in ("description",) if field in one},
            **({"shape": f"{one['type']} (any)"} if one["type"] in ("object", "array") else {}),
        }
        for name, one in sorted(schema.get("properties", {}).items())
    ]
    running.show_list("variableRow", rows)


@command("projects variables get", "project")
def get(running: Running) -> None:
    print(json.dumps(schema_of(running), indent=2))


@command(
    "projects variables add",
    "project name type description required?",
    shorthands={"n": "name", "t": "type", "d": "description", "r": "required"},
)
def add(running: Running) -> None:
    project = running.project
    name = running.text("name") or prompt("failed to read name")
    kind = running.text("type") or "string"
    if kind not in TYPES:
        raise Failure(f'invalid type "{kind}": must be one of [{" ".join(TYPES)}]')
    schema = schema_of(running) or {}
    properties = schema.get("properties", {})
    variable = properties.get(name, {}) | {"type": kind, "description": running.text("description")}
    properties[name] = {field: value for field, value in variable.items() if value != ""}
    needed = set(schema.get("required", [])) - {name}
    is_needed = bool(running.values.get("required"))
    body: Body = {"type": "object", "properties": properties}
    if needed := needed | ({name} if is_needed else set()):
        body["required"] = sorted(needed)
    path = f"projects/{project}/variables"
    running.of_organisation("PUT", path, body, failing="update DynamicVariablesSchema")
    told = f"type={kind}, required={str(is_needed).lower()}"
    print(f'Added variable "{name}" ({told}) to project {project}.')


@command("projects variables set", "project file", required="file", shorthands={"f": "file"})
def replace(running: Running) -> None:
    path = f"projects/{running.project}/variables"
    body = json.loads(Path(running.text("file")).read_text())
    running.of_organisation("PUT", path, body, failing="set DynamicVariablesSchema")
    print("DynamicVariablesSchema updated.")
