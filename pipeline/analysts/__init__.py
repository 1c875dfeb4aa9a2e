"""Analysts: what reads people and APIs, and fills in the plan."""
