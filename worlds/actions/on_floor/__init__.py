"""Actions low on the floor: crawling, sitting down on it, getting up from it."""
