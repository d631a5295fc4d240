"""Generated corpora: rooms, motions, captions, the checker that proves them, and the format on disk."""
