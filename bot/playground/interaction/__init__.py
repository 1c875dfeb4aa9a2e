"""What people do with what the bot shows: click, choose, submit, close, command."""
