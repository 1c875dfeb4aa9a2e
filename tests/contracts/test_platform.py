"""What every platform promises the pipeline. A new platform joins by adding its name below."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from pipeline.errors import PlatformError
from pipeline.plan.model import Auth, Variable
from pipeline.ports import (
    ConnectionSpec,
    Platform,
    ProjectSpec,
    SystemSpec,
    VersionSpec,
)
from tests.platforms.local.conftest import RunnerProcess
from tests.platforms.local.projects import files
from tests.platforms.versori.conftest import VersoriSetup, command_line
from tests.versori.command_line import cli_version, real_cli
from tests.versori.config import write_config
from tests.versori.double import VersoriDouble


@dataclass
class Subject:
    """A platform under test, and what only the world around it can do."""

    platform: Platform
    put_secret: Callable[[dict[str, str]], str]
    log: Callable[[str, str], None]
    """Sees to it that what is deployed in a project's environment has logged something."""


def local_subject(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    runner = RunnerProcess(tmp_path_factory.mktemp("contract"))
    runner.start()
    platform = runner.platform()
    yield Subject(platform, runner.put_secret, lambda project_id, environment: None)
    platform.close()
    runner.end()


def versori_subject(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    with VersoriDouble() as double:
        configuration = write_config(tmp_path_factory.mktemp("contract"), double)
        setup = VersoriSetup(double, configuration, command_line())

        def log(project_id: str, environment: str) -> None:
            for message in ("starting", "started"):
                double.log(project_id.rpartition("/")[2], environment, message)

        yield Subject(setup.platform, setup.put_secret, log)
        assert not double.refused, "requests that break the API's description"


VERSORI = f"versori-{cli_version(command_line())}{'' if real_cli() else '-stand-in'}"
SUBJECTS = {"local": local_subject, VERSORI: versori_subject}


@pytest.mark.skipif(not real_cli(), reason="the real versori is not installed: a stand-in ran")
def test_the_real_command_line_ran() -> None:
    """Says in a run's summary where it was left out."""
    assert "stand-in" not in VERSORI


@pytest.fixture(scope="module", params=list(SUBJECTS))
def subject(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Subject]:
    yield from SUBJECTS[request.param](tmp_path_factory)


@pytest.fixture
def platform(subject: Subject) -> Platform:
    return subject.platform


@pytest.fixture
def project() -> ProjectSpec:
    return ProjectSpec(name="Orders to receipts", integration_id=f"int_{uuid4().hex}")


@pytest.fixture
def project_id(platform: Platform, project: ProjectSpec) -> str:
    return platform.create_project(project)


def system(name: str, **changes: object) -> SystemSpec:
    fields = {
        "name": name,
        "display_name": name.title(),
        "base_url": f"https://{name}.example.com/api",
        "auth": Auth(type="api-key", parameter="X-Key"),
    }
    return SystemSpec.model_validate(fields | changes)


def connection(name: str, reference: str | None, project_id: str) -> ConnectionSpec:
    """Its name is unique everywhere, as some platforms want it."""
    return ConnectionSpec(
        system=name,
        name=f"{name} of {project_id} {uuid4().hex}",
        auth=system(name).auth,
        vault_reference=reference,
    )


def version(name: str, number: int = 1) -> VersionSpec:
    return VersionSpec(name=name, description="A version", files=files(number), digest=name)


@pytest.fixture
def set_up(subject: Subject, project_id: str) -> Callable[[str], str]:
    """Links and connects `shop` and `books` in an environment; gives the project's id."""

    def in_environment(environment: str) -> str:
        for name in ("shop", "books"):
            system_id = subject.platform.create_system(project_id, system(name))
            link_id = subject.platform.link_system(
                project_id, environment, system_id, dynamic=False
            )
            reference = subject.put_secret({"api_key": "a-key"})
            subject.platform.create_connection(
                project_id, environment, link_id, connection(name, reference, project_id)
            )
        return project_id

    return in_environment


# ---- Setting up --------------------------------------------------------------------------------


def test_the_commands_say_what_will_be_done(platform: Platform, project: ProjectSpec) -> None:
    commands = platform.commands(project, "test", [system("shop")])

    shown = "\n".join(f"{command.text} {command.changes}" for command in commands)
    assert project.name in shown
    assert "https://shop.example.com/api" in shown
    assert platform.find_project(project) is None


def test_a_project_is_found_by_its_integration(platform: Platform, project: ProjectSpec) -> None:
    project_id = platform.create_project(project)

    assert platform.find_project(project) == project_id


def test_a_project_that_was_not_created_is_not_found(
    platform: Platform, project: ProjectSpec
) -> None:
    assert platform.find_project(project) is None


def test_a_system_is_found_by_its_name(platform: Platform, project_id: str) -> None:
    spec = system(f"shop-{uuid4().hex}")  # a system may be shared by projects, so a new name
    assert platform.find_system(project_id, spec) is None

    system_id = platform.create_system(project_id, spec)

    assert platform.find_system(project_id, spec) == system_id


def test_a_link_is_of_one_environment(platform: Platform, project_id: str) -> None:
    system_id = platform.create_system(project_id, system("shop"))

    link_id = platform.link_system(project_id, "test", system_id, dynamic=False)

    assert platform.find_link(project_id, "test", system_id) == link_id
    assert platform.find_link(project_id, "production", system_id) is None


def test_a_connection_is_found_by_its_name(subject: Subject, project_id: str) -> None:
    platform = subject.platform
    system_id = platform.create_system(project_id, system("shop"))
    link_id = platform.link_system(project_id, "test", system_id, dynamic=False)
    spec = connection("shop", subject.put_secret({"api_key": "a-key"}), project_id)
    assert platform.find_connection(project_id, "test", spec.name) is None

    connection_id = platform.create_connection(project_id, "test", link_id, spec)

    assert platform.find_connection(project_id, "test", spec.name) == connection_id


def test_connecting_again_gives_the_same_connection_new_credentials(
    subject: Subject, project_id: str
) -> None:
    platform = subject.platform
    system_id = platform.create_system(project_id, system("shop"))
    link_id = platform.link_system(project_id, "test", system_id, dynamic=False)

    spec = connection("shop", None, project_id)

    made = [
        platform.create_connection(
            project_id, "test", link_id,
            spec.model_copy(update={"vault_reference": subject.put_secret({"api_key": key})}),
        )
        for key in ("old", "new")
    ]  # fmt: skip

    assert made[0] == made[1]


def test_a_connection_without_oauth_needs_no_consent(
    platform: Platform, set_up: Callable[[str], str]
) -> None:
    assert platform.authorization_url(set_up("test"), "test", "shop") is None


def test_variables_and_assets_can_be_put_twice(platform: Platform, project_id: str) -> None:
    for _ in range(2):
        platform.declare_variables(project_id, [Variable(name="region", default="eu")])
        platform.upload_asset(project_id, "research.md", "# Research")


# ---- Versions and deployments ------------------------------------------------------------------


def test_a_version_is_found_by_its_name(platform: Platform, project_id: str) -> None:
    assert platform.find_version(project_id, "v1") is None

    version_id = platform.create_version(project_id, version("v1"))

    assert platform.find_version(project_id, "v1") == version_id


def test_a_version_never_changes(platform: Platform, project_id: str) -> None:
    platform.create_version(project_id, version("v1", number=1))

    with pytest.raises(PlatformError, match="v1"):
        platform.create_version(project_id, version("v1", number=2))


def test_deploying_needs_the_connections(platform: Platform, project_id: str) -> None:
    system_id = platform.create_system(project_id, system("shop"))
    platform.link_system(project_id, "test", system_id, dynamic=False)
    version_id = platform.create_version(project_id, version("v1"))

    with pytest.raises(PlatformError, match="shop"):
        platform.deploy(project_id, version_id, "test")

    assert platform.deployment(project_id, "test") is None


def test_a_dynamic_system_needs_no_connection(platform: Platform, project_id: str) -> None:
    system_id = platform.create_system(project_id, system("shop", dynamic=True))
    platform.link_system(project_id, "test", system_id, dynamic=True)
    version_id = platform.create_version(project_id, version("v1"))

    assert platform.deploy(project_id, version_id, "test").version_id == version_id


def test_a_deployment_tells_its_version_and_webhooks(
    platform: Platform, set_up: Callable[[str], str]
) -> None:
    project_id = set_up("test")
    version_id = platform.create_version(project_id, version("v1"))

    deployed = platform.deploy(project_id, version_id, "test")

    assert deployed.version_id == version_id
    assert deployed.healthy
    assert deployed.webhooks["take-order"].endswith("/take-order")
    assert platform.deployment(project_id, "test") == deployed
    assert platform.deployment(project_id, "production") is None


def test_rolling_back_makes_the_older_version_live(
    platform: Platform, set_up: Callable[[str], str]
) -> None:
    project_id = set_up("test")
    first = platform.create_version(project_id, version("v1", 1))
    second = platform.create_version(project_id, version("v2", 2))
    platform.deploy(project_id, first, "test")
    platform.deploy(project_id, second, "test")

    assert platform.roll_back(project_id, "test", first).version_id == first

    live = platform.deployment(project_id, "test")
    assert live is not None
    assert live.version_id == first


def test_promoting_uses_the_targets_own_connections(
    platform: Platform, set_up: Callable[[str], str]
) -> None:
    project_id = set_up("test")
    version_id = platform.create_version(project_id, version("v1"))
    platform.deploy(project_id, version_id, "test")
    with pytest.raises(PlatformError, match="books, shop"):
        platform.promote(project_id, "test", "production")
    set_up("production")

    assert platform.promote(project_id, "test", "production").version_id == version_id

    test = platform.deployment(project_id, "test")
    production = platform.deployment(project_id, "production")
    assert test is not None and production is not None
    assert test.webhooks != production.webhooks


def test_stopping_ends_a_deployment_and_can_be_done_twice(
    platform: Platform, set_up: Callable[[str], str]
) -> None:
    project_id = set_up("test")
    platform.deploy(project_id, platform.create_version(project_id, version("v1")), "test")

    platform.stop(project_id, "test")
    platform.stop(project_id, "test")

    assert platform.deployment(project_id, "test") is None


def test_logs_come_oldest_first_and_after_a_time(
    subject: Subject, set_up: Callable[[str], str]
) -> None:
    platform, project_id = subject.platform, set_up("test")
    platform.deploy(project_id, platform.create_version(project_id, version("v1")), "test")
    subject.log(project_id, "test")

    lines = platform.logs(project_id, "test")

    assert lines
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert platform.logs(project_id, "test", after=lines[-1].at) == []
    assert platform.logs(project_id, "test", limit=1) == lines[-1:]


# ---- Sentences ---------------------------------------------------------------------------------


def test_what_is_not_there_is_said_in_a_sentence(platform: Platform, project_id: str) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: platform.create_system("prj_none", system("shop")),
        lambda: platform.create_version("prj_none", version("v1")),
        lambda: platform.deploy(project_id, "ver_none", "test"),
        lambda: platform.roll_back(project_id, "test", "ver_none"),
        lambda: platform.promote(project_id, "test", "production"),
        lambda: platform.probe(project_id, "test", "shop"),
        lambda: platform.upload_asset("prj_none", "research.md", ""),
    ]
    for attempt in attempts:
        with pytest.raises(PlatformError) as caught:
            attempt()
        assert str(caught.value).endswith(".")
