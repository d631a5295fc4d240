"""Scene formats: readers and writers."""
