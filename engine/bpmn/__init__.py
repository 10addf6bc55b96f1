"""Diagrams: read, refused, run by SpiffWorkflow, stored. No database, no clock."""
