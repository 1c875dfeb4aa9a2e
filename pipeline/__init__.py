"""What Weft does, from a request to a running integration, without Slack and without a database."""
