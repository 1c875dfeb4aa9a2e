"""The plan compiled to a TypeScript project on the Versori Run SDK."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.artifacts import SourceFile
from pipeline.codegen.clients.method import rule_path
from pipeline.codegen.custom import custom_modules, custom_transforms
from pipeline.codegen.design import Designer
from pipeline.codegen.imports import reachable_from, with_imports
from pipeline.codegen.literals import comment, literal
from pipeline.codegen.names import camel, indefinite, kebab, pascal, phrase, plural
from pipeline.codegen.systems import SystemDesign
from pipeline.codegen.workflow import WorkflowDesign
from pipeline.mapping.typescript import typescript_module
from pipeline.plan.document import research_document
from pipeline.plan.markdown import escape
from pipeline.plan.model import Plan
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.project import deno_json

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_TEMPLATES = Path(__file__).parent / "templates"
ENTRY = "src/index.ts"


def generate(plan: Plan, catalogue: "Catalogue") -> list[SourceFile]:
    """Every file of the project but its tests, formatted and sorted by path.

    OffGround where the plan asks for what the catalogue knows no operation for.
    """
    designer = Designer(plan, catalogue)
    workflows = [designer.design(workflow) for workflow in plan.workflows]
    shared = shared_modules(plan, designer, workflows)
    own = {path: text for one in workflows for path, text in own_modules(one, shared).items()}
    index = with_imports(ENTRY, render("index.ts", workflows=workflows), own)
    files = {
        **reachable_from(ENTRY, {**shared, **own, ENTRY: index}),
        **_project_files(plan, workflows, catalogue),
    }
    sources = [SourceFile(path=path, content=text) for path, text in sorted(files.items())]
    return Deno().format(sources)


def shared_modules(
    plan: Plan, designer: Designer, workflows: list[WorkflowDesign]
) -> dict[str, str]:
    """Types and services that every workflow may use: path -> source, not yet formatted."""
    systems = list(designer.systems.values())
    fixed = {**_types(systems), **fixed_services()}
    made = {**_services(plan, workflows), **_clients(systems)}
    known = {**fixed, **made}
    return {**fixed, **{path: with_imports(path, text, known) for path, text in made.items()}}


def own_modules(design: WorkflowDesign, shared: Mapping[str, str]) -> dict[str, str]:
    """The modules of one workflow; they see its services and those that are shared."""
    made = {f"src/services/{design.file}.ts": render("mapping.ts", design=design)}
    for stage in design.stages:
        if stage.references:
            path = f"src/services/{stage.finder_file}.ts"
            made[path] = render("references.ts", design=design, stage=stage)
    known = {**shared, **made}
    form = "event" if design.is_simple else "batch"
    made[f"src/workflows/{design.workflow.name}.ts"] = render(f"workflow-{form}.ts", design=design)
    return {path: with_imports(path, text, known) for path, text in made.items()}


def _types(systems: list[SystemDesign]) -> dict[str, str]:
    return {
        f"src/types/{system.file}.ts": render("types.ts", system=system)
        for system in systems
        if system.types
    }


def fixed_services() -> dict[str, str]:
    """Modules that are the same in every project that needs them."""
    folder = _TEMPLATES / "services"
    return {f"src/services/{file.name}": file.read_text() for file in folder.glob("*.ts")}


def _services(plan: Plan, workflows: list[WorkflowDesign]) -> dict[str, str]:
    files = {}
    used = {name for design in workflows for name in design.used.transforms}
    used |= {name for design in workflows for name in design.key_transforms}
    if used:
        files["src/services/transforms.ts"] = typescript_module(used)
    files |= custom_modules(custom_transforms(plan.workflows))
    if plan.variables:
        files["src/services/settings.ts"] = render("settings.ts", variables=plan.variables)
    return files


def _clients(systems: list[SystemDesign]) -> dict[str, str]:
    files = {}
    for system in systems:
        if system.methods:
            files[f"src/services/{system.file}.ts"] = render("client.ts", system=system)
            files[f"src/services/{system.file}-errors.ts"] = render("errors.ts", system=system)
    return files


def _project_files(
    plan: Plan, workflows: list[WorkflowDesign], catalogue: "Catalogue"
) -> dict[str, str]:
    package = {
        "name": kebab(plan.title) or "integration",
        "version": "1.0.0",
        "private": True,
        "type": "module",
        "module": "dist/index.js",
        "dependencies": {"@versori/run": "^0.6.3"},
    }
    compiler = {
        "module": "ES2022",
        "target": "ES2024",
        "moduleResolution": "bundler",
        "allowImportingTsExtensions": True,
        "noEmit": True,
        "strict": True,
    }
    return {
        "README.md": render(
            "README.md",
            plan=plan,
            workflows=workflows,
            ambiguous=any(write.calls.ambiguous for one in workflows for write in one.writes),
            keyed=any(write.calls.has_key for one in workflows for write in one.writes),
        ),
        ".env.example": render("env.example", plan=plan, credentials=_credential_names(plan)),
        ".gitignore": render("gitignore"),
        "deno.json": deno_json(),
        "versori-research/research.md": research_document(plan, catalogue),
        "package.json": json.dumps(package, indent=2, ensure_ascii=False) + "\n",
        "tsconfig.json": json.dumps({"compilerOptions": compiler}, indent=2) + "\n",
    }


def _credential_names(plan: Plan) -> dict[str, list[str]]:
    """The names of the settings with each system's credentials, as the command line wants them."""
    suffixes = {
        "api-key": ["API_KEY"],
        "basic-auth": ["USERNAME", "PASSWORD"],
        "oauth2": ["CLIENT_ID", "CLIENT_SECRET"],
    }
    return {
        system.name: [
            f"{kebab(system.name).replace('-', '_').upper()}_{suffix}"
            for suffix in suffixes.get(system.auth.type, [])
        ]
        for system in plan.systems
    }


def render(template: str, **context: object) -> str:
    """A template of this package, filled in."""
    return _environment().get_template(f"{template}.j2").render(**context)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the output is TypeScript
    )
    environment.filters |= {
        "camel": camel, "pascal": pascal, "kebab": kebab, "phrase": phrase, "plural": plural,
        "literal": literal, "indefinite": indefinite, "comment": comment, "prose": escape,
        "rule_path": rule_path,
    }  # fmt: skip
    return environment
