"""What one hand does at an object."""
