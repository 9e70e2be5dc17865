"""One bit of foresight for the KV caches of serving engines. Needs nothing but Python; see docs/engines/."""

__version__ = "0.1.0"
