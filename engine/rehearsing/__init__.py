"""Stories: read, told on a virtual clock, and counted for what they took."""
