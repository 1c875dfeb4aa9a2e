"""The command line's configuration file, pointing at a double."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from tests.versori.double import VersoriDouble


def write_config(directory: Path, double: VersoriDouble, teams: Sequence[str] = ("weft",)) -> Path:
    """A context a team: the first is active, each further one has its own organisation."""
    owners = [double.state, *(double.add_organisation() for _ in teams[1:])]
    contexts = {
        team: {
            "name": team,
            "organisation_id": owner.id,
            "jwt": owner.token,
            "url_overwrite": double.url,
        }
        for team, owner in zip(teams, owners, strict=True)
    }
    path = directory / "versori.yaml"
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump({"active_context": teams[0], "contexts": contexts}))
    return path
