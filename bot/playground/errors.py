"""What the double answers when something is wrong, in Slack's codes or in a sentence."""


class SlackError(Exception):
    """A Web API call is refused: `code` is Slack's, `messages` say what and where."""

    def __init__(self, code: str, *messages: str, **extra: object) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = list(messages)
        self.extra = extra


class PlaygroundError(Exception):
    """A request of the page can't be done; the sentence says why."""
