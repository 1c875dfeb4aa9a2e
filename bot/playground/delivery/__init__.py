"""How Slack reaches the bot: signed HTTP requests, or Socket Mode while it is connected."""
