"""The dataset's page, import runs and refused rows: who sees what, what each button does, and at what cost."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models.functions import Now
from django.test import Client

from judge.accounts.models import User
from problems import refused_page, run_report
from problems.models import ImportRun, Problem, RefusedRow, RunStatus
from problems.options import Options
from problems.sources import kodcode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("imports_queue")]
Make = Callable[..., Problem]

GOOD = kodcode.EXAMPLES[0][0]
SECRET = "SECRET-7d1f"
EVIL = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _surroundings(settings: Any, tmp_path: Path) -> None:
    """Plain static files, a folder of data sets, and nothing kept."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.DATASETS_DIR = tmp_path
    cache.clear()


def make_run(**fields: Any) -> ImportRun:
    heard = {"heard_at": Now()} if fields.get("status") == RunStatus.RUNNING else {}
    run = ImportRun.objects.create(**{"source": "rows.jsonl", "status": RunStatus.FINISHED} | fields)
    ImportRun.objects.filter(pk=run.pk).update(**heard)
    return run


def make_row(raw: bytes = b"{}", fate: str = "rejected", run: ImportRun | None = None, **fields: Any) -> RefusedRow:
    given = {"row_number": 1, "question_id": "Apps_1_OJ", "reason": "no test"}
    return RefusedRow.objects.create(run=run or make_run(), fate=fate, raw=raw, **given | fields)


@pytest.fixture
def as_curator(client: Client, curator: User) -> Client:
    """The client of a curator."""
    client.force_login(curator)
    return client


def page_of(client: Client, address: str, **query: object) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


# --- who may ---------------------------------------------------------------------------------------------------------

LOOK = ["imports/", "imports/{run}/", "imports/{run}/live/", "imports/{run}/rows/", "imports/{run}/undo/"]
LOOK += ["rows/{row}/", "rows/{row}/raw/", "quarantine/"]
ACT = ["imports/", "imports/{run}/cancel/", "imports/{run}/resume/", "imports/{run}/undo/"]
ACT += ["rows/{row}/mend/", "rows/{row}/publish/"]


@pytest.mark.parametrize("who", ["anonymous", "solver", "staff"])
@pytest.mark.parametrize(("method", "part"), [*(("get", part) for part in LOOK), *(("post", part) for part in ACT)])
def test_for_others_than_curators_there_is_no_such_page(client: Client, who: str, method: str, part: str) -> None:
    row = make_row(SECRET.encode(), run=make_run(status=RunStatus.FAILED))
    if who != "anonymous":
        client.force_login(User.objects.create(username=who, is_staff=who == "staff"))
    address = f"/dataset/{part.format(run=row.run_id, row=row.pk)}"
    response = getattr(client, method)(address, {"source": "file:rows.jsonl", "text": "{}"})
    assert (response.status_code, SECRET in response.content.decode()) == (404, False)
    assert (ImportRun.objects.count(), ImportRun.objects.get().status) == (1, RunStatus.FAILED)


@pytest.mark.parametrize("part", ["cancel/", "resume/"])
def test_nothing_is_done_by_a_link(as_curator: Client, part: str) -> None:
    run = make_run(status=RunStatus.FAILED)
    assert as_curator.get(f"/dataset/imports/{run.pk}/{part}").status_code == 405


@pytest.mark.parametrize("part", [part for part in ACT if part != "imports/"])
def test_nothing_is_done_without_the_forms_token(curator: User, part: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(curator)
    row = make_row(run=make_run(status=RunStatus.FAILED))
    address = f"/dataset/{part.format(run=row.run_id, row=row.pk)}"
    assert client.post(address, {"text": "{}"}).status_code == 403


@pytest.mark.parametrize("number", ["0", "99999", "9" * 30])
@pytest.mark.parametrize("part", ["imports/{}/", "imports/{}/live/", "imports/{}/rows/", "rows/{}/", "rows/{}/raw/"])
def test_a_guessed_number_is_404(as_curator: Client, part: str, number: str) -> None:
    assert as_curator.get(f"/dataset/{part.format(number)}").status_code == 404


# --- the dataset -----------------------------------------------------------------------------------------------------


def test_solvers_see_how_many_are_in_quarantine_and_not_why(client: Client, make_problem: Make) -> None:
    make_problem(state="quarantined", state_reason=SECRET)
    page = page_of(client, "/dataset/")
    assert SECRET not in page
    assert "1 in quarantine" in page
    assert "/dataset/imports/" not in page


def test_curators_see_the_reasons_with_links(as_curator: Client, make_problem: Make) -> None:
    make_problem(state="quarantined", state_reason="expected output is None")
    page = page_of(as_curator, "/dataset/")
    assert '"/dataset/quarantine/?reason=expected%20output%20is%20None"' in page
    assert '"/dataset/imports/"' in page


def test_an_empty_site_says_how_to_import(client: Client) -> None:
    page = page_of(client, "/dataset/")
    assert "manage.py import_kodcode" in page
    assert "arXiv:2503.02951" in page


def test_an_empty_site_leads_curators_to_the_imports(as_curator: Client) -> None:
    assert '"/dataset/imports/">Import problems' in page_of(as_curator, "/dataset/")


def test_numbers_of_the_dataset(client: Client, make_problem: Make) -> None:
    make_problem(difficulty="easy", pass_percentage=1.0, benchmark_similarity=0.31)
    make_problem(difficulty="hard", pass_percentage=0.0, benchmark_similarity=0.31, verified=True)
    make_problem(subset="Docs", style="instruct", judgeable=False, state="hidden", difficulty="", pass_percentage=0.55)
    make_problem(subset="Docs", state="quarantined", split="use_with_caution")
    context = client.get("/dataset/").context
    numbers = context["numbers"]
    assert (numbers.total, numbers.solvable, numbers.verified, numbers.rated) == (4, 2, 1, 3)
    assert (numbers.quarantined, numbers.hidden) == (1, 1)
    assert {part.kind: part.count for part in numbers.style.parts if part.count} == {"online_judge": 3, "instruct": 1}
    assert {part.kind: part.count for part in numbers.split.parts} == {"train": 3, "use_with_caution": 1}
    assert [(row.subset, [cell.bar.total for cell in row.cells], row.solvable) for row in numbers.rows] == [
        ("Apps", [2, 0], 2),
        ("Docs", [1, 1], 0),
    ]
    assert {part.kind: part.count for part in numbers.rows[1].cells[1].bar.parts if part.count} == {"unrated": 1}
    assert [column.count for column in numbers.pass_rates] == [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert [column.label for column in context["similarities"] if column.count] == ["0.30 to 0.35"]


def test_similarities_are_counted_again_when_there_are_many_more_problems(client: Client, make_problem: Make) -> None:
    make_problem(benchmark_similarity=0.5)
    client.get("/dataset/")
    for _ in range(2):
        make_problem(benchmark_similarity=0.5)
    assert sum(column.count for column in client.get("/dataset/").context["similarities"]) == 3


def every_link(numbers: Any) -> list[tuple[str, int]]:
    """The address and the number of everything that leads to the list."""
    parts = [part for bar in (numbers.style, numbers.difficulty, numbers.split) for part in bar.parts]
    found = [(each.href, each.count) for each in (*parts, *numbers.pass_rates)]
    found += [(cell.href, cell.bar.total) for row in numbers.rows for cell in row.cells]
    return [(href, count) for href, count in found if href]


def make_kinds(make_problem: Make) -> None:
    make_problem(subset="Code_Contests", difficulty="", pass_percentage=0.1)
    make_problem(subset="Code_Contests", difficulty="hard", pass_percentage=1.0, state="hidden")
    make_problem(subset="Docs", style="complete", judgeable=False, split="use_with_caution", pass_percentage=0.295)


def test_curators_links_lead_to_as_many_problems_as_they_count(as_curator: Client, make_problem: Make) -> None:
    make_kinds(make_problem)
    links = every_link(as_curator.get("/dataset/").context["numbers"])
    assert len(links) >= 12
    for href, count in links:
        assert len(as_curator.get(href).context["page"].rows) == count, href


def test_solvers_links_lead_to_what_they_can_see(client: Client, make_problem: Make) -> None:
    make_kinds(make_problem)
    links = every_link(client.get("/dataset/").context["numbers"])
    assert "/problems/?difficulty=unrated" in dict(links)
    assert "/problems/?style=complete" not in dict(links)
    for href, _count in links:
        assert len(client.get(href).context["page"].rows) == 1, href


def test_the_page_looks_through_no_table_of_problems(
    client: Client, make_problem: Make, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        make_problem()
    client.get("/dataset/")
    # whether the counts are still those that were added up
    with django_assert_max_num_queries(1):
        client.get("/dataset/")


@pytest.mark.parametrize("query", ["?reason=%00", "?reason=" + "x" * 20_000, "?after=x", "?before=" + "9" * 40])
def test_nonsense_in_the_query_of_the_quarantine_is_no_error(as_curator: Client, query: str) -> None:
    assert as_curator.get("/dataset/quarantine/" + query).status_code == 200


def test_the_quarantine_is_found_by_reason_with_the_rows(as_curator: Client, make_problem: Make) -> None:
    make_problem(title="Mine", state="quarantined", state_reason="no reference solution", question_id="A_1_OJ")
    make_problem(title="Another", state="quarantined", state_reason="input is None")
    row = make_row(fate="quarantined", question_id="A_1_OJ")
    page = page_of(as_curator, "/dataset/quarantine/", reason="no reference solution")
    assert "Mine" in page
    assert "Another" not in page
    assert row.get_absolute_url() in page


# --- starting --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    ["", "/etc/passwd", "file:../secret.jsonl", "file:/etc/passwd", "rows.jsonl", "hub:x/y", "hf:KodCode/KodCode-V1@x"],
)
def test_only_what_is_offered_is_imported(as_curator: Client, tmp_path: Path, source: str) -> None:
    (tmp_path.parent / "secret.jsonl").write_text("{}")
    response = as_curator.post("/dataset/imports/", {"source": source})
    assert response.status_code == 422
    assert not ImportRun.objects.exists()
    (tmp_path.parent / "secret.jsonl").unlink()


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": "0"},
        {"limit": "9" * 30},
        {"min_pass": "101"},
        {"min_pass": "nan"},
        {"styles": "nonsense"},
        {"subsets": "Nonsense"},
        {"revision": "main"},
        {"source": "hf:KodCode/KodCode-V1", "revision": "../../x"},
        {"source": "hf:KodCode/KodCode-V1", "revision": "a/../x"},
        {"source": "hf:KodCode/KodCode-V1", "revision": "x\nx"},
    ],
)
def test_a_wrong_option_is_refused_and_the_rest_stays(
    as_curator: Client, tmp_path: Path, wrong: dict[str, str]
) -> None:
    (tmp_path / "rows.jsonl").write_text("{}")
    response = as_curator.post("/dataset/imports/", {"source": "file:rows.jsonl", "difficulties": "hard"} | wrong)
    assert response.status_code == 422
    assert not ImportRun.objects.exists()
    assert re.search(r'value="hard"[^>]*checked', response.content.decode())


def test_a_file_is_queued_with_its_options(
    as_curator: Client, curator: User, tmp_path: Path, imports_queue: Any
) -> None:
    (tmp_path / "rows.jsonl").write_text("{}")
    given = {"styles": ["online_judge", "instruct"], "subsets": ["Taco"], "splits": [], "difficulties": ["hard"]}
    given |= {"source": "file:rows.jsonl", "limit": "10", "min_pass": "25", "with_trials": "on", "dry_run": "on"}
    response = as_curator.post("/dataset/imports/", given)
    run = ImportRun.objects.get()
    assert response.headers["Location"] == f"/dataset/imports/{run.pk}/"
    assert (run.source, run.status, run.started_by) == (str(tmp_path / "rows.jsonl"), RunStatus.QUEUED, curator)
    assert Options.from_json(run.options) == Options(
        styles=("instruct", "online_judge"),
        subsets=("Taco",),
        difficulties=("hard",),
        limit=10,
        min_pass=0.25,
        with_trials=True,
        dry_run=True,
    )
    assert imports_queue.ids() == [run.pk]


def test_a_revision_of_the_hubs_dataset_can_be_named(as_curator: Client) -> None:
    as_curator.post("/dataset/imports/", {"source": "hf:KodCode/KodCode-V1", "revision": "refs/convert"})
    assert ImportRun.objects.get().source == "hf:KodCode/KodCode-V1@refs/convert"


def test_the_same_import_is_not_started_twice_at_once(as_curator: Client, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("{}")
    as_curator.post("/dataset/imports/", {"source": "file:rows.jsonl"})
    again = as_curator.post("/dataset/imports/", {"source": "file:rows.jsonl"})
    assert "under way already" in again.content.decode()
    as_curator.post("/dataset/imports/", {"source": "file:rows.jsonl", "dry_run": "on"})
    assert ImportRun.objects.count() == 2


def test_names_of_files_are_escaped(as_curator: Client, tmp_path: Path) -> None:
    (tmp_path / "<b>.jsonl").write_text("{}")
    page = page_of(as_curator, "/dataset/imports/")
    assert "<b>" not in page.replace("<b>0</b>", "")
    assert "&lt;b&gt;.jsonl" in page


# --- runs ------------------------------------------------------------------------------------------------------------


def test_thirty_runs_take_the_queries_of_one(as_curator: Client, django_assert_num_queries: Any) -> None:
    for _ in range(30):
        make_run(status=RunStatus.RUNNING)
    # session, user, runs
    with django_assert_num_queries(3):
        as_curator.get("/dataset/imports/")


def test_the_list_says_who_when_and_what(as_curator: Client, curator: User) -> None:
    options = Options(subsets=("Code_Contests",), limit=1000, dry_run=True).as_json()
    make_run(source="/srv/kodcode/rows.jsonl", started_by=curator, options=options, rows_read=12345, imported=12345)
    page = page_of(as_curator, "/dataset/imports/")
    for words in ("…/kodcode/rows.jsonl", "curator", "Code Contests", "at most 1,000 rows", "dry run", "12,345"):
        assert words in page


def test_whatever_a_source_is_called_it_is_text(as_curator: Client) -> None:
    run = make_run(source=EVIL, error=EVIL, status=RunStatus.FAILED)
    make_row(run=run, reason=EVIL, question_id=EVIL)
    for address in ("imports/", f"imports/{run.pk}/", f"imports/{run.pk}/rows/", f"imports/{run.pk}/live/"):
        assert EVIL not in page_of(as_curator, f"/dataset/{address}")


def test_counts_that_do_not_add_up_are_said_to(as_curator: Client) -> None:
    assert "a fault of ours" in page_of(as_curator, make_run(rows_read=5, imported=4).get_absolute_url())
    assert "a fault of ours" not in page_of(as_curator, make_run(rows_read=5, imported=5).get_absolute_url())


def test_a_run_tells_all_its_counts_and_reasons(as_curator: Client) -> None:
    run = make_run(rows_read=16, imported=4, updated=3, unchanged=2, quarantined=6, rejected=1, left_out=77)
    for number in range(6):
        make_row(run=run, fate="quarantined", reason="input is None", row_number=number)
    make_row(run=run, reason="no test & more")
    page = page_of(as_curator, run.get_absolute_url())
    for count in (4, 3, 2, 6, 1, 77):
        assert f"<b>{count}</b>" in page
    assert "?fate=quarantined&amp;reason=input%20is%20None" in page
    assert "?fate=rejected&amp;reason=no%20test%20%26%20more" in page


def test_a_run_that_has_ended_asks_no_more(as_curator: Client) -> None:
    for status in (RunStatus.FINISHED, RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.UNDONE):
        assert "hx-get" not in page_of(as_curator, f"{make_run(status=status).get_absolute_url()}live/")


def test_a_run_at_work_asks_again_ever_more_slowly(as_curator: Client) -> None:
    run = make_run(status=RunStatus.RUNNING)
    page = page_of(as_curator, run.get_absolute_url())
    delays = []
    for _ in range(14):
        found = re.search(r'hx-get="([^"]+)" hx-trigger="load delay:(\d+)ms', page)
        assert found
        delays.append(int(found[2]))
        page = page_of(as_curator, found[1].replace("&amp;", "&"))
    assert delays == sorted(delays)
    assert (delays[0], delays[-1]) == (500, 3_000)


def test_buttons_and_reasons_are_sent_only_where_they_are_others(as_curator: Client) -> None:
    run = make_run(status=RunStatus.RUNNING)
    found = re.search(r'hx-get="([^"]+)"', page_of(as_curator, run.get_absolute_url()))
    assert found
    live = found[1].replace("&amp;", "&")
    same = page_of(as_curator, live)
    assert 'id="actions"' not in same
    assert 'id="reasons"' not in same
    ImportRun.objects.update(status=RunStatus.FINISHED, rows_read=1, rejected=1)
    other = page_of(as_curator, live)
    assert 'id="actions"' in other
    assert 'id="reasons"' in other


@pytest.mark.parametrize("query", ["?waited=x", "?waited=-1", "?state=%00", "?refused=%00", "?waited=" + "9" * 50])
def test_nonsense_in_the_query_of_the_live_part_is_no_error(as_curator: Client, query: str) -> None:
    assert as_curator.get(f"{make_run(status=RunStatus.RUNNING).get_absolute_url()}live/{query}").status_code == 200


def test_queries_of_the_live_part_are_few(as_curator: Client, django_assert_max_num_queries: Any) -> None:
    run = make_run(status=RunStatus.RUNNING)
    # session, user, run, reasons
    with django_assert_max_num_queries(5):
        as_curator.get(f"{run.get_absolute_url()}live/")


def test_pace_and_time_left_come_from_what_was_seen(as_curator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(status=RunStatus.RUNNING, rows_total=10_000)
    clock = iter([100.0, 110.0])
    monkeypatch.setattr(run_report, "time", SimpleNamespace(time=lambda: next(clock)))
    assert "rows a second" not in page_of(as_curator, run.get_absolute_url())  # it has only begun
    for rows in (1_000, 3_000):
        ImportRun.objects.update(rows_read=rows, imported=rows)
        page = page_of(as_curator, run.get_absolute_url())
    assert "200 rows a second" in page
    assert "about 35 s left" in page


def test_a_run_whose_worker_died_says_so_and_can_go_on(as_curator: Client) -> None:
    run = make_run(status=RunStatus.RUNNING)
    assert "Go on" not in page_of(as_curator, run.get_absolute_url())
    ImportRun.objects.update(heard_at=Now() - timedelta(minutes=5))
    page = page_of(as_curator, run.get_absolute_url())
    assert "probably died" in page
    assert "Go on" in page
    assert f"{run.get_absolute_url()}cancel/" not in page


def test_going_on_queues_the_run_again(as_curator: Client, imports_queue: Any) -> None:
    run = make_run(status=RunStatus.CANCELLED, cancel_requested=True)
    as_curator.post(f"{run.get_absolute_url()}resume/")
    run.refresh_from_db()
    assert (run.status, run.cancel_requested, imports_queue.ids()) == (RunStatus.QUEUED, False, [run.pk])


@pytest.mark.parametrize("status", [RunStatus.RUNNING, RunStatus.FINISHED, RunStatus.UNDONE, RunStatus.UNDOING])
def test_what_cant_go_on_does_not(as_curator: Client, status: str, imports_queue: Any) -> None:
    run = make_run(status=status)
    response = as_curator.post(f"{run.get_absolute_url()}resume/", follow=True)
    run.refresh_from_db()
    assert (run.status, imports_queue.ids()) == (status, [])
    assert "go on" in response.content.decode()


def test_cancelling_asks_the_importer(as_curator: Client) -> None:
    run = make_run(status=RunStatus.RUNNING)
    as_curator.post(f"{run.get_absolute_url()}cancel/")
    run.refresh_from_db()
    assert (run.status, run.cancel_requested) == (RunStatus.RUNNING, True)
    assert "Being cancelled" in page_of(as_curator, run.get_absolute_url())


def test_undoing_is_told_before_it_is_done(as_curator: Client, make_problem: Make, solver: User) -> None:
    run, later = make_run(), make_run()
    brought = {"imported_by": run, "written_by": run}
    plain, edited = make_problem(**brought), make_problem(**brought, curated_fields=["title"])
    make_problem(imported_by=run, written_by=later)
    tried = make_problem(**brought)
    tried.submissions.create(user=solver, language="python3", source="")
    run.replaced.create(problem=make_problem(written_by=run), before="{}")
    outlook = as_curator.get(f"{run.get_absolute_url()}undo/").context["outlook"]
    assert (outlook.removed, outlook.restored, outlook.hidden, outlook.left_alone) == (1, 1, 2, 1)
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED
    assert {plain, edited, tried} <= set(Problem.objects.all())


def test_undoing_is_queued_when_it_is_confirmed(as_curator: Client, curator: User, imports_queue: Any) -> None:
    run = make_run()
    as_curator.post(f"{run.get_absolute_url()}undo/")
    run.refresh_from_db()
    assert (run.status, run.undone, imports_queue.ids()) == (RunStatus.UNDOING, {"by": curator.pk}, [run.pk])


@pytest.mark.parametrize(
    "fields", [{"status": RunStatus.RUNNING}, {"options": {"dry_run": True}}, {"status": "undone"}]
)
def test_what_cant_be_undone_has_no_such_page(as_curator: Client, fields: dict[str, Any], imports_queue: Any) -> None:
    run = make_run(**fields)
    for method in (as_curator.get, as_curator.post):
        assert method(f"{run.get_absolute_url()}undo/").status_code == 404
    assert imports_queue.ids() == []


# --- refused rows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["?fate=%00", "?fate=imported", "?reason=%00", "?after=x", "?reason=" + "x" * 20_000])
def test_nonsense_in_the_query_of_the_rows_is_no_error(as_curator: Client, query: str) -> None:
    assert as_curator.get(f"{make_run().get_absolute_url()}rows/{query}").status_code == 200


def test_rows_are_found_by_fate_and_reason(as_curator: Client) -> None:
    run = make_run()
    made = {
        (fate, reason): make_row(run=run, fate=fate, reason=reason, question_id=f"{fate}-{reason}").question_id
        for fate in ("quarantined", "rejected")
        for reason in ("this", "that")
    }
    make_row(question_id="of-another-run")
    address = f"{run.get_absolute_url()}rows/"

    def found(**query: str) -> list[str]:
        return [row.question_id for row in as_curator.get(address, query).context["page"].rows]

    assert found() == list(made.values())
    assert found(fate="rejected") == [made["rejected", "this"], made["rejected", "that"]]
    assert found(reason="that") == [made["quarantined", "that"], made["rejected", "that"]]
    assert found(fate="quarantined", reason="this") == [made["quarantined", "this"]]


def test_walking_through_the_rows_shows_each_once(as_curator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("problems.dataset_views.PAGE_SIZE", 2)
    run = make_run()
    made = [make_row(run=run, row_number=number).pk for number in range(5)]
    address, seen, query = f"{run.get_absolute_url()}rows/", [], {}
    while True:
        page = as_curator.get(address, query).context["page"]
        seen += [row.pk for row in page.rows]
        if page.after is None:
            break
        query = {"after": page.after}
    assert seen == made


def test_lists_leave_the_bytes_where_they_are(as_curator: Client, django_assert_max_num_queries: Any) -> None:
    run = make_run()
    for number in range(30):
        make_row(b"x" * 1000, run=run, row_number=number)
    # session, user, run, reasons and their words, page
    with django_assert_max_num_queries(7) as queries:
        as_curator.get(f"{run.get_absolute_url()}rows/")
    assert not [query for query in queries if '"raw"' in query["sql"]]


def test_a_row_is_shown_as_text_and_cut(as_curator: Client) -> None:
    raw = EVIL.encode() + b"\0\xff" + b"x" * 300_000
    page = page_of(as_curator, make_row(raw).get_absolute_url())
    assert EVIL not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert r'<mark class="odd">\x00\xff</mark>xxx' in page
    assert len(page) < 60_000


def test_only_the_beginning_of_a_large_row_is_read(as_curator: Client, django_assert_max_num_queries: Any) -> None:
    row = make_row(b"x" * (refused_page.EDITED + 1))
    # session, user, row, its beginning and size
    with django_assert_max_num_queries(5):
        page = page_of(as_curator, row.get_absolute_url())
    assert "<textarea" not in page
    assert "256.0\xa0KB can be mended" in page


def test_the_download_is_all_of_it_and_nothing_that_a_browser_shows(
    as_curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refused_page, "BLOCK", 1000)
    raw = bytes(range(256)) * 20
    response = as_curator.get(f"{make_row(raw).get_absolute_url()}raw/")
    assert b"".join(response.streaming_content) == raw  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_an_empty_row_is_no_error(as_curator: Client) -> None:
    row = make_row(b"")
    page_of(as_curator, row.get_absolute_url())
    assert b"".join(as_curator.get(f"{row.get_absolute_url()}raw/").streaming_content) == b""  # type: ignore[attr-defined]


def test_the_place_of_the_fault_is_shown(as_curator: Client) -> None:
    raw = json.dumps(GOOD | {"question": "ab\0"}).encode()
    assert "question, character 3" in page_of(as_curator, make_row(raw).get_absolute_url())


def test_a_row_that_is_still_unfit_keeps_its_text(as_curator: Client) -> None:
    row = make_row()
    text = json.dumps(GOOD | {"test": f"{EVIL} no literal"})
    response = as_curator.post(f"{row.get_absolute_url()}mend/", {"text": text})
    page = response.content.decode()
    assert response.status_code == 422
    assert "test is not a Python literal" in page
    assert EVIL not in page
    assert "&lt;/script&gt; no literal" in page
    assert not Problem.objects.exists()


@pytest.mark.parametrize("text", ["", " ", "{", "[]", "x" * 1_100_000], ids=["none", "blank", "cut", "list", "long"])
def test_what_is_no_row_is_refused(as_curator: Client, text: str) -> None:
    row = make_row()
    assert as_curator.post(f"{row.get_absolute_url()}mend/", {"text": text}).status_code == 422
    row.refresh_from_db()
    assert row.mended_at is None


def test_a_mended_row_becomes_a_problem(as_curator: Client, curator: User) -> None:
    row = make_row(json.dumps(GOOD | {"question": ""}).encode())
    response = as_curator.post(f"{row.get_absolute_url()}mend/", {"text": json.dumps(GOOD)}, follow=True)
    problem = Problem.objects.get()
    assert response.redirect_chain[-1][0] == problem.get_absolute_url()
    row.refresh_from_db()
    assert row.mended_by == curator
    page = page_of(as_curator, row.get_absolute_url())
    assert "Accepted by curator" in page
    assert "<textarea" not in page


def test_mending_twice_is_refused(as_curator: Client) -> None:
    row = make_row()
    address = f"{row.get_absolute_url()}mend/"
    as_curator.post(address, {"text": json.dumps(GOOD)})
    again = as_curator.post(address, {"text": json.dumps(GOOD | {"question_id": "Taco_2_OJ"})})
    assert again.status_code == 422
    assert Problem.objects.count() == 1


def test_a_quarantined_row_leads_to_its_problem_and_publishes_it(
    as_curator: Client, curator: User, make_problem: Make
) -> None:
    problem = make_problem(state="quarantined", state_reason="no reference solution")
    row = make_row(fate="quarantined", question_id=problem.question_id)
    assert problem.get_absolute_url() in page_of(as_curator, row.get_absolute_url())
    as_curator.post(f"{row.get_absolute_url()}publish/")
    problem.refresh_from_db()
    row.refresh_from_db()
    assert (problem.state, problem.curated_fields, row.mended_by) == ("published", ["state"], curator)


def test_a_rejected_row_has_nothing_to_publish(as_curator: Client, make_problem: Make) -> None:
    problem = make_problem(state="hidden")
    row = make_row(question_id=problem.question_id)
    assert as_curator.post(f"{row.get_absolute_url()}publish/").status_code == 404
    problem.refresh_from_db()
    assert problem.state == "hidden"


def test_pages_keep_to_the_content_policy(as_curator: Client, make_problem: Make) -> None:
    make_problem(state="quarantined", state_reason="x", benchmark_similarity=0.4, pass_percentage=0.5)
    row = make_row(b"\0", run=make_run(status=RunStatus.RUNNING, rows_read=1, rejected=1))
    for address in ("", "imports/", f"imports/{row.run_id}/", f"imports/{row.run_id}/rows/", f"rows/{row.pk}/"):
        assert not re.search(r"\s(style|on\w+)=", page_of(as_curator, f"/dataset/{address}"))
