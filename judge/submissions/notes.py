"""What the checkers note, in the reader's language: the engine knows no readers. Curators' own programs note what they
like; that stays as it is.
"""

from django.utils.translation import gettext_noop as _

from judge.told import teller

in_words = teller(
    _("line %(number)s differs"),
    _("%(got)s lines where %(want)s were expected"),
    _("the lines are not those that were expected, in any order"),
    _("the output ends before token %(number)s"),
    _("only %(number)s tokens were expected"),
    _("token %(number)s differs"),
)
