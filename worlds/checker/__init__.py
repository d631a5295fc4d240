"""Decides from joints and geometry whether a claim is true."""
