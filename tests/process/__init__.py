"""The command as a real process: started, interrupted, killed and fed rubbish."""
