"""The local platform: a runner process that really runs the generated projects, and its client."""
