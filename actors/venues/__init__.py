"""Exchanges behind one port: replay, paper and the real thing."""
