"""What the workspace shows of a run. Not in charge of: who may see it (its view asks for the user's own only)."""

import signal
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from judge.engine.verdicts import Verdict as Judged
from judge.submissions.models import Verdict
from judge.submissions.run_models import Run, RunFault, RunStage

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Shown:
    """A run for its template. ``open`` says that the page has to ask again; ``problem`` why there is no result."""

    run: Run
    open: bool
    trouble: Words
    ahead: int
    headline: Words
    sign: str
    cases: list[dict[str, Any]]


def shown(run: Run) -> Shown:
    """How ``run``, which was `told()`, is shown."""
    trouble = _trouble(run)
    is_open = not trouble and run.stage != RunStage.DONE
    cases = [_case(result) for result in run.results]
    return Shown(
        run=run,
        open=is_open,
        trouble=trouble,
        ahead=_ahead(run) if run.stage == RunStage.QUEUED and is_open else 0,
        headline="" if trouble else _working(run) if is_open else _headline(run, cases),
        sign="pending" if is_open else _sign(run, cases, trouble),
        cases=[] if trouble else cases,
    )


def of_request(request: HttpRequest, problem_id: int) -> Run | None:
    """The user's run that the page's address names, where a browser without scripts comes back to the problem."""
    number = request.GET.get("run", "")
    if not (request.user.is_authenticated and number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return Run.objects.told().filter(user=request.user, problem_id=problem_id, pk=int(number)).first()


def _trouble(run: Any) -> Words:
    if run.fault:
        return RunFault(run.fault).label
    if run.lost:
        return _("The worker that ran your program is gone. Your program is not to blame.")
    if run.expired:
        return _("Nobody was free to run your program for two minutes: the judge is very busy, or at rest.")
    return ""


def _ahead(run: Run) -> int:
    return Run.objects.in_flight().filter(pk__lt=run.pk).count()


def _working(run: Run) -> Words:
    if run.stage == RunStage.QUEUED:
        return _("In the queue")
    if run.compiled is None:
        return _("Compiling")
    return _("Running: %(number)d of %(total)d") % {"number": len(run.results) + 1, "total": run.total}


def _headline(run: Run, cases: list[dict[str, Any]]) -> Words:
    if run.compiled is False:
        return Verdict.CE.label
    checked = [case for case in cases if case["sample"]]
    if not checked:
        return _("Your program ran") if not _failed(cases) else _("Your program failed")
    passed = sum(case["verdict"] == Verdict.AC for case in checked)
    return _("%(passed)d of %(total)d samples passed") % {"passed": passed, "total": len(checked)}


def _sign(run: Run, cases: list[dict[str, Any]], trouble: Words) -> str:
    """The verdict whose colour the headline has."""
    if trouble:
        return "ie"
    if run.compiled is False:
        return "ce"
    return next((case["verdict"].lower() for case in _failed(cases)), "ac")


def _failed(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [case for case in cases if case["verdict"] not in {"", Verdict.AC}]


def _case(result: dict[str, Any]) -> dict[str, Any]:
    """A stored result with words. Own inputs have no verdict where the program came to its end."""
    words: Words = _("Ran") if result["ran"] else _("Not run")
    if result["verdict"]:
        words = _("Passed") if result["verdict"] == Verdict.AC else Verdict(result["verdict"]).label
    wrong = result["sample"] and result["verdict"] not in {"", Verdict.AC}
    opened = wrong or not result["sample"]
    return result | {"words": words, "ending": _ending(result), "open": opened}


def _ending(result: dict[str, Any]) -> str:
    """How a failed run ended, in words."""
    limit = result.get("limit", 0)
    match result["verdict"]:
        case Judged.TLE:
            return _("stopped after %(limit)g s") % {"limit": limit / 1000}
        case Judged.MLE:
            return _("more than %(limit)d MiB") % {"limit": limit // 1024}
        case Judged.OLE:
            return _("more than %(limit)d MiB of output") % {"limit": limit // 1024}
        case Judged.RE if result["signal"]:
            return _("signal %(name)s") % {"name": _signal_name(result["signal"])}
        case Judged.RE:
            return _("exit code %(code)s") % {"code": result["exit_code"]}
    return ""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
