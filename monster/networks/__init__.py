"""The network family: text, motion and scene encoders, the three pair encoders, and the settings that size them."""
