"""Who may use the dashboard: passwords, sessions, tokens and roles. docs/security.md explains."""
