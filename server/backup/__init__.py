"""The database as a file and back, by Postgres' own programs."""
