"""`versori context show`, which tells no secret; `list` would."""

from tests.versori.stand_in.parsing import command
from tests.versori.stand_in.running import Running


@command("context show")
def show(running: Running) -> None:
    context = running.context
    running.show(
        {
            "name": context["name"],
            "organisationId": context["organisation_id"],
            "urlOverwrite": context["url_overwrite"],
            "disableReferences": False,
        }
    )
