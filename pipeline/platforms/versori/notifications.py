"""A channel, so that the issues which an integration raises reach somebody."""

from pipeline.platforms.versori import calls
from pipeline.platforms.versori.executable import Call
from pipeline.platforms.versori.project import Project
from pipeline.platforms.versori.session import Session


def channel_name(email: str) -> str:
    return f"weft-{email}"


def ensure_channel(session: Session, project: Project, environment: str, email: str) -> None:
    """The organisation's channel for that address, linked to the environment."""
    name = channel_name(email)
    arguments = ["notifications", "project", "list", f"--project={project.id}"]
    linked = session.items(Call([*arguments, f"--environment={environment}"]))
    if any(one["channelName"] == name for one in linked):
        return
    if (channel := _channel(session, name)) is None:
        session.run(calls.create_channel(name, email))
        channel = _channel(session, name)
    if channel is not None:
        session.run(calls.link_channel(project.id, environment, channel, name))


def _channel(session: Session, name: str) -> str | None:
    listed = session.items(Call(["notifications", "channels", "list"]))
    return next((str(one["id"]) for one in listed if one["name"] == name), None)
