"""The frame for live messages: what the event log says, told to who may hear it. No domain."""
