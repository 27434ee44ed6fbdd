"""The frame for REST: routers of the apps under one NinjaAPI. No domain."""
