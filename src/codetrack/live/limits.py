"""How much one client, one member and one process may have. No Django here."""

from __future__ import annotations

#: Bytes of a message from a client.
LONGEST = 4_096
#: A client may say so much in so many seconds.
HEARD, HEARD_SECONDS = 20, 10
#: Topics of a connection; connections of a member.
TOPICS, CONNECTIONS_OF_ONE = 50, 30
#: Whoever missed more events than that fetches everything anew instead.
MISSED = 256
