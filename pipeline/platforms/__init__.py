"""Where integrations run: one package a platform."""
