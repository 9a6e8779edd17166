"""Tracelode: suppliers' CMRT workbooks become an up-to-date conflict minerals report."""

__version__ = "0.2.0"
