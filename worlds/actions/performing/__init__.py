"""How a body carries out actions: where it can stand, and the timeline that its movements are written on."""
