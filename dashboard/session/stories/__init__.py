"""Stories and teams in a session: what messages ask of those who tell, write and propose."""
