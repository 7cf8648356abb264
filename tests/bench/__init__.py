"""How long pages take with few statements and with many: see docs/performance.md."""
