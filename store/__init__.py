"""Where integrations, secrets and installations are kept."""
