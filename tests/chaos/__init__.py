"""What the site promises while parts of it fail: script/chaos, and docs/security.md."""
