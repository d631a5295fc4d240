"""Picking up and putting down."""
