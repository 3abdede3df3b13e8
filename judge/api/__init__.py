"""The API for machines, under /api/v1/."""
