"""The command line: perpcarry run, report, scan and the rest."""
