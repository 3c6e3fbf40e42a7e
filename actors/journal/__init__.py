"""On disk before it acts: the commands of people, and the events worth reading later."""
