"""The `weft` command, one file a group of subcommands."""
