"""Pages of what is live, for whoever was given a link in its thread."""
