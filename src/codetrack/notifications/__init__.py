"""Tells members what happened: in their inbox and by mail, as they like it, each thing once."""
