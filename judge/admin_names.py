"""What the admin calls apps, models and fields, in the reader's language.

Django makes such names of the code's own, in English. They are given here once for all models, so that the models stay
short and a name's change is no migration.
"""

from django.apps import apps
from django.contrib import admin
from django.utils.translation import pgettext_lazy

APPS = {
    "accounts": pgettext_lazy("admin", "Accounts"),
    "problems": pgettext_lazy("admin", "Problems"),
    "submissions": pgettext_lazy("admin", "Submissions"),
    "community": pgettext_lazy("admin", "Community"),
    "api": pgettext_lazy("admin", "API"),
}
# One, and several.
MODELS = {
    "problems.problem": (pgettext_lazy("admin", "problem"), pgettext_lazy("admin", "problems")),
    "problems.testcase": (pgettext_lazy("admin", "test case"), pgettext_lazy("admin", "test cases")),
    "submissions.submission": (pgettext_lazy("admin", "submission"), pgettext_lazy("admin", "submissions")),
    "submissions.testresult": (pgettext_lazy("admin", "test result"), pgettext_lazy("admin", "test results")),
    "community.problemlist": (pgettext_lazy("admin", "problem list"), pgettext_lazy("admin", "problem lists")),
    "community.comment": (pgettext_lazy("admin", "comment"), pgettext_lazy("admin", "comments")),
    "community.commentreport": (pgettext_lazy("admin", "comment report"), pgettext_lazy("admin", "comment reports")),
    "community.solution": (pgettext_lazy("admin", "solution"), pgettext_lazy("admin", "solutions")),
    "community.givenup": (pgettext_lazy("admin", "given up"), pgettext_lazy("admin", "given ups")),
    "mfa.authenticator": (pgettext_lazy("admin", "authenticator"), pgettext_lazy("admin", "authenticators")),
    "usersessions.usersession": (pgettext_lazy("admin", "user session"), pgettext_lazy("admin", "user sessions")),
    "api.token": (pgettext_lazy("admin", "token"), pgettext_lazy("admin", "tokens")),
}
# Wherever a field of this name has no better one.
FIELDS = {
    "attempt": pgettext_lazy("admin", "attempt"),
    "author": pgettext_lazy("admin", "author"),
    "benchmark_similarity": pgettext_lazy("admin", "benchmark similarity"),
    "checker": pgettext_lazy("admin", "checker"),
    "checker_language": pgettext_lazy("admin", "checker language"),
    "checker_source": pgettext_lazy("admin", "checker source"),
    "comment": pgettext_lazy("admin", "comment"),
    "compile_output": pgettext_lazy("admin", "compile output"),
    "created_at": pgettext_lazy("admin", "created at"),
    "curated_fields": pgettext_lazy("admin", "curated fields"),
    "difficulty": pgettext_lazy("admin", "difficulty"),
    "edited_at": pgettext_lazy("admin", "edited at"),
    "error": pgettext_lazy("admin", "error"),
    "exit_code": pgettext_lazy("admin", "exit code"),
    "expires_at": pgettext_lazy("admin", "expires at"),
    "extra": pgettext_lazy("admin", "extra"),
    "filter_reason": pgettext_lazy("admin", "filter reason"),
    "finds_cases": pgettext_lazy("admin", "finds cases"),
    "flags": pgettext_lazy("admin", "flags"),
    "handled_at": pgettext_lazy("admin", "handled at"),
    "handled_by": pgettext_lazy("admin", "handled by"),
    "hint": pgettext_lazy("admin", "hint"),
    "image_digest": pgettext_lazy("admin", "image digest"),
    "is_favourites": pgettext_lazy("admin", "is favourites"),
    "is_sample": pgettext_lazy("admin", "is sample"),
    "judgeable": pgettext_lazy("admin", "judgeable"),
    "judged_at": pgettext_lazy("admin", "judged at"),
    "lane": pgettext_lazy("admin", "lane"),
    "language": pgettext_lazy("admin", "language"),
    "language_version": pgettext_lazy("admin", "language version"),
    "last_used_at": pgettext_lazy("admin", "last used at"),
    "lease_until": pgettext_lazy("admin", "lease until"),
    "measurements": pgettext_lazy("admin", "measurements"),
    "memory_kb": pgettext_lazy("admin", "memory kb"),
    "memory_limit_kb": pgettext_lazy("admin", "memory limit kb"),
    "moderated_at": pgettext_lazy("admin", "moderated at"),
    "moderated_by": pgettext_lazy("admin", "moderated by"),
    "note": pgettext_lazy("admin", "note"),
    "owner": pgettext_lazy("admin", "owner"),
    "parent": pgettext_lazy("admin", "parent"),
    "pass_percentage": pgettext_lazy("admin", "pass percentage"),
    "passed": pgettext_lazy("admin", "passed"),
    "position": pgettext_lazy("admin", "position"),
    "problem": pgettext_lazy("admin", "problem"),
    "published_at": pgettext_lazy("admin", "published at"),
    "question_id": pgettext_lazy("admin", "question id"),
    "raw_test": pgettext_lazy("admin", "raw test"),
    "reporter": pgettext_lazy("admin", "reporter"),
    "scopes": pgettext_lazy("admin", "scopes"),
    "score": pgettext_lazy("admin", "score"),
    "signal": pgettext_lazy("admin", "signal"),
    "slug": pgettext_lazy("admin", "slug"),
    "solution": pgettext_lazy("admin", "solution"),
    "source": pgettext_lazy("admin", "source"),
    "split": pgettext_lazy("admin", "split"),
    "started_at": pgettext_lazy("admin", "started at"),
    "state": pgettext_lazy("admin", "state"),
    "state_reason": pgettext_lazy("admin", "state reason"),
    "statement": pgettext_lazy("admin", "statement"),
    "status": pgettext_lazy("admin", "status"),
    "stderr": pgettext_lazy("admin", "stderr"),
    "stderr_size": pgettext_lazy("admin", "stderr size"),
    "stdin": pgettext_lazy("admin", "stdin"),
    "stdout": pgettext_lazy("admin", "stdout"),
    "stdout_size": pgettext_lazy("admin", "stdout size"),
    "style": pgettext_lazy("admin", "style"),
    "submission": pgettext_lazy("admin", "submission"),
    "subset": pgettext_lazy("admin", "subset"),
    "tags": pgettext_lazy("admin", "tags"),
    "tests_are_public": pgettext_lazy("admin", "tests are public"),
    "tests_version": pgettext_lazy("admin", "tests version"),
    "text": pgettext_lazy("admin", "text"),
    "time_limit_ms": pgettext_lazy("admin", "time limit ms"),
    "time_ms": pgettext_lazy("admin", "time ms"),
    "title": pgettext_lazy("admin", "title"),
    "total": pgettext_lazy("admin", "total"),
    "updated_at": pgettext_lazy("admin", "updated at"),
    "user": pgettext_lazy("admin", "user"),
    "verdict": pgettext_lazy("admin", "verdict"),
    "verification_lost_at": pgettext_lazy("admin", "verification lost at"),
    "verified": pgettext_lazy("admin", "verified"),
    "verified_at": pgettext_lazy("admin", "verified at"),
    "version": pgettext_lazy("admin", "version"),
    "wall_ms": pgettext_lazy("admin", "wall ms"),
    "withheld": pgettext_lazy("admin", "withheld"),
}


def give() -> None:
    """Name what stands in the admin, once."""
    for label, name in APPS.items():
        apps.get_app_config(label).verbose_name = name
    for model in admin.site._registry:
        options = model._meta
        if options.label_lower in MODELS:
            options.verbose_name, options.verbose_name_plural = MODELS[options.label_lower]
        if options.app_label in APPS:
            for field in options.concrete_fields:
                # Django notes which names it has made itself; migrations go by that note.
                if getattr(field, "_verbose_name", None) is None and field.name in FIELDS:
                    field.verbose_name = FIELDS[field.name]
