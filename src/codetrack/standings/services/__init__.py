"""Every change to boards and to the feed."""
