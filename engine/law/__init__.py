"""The law's and the council's periods: counting days, and saying why. Pure."""
