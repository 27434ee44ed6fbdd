"""What pages and the API ask about boards and the feed; nothing here writes."""
