"""The corpus format on disk, importers of published data sets, and the protocol of caption checkers."""
