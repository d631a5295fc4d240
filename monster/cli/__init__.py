"""The command ``monster``. Its modules import only typer; a command imports what it needs when it runs."""
