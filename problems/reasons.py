"""Why a row was refused, in the reader's language. The reasons themselves are kept in English, by which they are asked
for; those about the column that exports add say which field is at fault, and stay as they are.
"""

from django.utils.translation import gettext_noop as _

from judge.told import teller

in_words = teller(
    _("duplicate question_id"),
    _("row takes too much memory"),
    _("row is larger than 64 MiB"),
    _("not a JSON object"),
    _("not a JSON line (%(fault)s at character %(number)s)"),
    _("not a JSON line (%(fault)s)"),
    _("the database refuses it: %(fault)s"),
    _("unknown style %(style)s"),
    _("no question_id"),
    _("empty question"),
    _("no test"),
    _("no test cases"),
    _("more than %(number)s test cases"),
    _("no reference solution"),
    _("expected output is None"),
    _("input is None"),
    _("test is not a Python literal"),
    _("test is not a dict"),
    _("test is not what an export writes"),
    _("test has no %(name)s"),
    _("%(inputs)s inputs but %(outputs)s outputs"),
    _("a test holds a %(type)s, not text"),
    _("a column is not valid Unicode"),
    _("a column can't be written as JSON"),
    _("NUL character in a column"),
    _("NUL character in a test"),
    _("NUL character in %(place)s"),
    _("%(name)s is not text"),
    _("%(name)s is not a list"),
    _("%(name)s is not valid Unicode"),
    _("%(name)s is longer than %(number)s characters"),
)
