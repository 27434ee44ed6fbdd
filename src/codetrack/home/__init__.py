"""Pages that read several apps: landing, start, member page. Owns no table."""
