"""The judging engine: pure Python that knows neither Django nor Celery nor a database.

In charge of: languages, checkers, verdicts, sandboxes and the order in which one submission meets them.
Not in charge of: where jobs come from and where outcomes are kept.
"""
