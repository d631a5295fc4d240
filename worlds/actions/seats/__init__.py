"""Sitting and lying, and getting up."""
