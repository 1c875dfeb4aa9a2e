"""Block Kit as Slack documents it: every type, field and limit; what isn't here is refused.

https://docs.slack.dev/reference/block-kit
"""
