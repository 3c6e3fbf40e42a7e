"""The store, on SQLite in memory, on a SQLite file, and on a real PostgreSQL."""
