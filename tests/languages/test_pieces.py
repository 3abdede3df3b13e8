"""Pieces of pages: the same text for all who share their keys and language, and for nobody else."""

from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from judge import pieces

SOURCE = "{% load i18n pieces %}{% piece key %}{% translate 'Sign in' %} {{ key }} {{ other }}{% endpiece %}"


def shown(template: Template, **values: Any) -> str:
    return template.render(Context(values))


def test_a_piece_is_made_once_for_each_key() -> None:
    template = Template(SOURCE)
    with translation.override("en"):
        assert shown(template, key=1, other="a") == "Sign in 1 a"
        assert shown(template, key=1, other="b") == "Sign in 1 a"
        assert shown(template, key=2, other="b") == "Sign in 2 b"


def test_each_language_has_its_own() -> None:
    template = Template(SOURCE)
    for language, words in (("en", "Sign in"), ("zh-hans", "登录"), ("en", "Sign in")):
        with translation.override(language):
            assert shown(template, key=1, other="a") == f"{words} 1 a"


def test_what_stands_inside_is_escaped_once() -> None:
    template = Template("{% load pieces %}{% piece key %}<b>{{ key }}</b>{% endpiece %}")
    assert [shown(template, key="<i>") for _ in range(2)] == ["<b>&lt;i&gt;</b>"] * 2


def test_two_of_one_key_in_one_template_are_two() -> None:
    template = Template(
        "{% load pieces %}{% piece key %}a{{ key }}{% endpiece %}{% piece key %}b{{ key }}{% endpiece %}"
    )
    assert shown(template, key=1) == "a1b1"


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST", 3)
    template = Template(SOURCE)
    with translation.override("en"):
        for number in range(20):
            assert shown(template, key=number, other="a") == f"Sign in {number} a"
    (piece,) = template.nodelist.get_nodes_by_type(pieces.PieceNode)
    assert len(piece._kept) <= 3


def test_whoever_changes_templates_sees_it_at_once(settings: Any) -> None:
    settings.DEBUG = True
    template = Template(SOURCE)
    with translation.override("en"):
        assert [shown(template, key=1, other=other) for other in "ab"] == ["Sign in 1 a", "Sign in 1 b"]
