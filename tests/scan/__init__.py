"""Scanners against the code and against a site of their own: script/scan."""
