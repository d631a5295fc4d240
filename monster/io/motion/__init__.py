"""Motion formats: readers and writers."""
