"""Releases: an immutable, checksummed folder that works without this tool; one file a format."""
