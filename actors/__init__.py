"""perpcarry: funding-rate carry on a supervised actor system. Start reading at system.py."""

__version__ = "0.1.0"
