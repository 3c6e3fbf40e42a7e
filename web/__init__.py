"""The front end: the JSON API, the WebSocket and the status page."""
