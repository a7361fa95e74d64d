"""What each measure takes from a site: its parameters, its questions, its other settings."""
