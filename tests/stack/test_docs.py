"""README.md against the code."""

import pytest

from judge.stack import docs

README = """# Name

```sh
make up
make party
python manage.py migrate
python manage.py juggle
```

## Configuration

| variable | default |
|---|---|
| `ONE` | 1 |
| `TWO_URL` | |

## More
| `THREE` | not a setting |
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "judge").mkdir()
    (tmp_path / "judge" / "settings.py").write_text(
        'A = env.str("ONE", default="")\nB = os.environ["FOUR"]\nC = os.environ.get("FIVE")\nD = os.environ["CI"]\n'
    )
    (tmp_path / "Makefile").write_text("up:\n\ttrue\n")
    (tmp_path / "README.md").write_text(README)
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    return tmp_path


def test_every_difference_is_told(project):
    assert docs.wrong() == [
        "README.md's configuration table lacks FIVE, which the code reads.",
        "README.md's configuration table lacks FOUR, which the code reads.",
        "README.md's configuration table names TWO_URL, which nothing reads.",
        "README.md names `make party`, which the Makefile lacks.",
        "README.md names `manage.py juggle`, which is no command.",
    ]


def test_a_missing_readme_is_told(project):
    (project / "README.md").unlink()
    assert docs.wrong() == ["README.md is missing."]


def test_a_true_readme_passes(project):
    (project / "README.md").write_text("# Name\n`make up`\n## Configuration\n| `ONE` |\n| `FOUR` |\n| `FIVE` |\n")
    assert docs.wrong() == []
