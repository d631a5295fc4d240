"""Reports on files: what a file holds and what may be wrong with it, for one file or for a whole folder."""
