"""A database engine: SQLite as many processes of one club use it."""
