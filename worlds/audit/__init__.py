"""Can a corpus be trusted? Every item held to what it claims, splits to each other, and the numbers side by side."""
