"""The market that comes with perpcarry: see README.md beside this file for what it holds."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""A folder for ``Recording.load``."""
