"""The Versori platform, driven by its own command line where the user has installed it."""
