"""A database engine: PostgreSQL, where pages are not waited for without end."""
