"""Commands of the API frame."""
