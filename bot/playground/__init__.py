"""A Slack workspace on this machine: as strict as Slack, with a page to use it from."""
