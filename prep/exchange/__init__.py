"""Files in and out: tables, chains."""
