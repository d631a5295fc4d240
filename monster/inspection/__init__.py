"""Reports on the contents and possible errors of motion and scene files, for a file or a folder."""
