"""The front end: JSON API, WebSocket and pages."""
