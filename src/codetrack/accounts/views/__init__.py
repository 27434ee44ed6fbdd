"""The pages of accounts, one file a part of the site."""
