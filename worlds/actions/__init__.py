"""What a body does in a room: the timeline that its movements are written on, where it can stand, and the actions."""
