"""Evaluation of a model on a corpus."""
