"""Actions without an object, on open floor."""
