"""Excavate: mining the absent dataset."""

__version__ = "0.1.0"
