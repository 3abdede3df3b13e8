"""Every language proves itself: its example is judged in the real image."""

from collections.abc import Callable

import pytest

from judge.engine import languages
from judge.engine.errors import UnknownLanguage
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.verdicts import Verdict


def test_an_unknown_language_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownLanguage, match=r"'cobol'; there are: .*python3"):
        languages.get("cobol")


@pytest.mark.docker
@pytest.mark.parametrize("key", languages.all_languages())
def test_example_is_accepted(key: str, judged: Callable[..., tuple]) -> None:
    example = languages.get(key).example
    compilation, outcomes = judged(example.source, (example.stdin.encode(), example.stdout.encode()), language=key)
    assert compilation.ok, compilation.output
    assert [o.verdict for o in outcomes] == [Verdict.AC], outcomes


@pytest.mark.docker
@pytest.mark.parametrize("key", languages.all_languages())
def test_a_wrong_answer_is_noticed(key: str, judged: Callable[..., tuple]) -> None:
    example = languages.get(key).example
    _, outcomes = judged(example.source, (example.stdin.encode(), b"another answer"), language=key)
    assert [o.verdict for o in outcomes] == [Verdict.WA]


@pytest.mark.docker
@pytest.mark.parametrize("key", languages.all_languages())
def test_its_version_is_told(key: str, sandbox: DockerSandbox) -> None:
    assert any(character.isdigit() for character in sandbox.version_of(key))
