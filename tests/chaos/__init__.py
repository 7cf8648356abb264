"""Whether what was acknowledged is there when processes are killed: see docs/performance.md."""
