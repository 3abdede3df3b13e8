"""Every word of the interface has its translation, and none lacks a value or a tag of the English one."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import gettext, ngettext, to_locale

from judge import translating

CATALOGUES = {path.parents[1].name: path for path in translating.catalogues()}
_VALUES = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}|</?\w+[^>]*>|&\w+;|`[^`]+`|\n")
_CHINESE = re.compile("[\u4e00-\u9fff]")
# The same in both.
ALIKE = {"API", "Ctrl+'", "Ctrl+Enter", "ms", "%(ms)d ms", "%(number)s MiB", "%(list)s %(number)s"}
NAMES = {"question id"}


def test_every_language_has_a_catalogue() -> None:
    assert set(CATALOGUES) == {to_locale(code) for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}


@pytest.mark.parametrize("locale", CATALOGUES)
def test_nothing_is_missing_untranslated_fuzzy_or_no_longer_said(locale: str) -> None:
    assert translating.faults(CATALOGUES[locale]) == []


@pytest.mark.parametrize("locale", CATALOGUES)
def test_values_and_tags_are_those_of_the_original(locale: str) -> None:
    wrong = {}
    for message in translating.read(CATALOGUES[locale]):
        originals = message.id if isinstance(message.id, tuple | list) else (message.id,)
        words = message.string if isinstance(message.string, tuple | list) else (message.string,)
        wanted = sorted(_VALUES.findall(originals[-1]))
        wrong |= {form: wanted for form in words if message.id and sorted(_VALUES.findall(form)) != wanted}
    assert wrong == {}


def test_all_is_in_chinese_with_chinese_punctuation() -> None:
    wrong = []
    for message in translating.read(CATALOGUES["zh_Hans"]):
        if not message.id or message.context == "the tag of this very language, like zh-Hans":
            continue
        words = message.string if isinstance(message.string, str) else message.string[0]
        plain = _VALUES.sub("", words)
        if not _CHINESE.search(plain) and message.id not in ALIKE | NAMES:
            wrong.append(words)
        wrong += [words for _found in re.findall(r"[\u4e00-\u9fff][,;?!]|[\u4e00-\u9fff]\.$", plain)]
        # A blank parts Chinese from Latin letters and digits.
        wrong += [words for _found in re.findall(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", plain)]
    assert wrong == []


def test_django_reads_what_was_compiled() -> None:
    with translation.override("zh-hans"):
        assert gettext("Wrong answer") == "答案错误"
        assert ngettext("%(number)s day", "%(number)s days", 1) == ngettext("%(number)s day", "%(number)s days", 2)
        page = Template("{% load i18n humanize %}{% translate 'Run' context 'an import' %} {{ n|intcomma }}")
        assert page.render(Context({"n": 1_234_567})) == "任务 1,234,567"


def test_update_finds_new_words_keeps_the_old_and_drops_what_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    text = CATALOGUES["zh_Hans"].read_text()
    path.write_text(text.replace('msgid "Wrong answer"', 'msgid "Wrong answers"'))
    assert translating.faults(path) == ["new: 'Wrong answer'", "no longer said: 'Wrong answers'"]
    translating.update(path)
    assert translating.faults(path) == ["not translated: 'Wrong answer'"]
    path.write_text(
        path.read_text().replace('msgid "Wrong answer"\nmsgstr ""', 'msgid "Wrong answer"\nmsgstr "答案错误"')
    )
    translating.update(path)
    assert path.read_text() == text
