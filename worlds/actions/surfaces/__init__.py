"""What hands do on tops and at basins."""
