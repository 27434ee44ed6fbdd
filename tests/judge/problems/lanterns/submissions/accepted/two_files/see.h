int is_seen(long height);
