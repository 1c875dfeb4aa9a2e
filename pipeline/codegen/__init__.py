"""Compiles a plan into a TypeScript project."""
