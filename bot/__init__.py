"""Where people meet Weft: Slack, the playground, the terminal, and the wiring of all parts."""
