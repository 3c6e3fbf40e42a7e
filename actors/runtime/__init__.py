"""What Pykka lacks, without one trading word: addresses, mailboxes, supervisors, clocks."""
