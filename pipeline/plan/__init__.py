"""The plan: a typed description of an integration, which everything later is compiled from."""
