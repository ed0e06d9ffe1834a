"""What a file says: reading files into speeches, and speeches into findings."""
