"""What the sandbox image says of itself in its labels: written by the image build, read without starting anything."""

import json
from collections.abc import Mapping

# A JSON object: each language's key with the first line of what its version command printed.
LANGUAGES_LABEL = "kodjudge.languages"


def versions_in(labels: Mapping[str, str] | None) -> dict[str, str]:
    """The languages in the image, by key, with their versions; none where its labels say nothing of them."""
    try:
        versions = json.loads((labels or {}).get(LANGUAGES_LABEL, "{}"))
    except ValueError:
        return {}
    return {str(key): str(version) for key, version in versions.items()} if isinstance(versions, dict) else {}
