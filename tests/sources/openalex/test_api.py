"""Works from the API: whatever the network and the server do, the lake is that of a faultless pull."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from primacy.errors import InputError, LakeError, UsageError
from primacy.lake.store import Lake
from primacy.sources import backoff
from primacy.sources.openalex import pull as pull_files
from primacy.sources.openalex.api import Client, Tape, budget, estimate, pull
from primacy.sources.openalex.api import client as client_module
from primacy.sources.openalex.api.client import BudgetError
from primacy.workspace import Workspace
from tests.sources.openalex import apiserver
from tests.sources.openalex.builders import author, contents, institution, rows, work, write

SECRET = "sk-5ecret-0penalex"
YEAR = "publication_year:2020"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    """No key, no address, and nobody waits long."""
    monkeypatch.delenv("OPENALEX_API_KEY", raising=False)
    monkeypatch.delenv("OPENALEX_MAILTO", raising=False)
    monkeypatch.setattr(backoff, "FIRST", 0.001)


@pytest.fixture
def works():
    return [
        work(n, title=f"Work {n} on lasers", authorships=[author(institution(n % 3 + 1, "DE"))])
        for n in range(1, 41)
    ]


@pytest.fixture
def api(works):
    with apiserver.serving(works) as running:
        running.page_size = 10
        yield running


@pytest.fixture
def lake(tmp_path):
    return Lake.create(tmp_path / "lake")


def pulled(lake, api, *queries, tapes=None, client=None, **options):
    with client or Client(api.address) as asking:
        return pull(
            lake.latest(),
            asking,
            queries or [YEAR],
            tapes=tapes or lake.path / "_crawl" / "openalex",
            **options,
        )


def faultless(tmp_path, works):
    local = Lake.create(tmp_path / "faultless")
    pull_files(local, write(tmp_path / "faultless.jsonl", *works))
    return contents(local)


def left_on_tape(lake):
    return list((lake.path / "_crawl" / "openalex").glob("*/*"))


# ---------------------------------------------------------------- what is read


def test_pages_give_the_lake_of_the_same_works_in_a_file(api, works, lake, tmp_path):
    summary = pulled(lake, api)
    assert contents(lake) == faultless(tmp_path, works)
    assert (summary.read, summary.added, summary.files) == (40, 40, 4)
    assert (summary.retries, summary.repeated, summary.truncated, summary.missing) == (0, 0, 0, 0)
    assert (summary.requests, summary.credits) == (4, 4)
    assert api.cursors == ["*", "c-10", "c-20", "c-30"]
    assert not left_on_tape(lake)
    assert pulled(lake, api).unchanged == 40


def test_the_history_names_the_api_and_not_the_tape(api, lake):
    pulled(lake, api)
    assert lake.latest().catalog.reason == f"pull openalex {api.address}"


def test_two_filters_that_find_the_same_work_bring_it_once(api, works, lake, tmp_path):
    for w in works[:25]:
        w["topics"] = [{"id": "https://openalex.org/T7", "display_name": "Lasers", "score": 0.9}]
    search = 'title_and_abstract.search.exact:"lasers"'
    summary = pulled(lake, api, "topics.id:T7", search)
    assert contents(lake) == faultless(tmp_path, works)
    assert (summary.read, summary.repeated, summary.credits) == (40, 25, 3 + 40)


@pytest.mark.parametrize("most", [1, 10, 15, 39, 40, 500])
def test_no_more_works_than_asked_for(most, api, lake):
    assert pulled(lake, api, most=most).read == min(most, 40)
    assert len(api.requests) == -(-min(most, 40) // 10)


def test_nothing_found_is_no_error(api, lake):
    summary = pulled(lake, api, "publication_year:1999")
    assert (summary.read, summary.files, lake.latest().version) == (0, 0, 0)


def test_records_that_cannot_be_loaded_go_into_quarantine(api, works, lake):
    works[3]["cited_by_count"] = -1
    api.works = works
    summary = pulled(lake, api)
    assert (summary.read, summary.quarantined) == (39, 1)
    assert rows(lake, "quarantine", "file", "line") == [("page-000001.jsonl.gz", 4)]


@pytest.mark.parametrize(
    ("shown", "fields", "cut"),
    [
        (99, {}, False),
        (100, {}, True),
        (100, {"is_authors_truncated": None}, True),
        (100, {"is_authors_truncated": True}, True),
        (100, {"is_authors_truncated": False}, False),
        (100, {"authors_count": 100}, False),
        (100, {"authors_count": 2933}, True),
        (100, {"authors_count": 2933, "is_authors_truncated": False}, True),
    ],
)
def test_authors_that_were_cut_are_marked_and_counted(shown, fields, cut, api, lake):
    api.works = [work(1, authorships=[author() for _ in range(shown)], **fields)]
    summary = pulled(lake, api)
    assert rows(lake, "works", "authors", "authors_truncated") == [(shown, cut)]
    assert summary.truncated == cut
    assert any("more authors than the API shows" in note for note in summary.notes) == cut


# ---------------------------------------------------------------- what fails in passing

FAULTS = {
    "5xx": apiserver.status(503),
    "web page": apiserver.page,
    "web page and 5xx": apiserver.status(502, apiserver.HTML),
    "cut JSON": apiserver.cut,
    "dropped": apiserver.dropped,
    "refused": apiserver.refused,
    "burst": apiserver.burst(),
    "burst until a moment": apiserver.burst("Thu, 01 Jan 2015 00:00:00 GMT"),
    "burst as a web page": apiserver.status(429, apiserver.HTML),
    "repeated page": apiserver.repeated(0),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_failure_that_passes_leaves_the_same_lake_and_is_counted(fault, api, works, lake, tmp_path):
    api.faults = {3: FAULTS[fault]}
    summary = pulled(lake, api)
    assert contents(lake) == faultless(tmp_path, works)
    assert (summary.read, summary.retries, summary.requests) == (40, 1, 5)


def test_all_failures_one_after_the_other(api, works, lake, tmp_path):
    api.faults = {number: fault for number, fault in enumerate(FAULTS.values(), 3) if number < 11}
    summary = pulled(lake, api)
    assert contents(lake) == faultless(tmp_path, works)
    assert summary.retries == len(api.faults)


def test_a_burst_waits_as_long_as_the_server_says(api, lake, monkeypatch):
    slept = []
    monkeypatch.setattr(client_module.time, "sleep", slept.append)
    soon = (datetime.now(tz=UTC) + timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    api.faults = {2: apiserver.burst("7"), 3: apiserver.burst(soon)}
    assert pulled(lake, api).retries == 2
    assert slept[0] == 7
    assert 80 < slept[1] <= 90


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (apiserver.status(500), "the API answered 500; pull again to go on"),
        (apiserver.status(503, Retry_After="7200"), "answered 503; pull again in 7,200 seconds to go on"),
        (apiserver.page, "answered with a web page in place of works; pull again"),
        (apiserver.cut, "answered with JSON that is cut off or damaged in place of works"),
        (apiserver.refused, "cannot be reached"),
        (apiserver.burst(), "keeps answering that there are too many requests"),
        (apiserver.status(200, b'{"results": 3}'), "something other than a page of works"),
        (
            apiserver.status(400, b'{"error": "Invalid", "message": "no\\nsuch\\u001b[1m"}'),
            "400: Invalid: no such",
        ),
        (apiserver.status(404), "the API answered 404"),
        (apiserver.status(403), "the API refuses access"),
        (apiserver.status(301, Location="http://elsewhere.example/"), "somewhere else .it answered 301."),
    ],
)
def test_a_failure_that_does_not_pass_is_named_in_one_line(fault, reason, api, lake):
    api.faults = dict.fromkeys(range(3, 100), fault)
    with pytest.raises(InputError, match=reason) as refused:
        pulled(lake, api)
    assert str(refused.value).startswith(api.address)
    assert str(refused.value).isprintable()
    assert lake.latest().version == 0
    api.faults = {}
    assert pulled(lake, api).added == 40


def test_nobody_there(lake):
    with pytest.raises(InputError, match=r"http://127\.0\.0\.1:1: cannot be reached \(ConnectError\)"):
        pulled(lake, None, client=Client("http://127.0.0.1:1"))


def test_a_page_that_stands_twice_in_the_chain_is_read_once(api, works, lake, tmp_path):
    api.faults = dict.fromkeys(
        range(3, 7), apiserver.repeated(10)
    )  # whoever asks, the third page is the second
    api.works = [*works[:20], *works[:10], *works[20:]]
    summary = pulled(lake, api)
    assert contents(lake) == faultless(tmp_path, works)
    assert (summary.read, summary.repeated, summary.retries) == (40, 10, 3)


@pytest.mark.parametrize("stuck", ["*", "c-10"])
def test_a_cursor_that_stands_still_stops_the_pull(stuck, api, lake):
    def same(running, handler, body):
        running.send(
            handler,
            200,
            json.dumps({**json.loads(body), "meta": {"count": 40, "next_cursor": stuck}}).encode(),
        )
        return True

    api.faults = dict.fromkeys(range(1, 100), same)
    with pytest.raises(InputError, match="keeps repeating the page after"):
        pulled(lake, api)
    assert len(api.requests) < 30


def test_works_that_never_come_are_counted(api, lake):
    api.faults = dict.fromkeys(range(3, 100), apiserver.repeated(0))
    summary = pulled(lake, api)
    assert (summary.read, summary.missing) == (20, 20)
    assert "20 works that the API counts did not come; pull again to ask for them" in summary.notes
    api.faults = {}
    summary = pulled(lake, api)
    assert (summary.read, summary.added, summary.missing) == (40, 20, 0)


def test_what_two_filters_find_is_not_missing_after_a_break(api, works, lake):
    search = 'title_and_abstract.search.exact:"lasers"'
    api.faults = {7: apiserver.status(404)}
    with pytest.raises(InputError):
        pulled(lake, api, YEAR, search)
    summary = pulled(lake, api, YEAR, search)
    assert (summary.read, summary.repeated, summary.missing) == (40, 40, 0)


# ---------------------------------------------------------------- the budget, and going on


def test_a_spent_budget_stops_says_when_it_refills_and_the_next_run_goes_on(api, works, lake, tmp_path):
    api.limit = 2
    with pytest.raises(BudgetError, match="the day's budget is spent; it refills in 14 h 53 min") as stopped:
        pulled(lake, api)
    assert "a free key in OPENALEX_API_KEY has ten times the budget" in str(stopped.value)
    assert len(api.requests) == 3
    assert len(left_on_tape(lake)) == 3  # two pages and where they stand
    api.limit = 100
    summary = pulled(lake, api)
    assert api.cursors == ["*", "c-10", "c-20", "c-20", "c-30"]
    assert contents(lake) == faultless(tmp_path, works)
    assert (summary.read, summary.requests) == (40, 2)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "3600"},
        {"Retry-After": "3600"},
        {"X-RateLimit-Remaining": "5", "X-RateLimit-Reset": "3600", "error": "not_enough_credits"},
    ],
)
def test_every_sign_of_a_spent_budget_is_known(headers, api, lake):
    api.metered = False
    said = headers.pop("error", "Rate limit exceeded")
    fault = apiserver.status(429, json.dumps({"error": said}).encode(), **headers)
    api.faults = {1: fault}
    with pytest.raises(BudgetError, match="in 1 h 00 min"):
        pulled(lake, api)


def test_a_pull_that_is_killed_between_page_and_state_goes_on(api, works, lake, tmp_path, monkeypatch):
    whole = Tape._write
    written = []

    def killed(self, path, data):
        written.append(path.name)
        if len(written) == 4:
            raise KeyboardInterrupt
        whole(self, path, data)

    monkeypatch.setattr(Tape, "_write", killed)
    with pytest.raises(KeyboardInterrupt):
        pulled(lake, api)
    monkeypatch.undo()
    assert pulled(lake, api).read == 40
    assert contents(lake) == faultless(tmp_path, works)


def test_a_process_that_is_killed_while_it_waits_for_a_page_is_followed_by_one_that_goes_on(
    api, works, tmp_path
):
    def kill(running, handler, body):
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True

    def command(*arguments):
        program = "import sys; from primacy.cli import main; sys.exit(main())"
        return [sys.executable, "-c", program, *arguments, "--workspace", str(tmp_path / "ws")]

    asking = ("pull", "openalex", "--api", "--filter", YEAR, "--api-url", api.address, "--format", "json")
    Workspace.init(tmp_path / "ws")
    api.faults = {4: kill}  # the estimate and two pages went before
    with subprocess.Popen(command(*asking)) as process:
        process.wait()
    assert process.returncode == -signal.SIGKILL
    lake = Workspace.open(tmp_path / "ws").lake
    assert lake.version == 0
    done = subprocess.run(command(*asking), check=True, capture_output=True)
    assert json.loads(done.stdout)[0]["read"] == 40
    assert api.cursors == ["*", "c-10", "c-20", "c-20", "c-30"]
    assert contents(lake) == faultless(tmp_path, works)


def test_the_same_pull_twice_at_a_time_is_refused(api, lake, tmp_path):
    tapes = tmp_path / "tapes"
    with (
        Tape(tapes, base=api.address, queries=[YEAR], most=None),
        pytest.raises(LakeError, match="another process is pulling the same from the API"),
    ):
        pulled(lake, api, tapes=tapes)
    assert pulled(lake, api, tapes=tapes).read == 40


def test_a_damaged_tape_is_named(api, lake):
    api.faults = {3: apiserver.status(404)}
    with pytest.raises(InputError):
        pulled(lake, api)
    page = next(p for p in left_on_tape(lake) if p.name.startswith("page"))
    page.write_bytes(page.read_bytes()[:-9])
    with pytest.raises(InputError, match=r"page-00000\d\.jsonl\.gz: not a readable page of a pull; remove"):
        pulled(lake, api)


# ---------------------------------------------------------------- what it costs


@pytest.mark.parametrize(
    ("query", "credits"),
    [
        ("topics.id:T1", 1),
        ("title_and_abstract.search:a b", 10),
        ('title_and_abstract.search.exact:"a",topics.id:T1', 10),
        ("topics.id:T1,fulltext.search:x", 10),
        ("publication_year:2020,type:article", 1),
    ],
)
def test_a_page_of_a_search_costs_ten_times_one_of_a_list(query, credits):
    assert budget.price(query) == credits


def test_the_estimate(api):
    with Client(api.address) as client:
        search = 'title_and_abstract.search.exact:"lasers"'
        found = estimate(client, [YEAR, search])
        assert found.row() == {
            "filters": 2,
            "works": 80,
            "pages": 2,
            "credits": 11,
            "usd": 0.0011,
            "remaining": 9989,
            "free": True,
        }
        assert estimate(client, [YEAR, search], most=50).works == 50
        assert [r["per_page"] for r in api.requests] == ["1"] * 4
        assert client.credits.used == 22


@pytest.mark.parametrize(("key", "remaining"), [(None, 1000), ("k", 10_000)])
def test_the_free_budget_where_the_server_states_none(key, remaining, api):
    api.metered = False
    with Client(api.address, key=key) as client:
        assert estimate(client, [YEAR]).remaining == remaining


# ---------------------------------------------------------------- manners and secrets


def test_who_asks_is_said(api, lake, monkeypatch):
    monkeypatch.setenv("OPENALEX_MAILTO", "desk@example.org")
    monkeypatch.setenv("OPENALEX_API_KEY", SECRET)
    pulled(lake, api)
    for headers in api.headers:
        assert headers["User-Agent"].startswith("primacy/")
        assert headers["User-Agent"].endswith("(mailto:desk@example.org)")
        assert headers["Authorization"] == f"Bearer {SECRET}"
    assert SECRET not in "".join(api.paths)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"base": "api.openalex.org"}, "--api-url api.openalex.org: takes an address"),
        ({"mailto": "nobody"}, "mailto 'nobody': is not an e-mail address"),
        ({"mailto": "a@b.c\r\nX: y"}, "is not an e-mail address"),
        ({"key": "a\r\nb"}, "OPENALEX_API_KEY: holds characters that no key has"),
    ],
)
def test_what_cannot_be_sent_is_refused(options, reason):
    with pytest.raises(UsageError, match=reason):
        Client(**options)


def test_the_key_is_nowhere(api, lake, monkeypatch, caplog, tmp_path):
    monkeypatch.setenv("OPENALEX_API_KEY", SECRET)
    echo = json.dumps({"error": "Bad key", "message": f"the key {SECRET} is not known"}).encode()
    messages = []
    with caplog.at_level(logging.DEBUG):
        for fault in (
            apiserver.status(400, echo),
            apiserver.status(403, echo),
            apiserver.status(429, echo, Retry_After="9999"),
            apiserver.status(500, echo),
            apiserver.status(302, echo, Location="http://example.org/"),
        ):
            api.faults = dict.fromkeys(range(len(api.requests) + 1, 500), fault)
            with pytest.raises(InputError) as refused:
                pulled(lake, api)
            messages.append(str(refused.value))
        assert any("the key … is not known" in message for message in messages)
        api.faults = {}
        assert pulled(lake, api).read == 40
    assert SECRET not in "".join(messages) + caplog.text + repr(Client(api.address)) + "".join(api.paths)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()
