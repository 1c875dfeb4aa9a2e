"""Strict mocks of any system, made from its catalogue entry: state, samples, events and faults."""
