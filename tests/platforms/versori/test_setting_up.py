"""What a set-up shows before it runs, existing projects, and issues that reach somebody."""

import re

import pytest

from pipeline.errors import PlatformError
from pipeline.naming_project import named_project
from pipeline.plan.model import Auth, Variable
from pipeline.ports import ConnectionSpec, ProjectSpec, SystemSpec, VersionSpec
from tests.platforms.local.projects import files
from tests.platforms.versori.conftest import VersoriSetup

SHOP = SystemSpec(
    name="shop", display_name="Shop", base_url="https://shop.example.com",
    auth=Auth(type="api-key", parameter="X-Key"),
)  # fmt: skip
PROJECT = ProjectSpec(
    name="Orders", integration_id="int_12345678", variables=[Variable(name="region")]
)


def test_every_change_is_shown_before_and_each_secret_by_its_name(versori: VersoriSetup) -> None:
    versori.email = "ops@example.com"
    shown = [command.text for command in versori.platform.commands(PROJECT, "test", [SHOP])]

    assert not versori.double.requests, "showing them changes nothing"
    assert [re.split(" '?--", text)[0] for text in shown] == [
        "versori projects create",
        "versori projects environments create",
        "versori systems create",
        "versori systems add-auth-scheme",
        "versori projects systems add",
        "versori projects variables add",
        "versori connections create",
        "versori notifications channels create",
        "versori notifications project link",
        "versori projects assets upload",
        "versori projects versions create",
        "versori projects versions deploy",
    ]
    assert any("'--api-key=$SHOP_API_KEY'" in text for text in shown)


def test_an_existing_project_is_used_and_never_made(versori: VersoriSetup) -> None:
    platform = versori.platform
    made = platform.create_project(PROJECT.model_copy(update={"name": "Theirs"}))
    (theirs,) = versori.double.state.projects.values()

    for asked in (theirs.id, theirs.name):
        assert platform.find_project(PROJECT.model_copy(update={"existing": asked})) == made
    with pytest.raises(PlatformError, match="no project “Nowhere”"):
        platform.find_project(PROJECT.model_copy(update={"existing": "Nowhere"}))
    assert (
        "“Theirs”"
        in platform.commands(PROJECT.model_copy(update={"existing": "Theirs"}), "test", [])[
            0
        ].changes
    )


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("Sync orders into project 01H8XGJWBWBAQ4Z1VQ9X3M5K7N.", "01H8XGJWBWBAQ4Z1VQ9X3M5K7N"),
        ("Put it into the project “Web shop”, please", "Web shop"),
        ('into the project named "Web shop"', "Web shop"),
        ("This project syncs new orders to QuickBooks", ""),
        ("a project for orders and “receipts”", ""),
    ],
)
def test_a_project_is_named_by_its_id_or_in_quotes(said: str, named: str) -> None:
    assert named_project([said]) == named


def test_issues_reach_somebody_and_the_channel_is_made_once(versori: VersoriSetup) -> None:
    versori.email = "ops@example.com"
    platform = versori.platform
    project_id = platform.create_project(PROJECT)
    system = platform.create_system(project_id, SHOP)
    for environment in ("test", "production"):
        link = platform.link_system(project_id, environment, system, dynamic=False)
        spec = ConnectionSpec(
            system="shop", name=f"shop-{environment}", auth=SHOP.auth, base_url=SHOP.base_url,
            vault_reference=versori.put_secret({"api_key": "key"}),
        )  # fmt: skip
        platform.create_connection(project_id, environment, link, spec)
    version = platform.create_version(
        project_id, VersionSpec(name="v1", description="", files=files(), digest="1")
    )

    for _ in range(2):
        platform.deploy(project_id, version, "test")
    platform.promote(project_id, "test", "production")

    state = versori.double.state
    assert [channel.email["to"] for channel in state.channels.values()] == ["ops@example.com"]
    assert len(state.notifications) == 2, "one an environment"


def test_a_version_lacks_nothing_that_was_approved(versori: VersoriSetup) -> None:
    platform = versori.platform
    project_id = platform.create_project(PROJECT)
    (index, *_) = [file for file in files() if file.path.endswith(".ts")]
    ignoring = index.model_copy(update={"path": ".gitignore", "content": "*.ts\n.gitignore\n"})
    spec = VersionSpec(name="v1", description="", files=[index, ignoring], digest="1")

    with pytest.raises(PlatformError, match=index.path):
        platform.create_version(project_id, spec)

    assert not versori.double.state.versions
