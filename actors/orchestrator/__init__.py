"""The cycle: snapshot, proposals, rank, risk, grant, execute, watch."""
