"""Where a connection's system is: its base URL and OAuth addresses, or those of its mock."""

from pipeline.plan.model import Auth
from pipeline.plan.roots import root
from pipeline.platforms.local.addresses import fill, unfilled
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.connections import Connection
from pipeline.platforms.local.protocol import CallRefused


class Endpoints:
    def __init__(self, ledger: Ledger, runner_url: str) -> None:
        self._ledger = ledger
        self._runner_url = runner_url

    def base_url(self, connection: Connection) -> str:
        """The base URL with its config; CallRefused where some of that is missing."""
        if connection.mock:
            return self.mock_url(connection.project_id, connection.system)
        spec = self._ledger.projects.system(connection.project_id, connection.system)
        base_url = fill(spec.base_url, connection.config)
        if missing := unfilled(base_url):
            raise CallRefused(
                "NotConnected",
                f"The address of “{connection.system}” needs {', '.join(missing)}: connect the "
                "system again and give it.",
            )
        return base_url

    def shown_url(self, connection: Connection) -> str:
        """The base URL as code sees it: a mock's ends like its system's."""
        if not connection.mock:
            return self.base_url(connection)
        spec = self._ledger.projects.system(connection.project_id, connection.system)
        return self.base_url(connection) + root(spec.base_url)

    def auth(self, connection: Connection) -> Auth:
        """The scheme, with addresses that can be called."""
        auth = connection.auth
        if connection.mock:
            provider = f"{self.mock_url(connection.project_id, connection.system)}/oauth"
            addresses = {
                "authorize_url": f"{provider}/authorize",
                "token_url": f"{provider}/token",
            }
        else:
            addresses = {
                "authorize_url": fill(auth.authorize_url or "", connection.config),
                "token_url": fill(auth.token_url or "", connection.config),
            }
        return auth.model_copy(update=addresses)

    def mock_url(self, project_id: str, system: str) -> str:
        return f"{self._runner_url}/mock/{project_id}/{system}"
