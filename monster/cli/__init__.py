"""The command ``monster``. Its modules import typer alone; what a command needs is imported when it runs."""
