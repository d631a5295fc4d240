"""Untrusted files in child processes."""
