"""The route for curators' bulk runs."""

import uuid
from collections.abc import Iterator

from ninja import Header, Router

from judge.api import schemas
from judge.api.access import VERIFY, Asked
from judge.api.following import NDJSON, Event
from judge.api.problem_routes import found
from judge.api.verifying import send_all, verdicts

VERDICTS = NDJSON[schemas.VerificationEvent]  # type: ignore[type-arg]  # Ninja's own way of subscripting
# The rest of a kept key is the program's place.
LONGEST_KEY = 240

router = Router(tags=["Curators"])


@router.post("/problems/{ref}/verify", auth=VERIFY, response=VERDICTS, exclude_none=True)
def verify(
    request: Asked,
    ref: str,
    new: schemas.NewVerification,
    key: str = Header("", alias="Idempotency-Key", max_length=LONGEST_KEY, pattern=r"^[\x21-\x7e]*$"),
) -> Iterator[Event]:
    """Judge several programs for one problem in one request; a JSON object a line, as each is done.

    Each program is compiled once for all tests. All are taken, or none. The stream lasts some 20 seconds at most: where
    it ends without `done`, send the same programs with the same `Idempotency-Key`. None is judged again, and what is
    known is told at once.
    """
    key = key or str(uuid.uuid4())
    return verdicts(send_all(request.user, found(ref, request.user), new.programs, key), key)
