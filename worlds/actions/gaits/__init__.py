"""Ways of going over free floor, without an object."""
