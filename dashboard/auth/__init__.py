"""Who may enter: passwords, signing in and out."""
