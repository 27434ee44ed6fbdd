"""The pages of boards and of the feed."""
