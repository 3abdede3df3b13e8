"""What people write beneath problems: Markdown in, safe HTML out, by the rules of statements and stricter ones.

In charge of: what of a visitor's text reaches a page. Links say that a visitor set them (`ugc`) and earn their targets
nothing; pictures become links; headings stay below the page's own.
"""

import nh3
from django.db import models
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from problems import statement

# Goes up when the rendering changes, so that what an older one has left is rendered again.
VERSION = 1
_STAMP = f"<!--{statement.VERSION}.{VERSION}-->"

MAX_CHARS = 10_000
TOP_HEADING = 4

_CLEANER = nh3.Cleaner(**statement.ALLOWED | {"link_rel": "nofollow ugc noopener"})


def render(markdown: str) -> str:
    """Safe HTML of a visitor's text."""
    return _CLEANER.clean(statement.render(markdown, top=TOP_HEADING))


def shown_now(markdown: str) -> SafeString:
    """The same for a template: of a text that is short, or not kept."""
    return mark_safe(render(markdown))  # noqa: S308 - sanitised by render()


def has_math(html: str) -> bool:
    """Whether there are formulas in it, for which the page needs its script."""
    return 'class="math' in html


class Written(models.Model):
    """A text of somebody's, kept as it was written and as it is shown."""

    text = models.TextField(max_length=MAX_CHARS, blank=True, help_text=_("Markdown, as it was written."))
    html = models.TextField(blank=True, default="", editable=False)

    class Meta:
        abstract = True

    def write(self, text: str) -> None:
        """Put ``text`` in place of what was there, without saving."""
        self.text, self.html = text, _STAMP + render(text)

    @property
    def shown(self) -> SafeString:
        """The text as safe HTML: rendered when it was written, or now where that was by other rules."""
        if not self.html.startswith(_STAMP):
            self.write(self.text)
            type(self)._base_manager.filter(pk=self.pk, text=self.text).update(html=self.html)
        return mark_safe(self.html.removeprefix(_STAMP))  # noqa: S308 - sanitised by render()
