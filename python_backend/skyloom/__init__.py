"""Skyloom: whole skies from a cloud type and a seed, made locally."""

__version__ = "0.1.0"
