"""Who: members, institutes, memberships, roles and API tokens."""
