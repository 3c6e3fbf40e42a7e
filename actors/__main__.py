"""``python -m actors``: the command, where it is not installed."""

from actors.cli import main

if __name__ == "__main__":
    main()
