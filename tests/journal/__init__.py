"""The journal: commands and events, on disk before anything else."""
