from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from primacy.errors import InputError
from primacy.lake.store import Lake
from primacy.sources.hub.crawl import EXPAND, Crawl
from primacy.sources.hub.pull import pull_crawl
from tests.sources.hub.builders import bases, read
from tests.sources.hub.hubserver import Hub, drop, half, half_unannounced, serving, status


def model(number: int, **fields):
    return {
        "id": f"a/m{number:03}",
        "downloads": number,
        "downloadsAllTime": 10 * number,
        "tags": [],
        **fields,
    }


PAGES = [[model(3 * p + k) for k in range(3)] for p in range(4)]
ALL = {f"a/m{n:03}": n for n in range(12)}


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    """What the client would have slept, in seconds."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    return slept


@pytest.fixture
def hub():
    with serving(Hub(PAGES)) as running:
        yield running


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake.create(tmp_path / "lake")


def crawl(tmp_path, hub, **options) -> Crawl:
    return Crawl(tmp_path / "crawl", endpoint=hub.address, **options)


def downloads(lake) -> dict[str, int]:
    rows = read(lake, "model_snapshots")
    assert len({r["model_id"] for r in rows}) == len(rows)
    return {r["model_id"]: r["downloads_30d"] for r in rows}


def test_every_page_is_followed_and_the_fields_are_asked_for(tmp_path, hub, lake, waits):
    hub.pages[1][0]["baseModels"] = bases("x/y", relation="adapter")
    pulled = pull_crawl(lake, crawl(tmp_path, hub))
    assert downloads(lake) == ALL
    assert (pulled.read, pulled.added, pulled.repeated, pulled.quarantined, pulled.files) == (12, 12, 0, 0, 4)
    assert pulled.dated_by == "crawl"
    query = parse_qs(urlsplit(hub.requests[0]).query)
    assert query["expand"] == list(EXPAND)
    assert (query["sort"], query["limit"]) == (["downloads"], ["1000"])
    assert [(r["parent_id"], r["relation"]) for r in read(lake, "model_parents")] == [("x/y", "adapter")]
    assert not (tmp_path / "crawl").exists()
    assert waits == []


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (status(429, RateLimit='"api";r=0;t=55', RateLimit_Policy='"fixed window";"api";q=500;w=300'), 56),
        (status(429, Retry_After="7"), 8),
        (status(429), 1),
        (status(503), 1),
        (status(504), 1),
        (drop, 1),
        (half, 1),
        (half_unannounced, None),
    ],
)
def test_after_a_fault_nothing_is_lost_and_nothing_double(tmp_path, hub, lake, waits, fault, wait):
    hub.faults = {3: fault}
    pulled = pull_crawl(lake, crawl(tmp_path, hub))
    assert downloads(lake) == ALL
    assert (pulled.read, pulled.repeated, len(hub.requests)) == (12, 0, 5)
    assert waits == ([] if wait is None else [wait])


def test_a_window_that_is_used_up_is_waited_for_before_the_next_request(tmp_path, hub, lake, waits):
    hub.headers = {"RateLimit": '"api";r=0;t=30'}
    pull_crawl(lake, crawl(tmp_path, hub))
    assert waits == [30, 30, 30]  # not after the last page


def test_a_page_that_is_repeated_counts_once(tmp_path, lake, waits):
    pages = [PAGES[0], PAGES[1], [*PAGES[1][:2], model(5, downloads=6)], PAGES[2], PAGES[3]]
    with serving(Hub(pages)) as hub:
        pulled = pull_crawl(lake, crawl(tmp_path, hub))
    assert downloads(lake) == {**ALL, "a/m005": 6}  # of equals the last
    assert (pulled.read, pulled.repeated, pulled.quarantined) == (15, 3, 0)
    assert read(lake, "quarantine") == []


def test_a_cursor_that_comes_back_once_is_followed_once_more(tmp_path, hub, lake, waits):
    answers = iter([1, 1, 2, 3, None])
    hub.next_of = lambda page: next(answers)
    pulled = pull_crawl(lake, crawl(tmp_path, hub))
    assert downloads(lake) == ALL
    assert pulled.repeated == 3


def test_cursors_that_go_round_in_a_circle_are_an_error(tmp_path, hub, lake, waits):
    hub.next_of = lambda page: 1 - page
    with pytest.raises(InputError, match="keeps handing out the cursor"):
        pull_crawl(lake, crawl(tmp_path, hub))
    assert lake.latest().version == 0


def test_a_crawl_that_was_stopped_goes_on_where_it_was(tmp_path, hub, lake, waits):
    hub.faults = {3: status(403)}
    with pytest.raises(InputError, match="answered 403 after 2 pages; run the pull again"):
        pull_crawl(lake, crawl(tmp_path, hub))
    assert lake.latest().version == 0
    before = len(hub.requests)
    pulled = pull_crawl(lake, crawl(tmp_path, hub))
    assert downloads(lake) == ALL
    assert (pulled.read, pulled.files) == (12, 4)
    assert [parse_qs(urlsplit(r).query)["cursor"] for r in hub.requests[before:]] == [["2"], ["3"]]


def test_a_page_stored_before_its_cursor_is_fetched_again_not_twice(tmp_path, hub, lake, waits, monkeypatch):
    stopped = crawl(tmp_path, hub)
    saves = iter([None, None])

    def dies_at_the_third():
        next(saves)
        real()

    real = stopped._save_state
    monkeypatch.setattr(stopped, "_save_state", dies_at_the_third)
    with pytest.raises(StopIteration):
        stopped.fetch()
    assert len(list((tmp_path / "crawl").glob("page-*"))) == 3
    pull_crawl(lake, crawl(tmp_path, hub))
    assert downloads(lake) == ALL


def test_an_unfinished_crawl_of_something_else_is_not_mixed_in(tmp_path, hub, waits):
    hub.faults = {2: status(403)}
    with pytest.raises(InputError):
        crawl(tmp_path, hub).fetch()
    with pytest.raises(InputError, match="holds an unfinished crawl"):
        crawl(tmp_path, hub, limit=5)
    (tmp_path / "crawl" / "crawl.json").write_text("{")
    with pytest.raises(InputError, match="not a readable crawl"):
        crawl(tmp_path, hub)


def test_a_limit_stops_with_the_page_that_reaches_it(tmp_path, hub, lake, waits):
    pulled = pull_crawl(lake, crawl(tmp_path, hub, limit=4))
    assert (pulled.models, pulled.files) == (6, 2)


def test_the_token_is_not_carried_to_another_host(tmp_path, hub, waits):
    hub.pages = [[model(1)]]
    hub.next_of = lambda page: 0
    real = hub.address
    hub.address = "http://elsewhere.invalid"
    with pytest.raises(InputError, match="the next page is on another host"):
        Crawl(tmp_path / "crawl", endpoint=real).fetch()


def test_a_hub_that_is_not_there_is_one_line(tmp_path, waits):
    with pytest.raises(InputError, match=r"cannot be reached \(ConnectError\) after 0 pages"):
        Crawl(tmp_path / "crawl", endpoint="http://127.0.0.1:9").fetch()
    assert len(waits) == 8


def test_an_answer_that_is_no_list_and_a_record_that_is_no_object(tmp_path, lake, waits):
    with (
        serving(Hub([{"error": "no"}])) as hub,
        pytest.raises(InputError, match="other than a list of models"),
    ):
        crawl(tmp_path, hub).fetch()
    with serving(Hub([[model(1), "text", {"id": "a/b"}]])) as hub:
        pulled = pull_crawl(lake, Crawl(tmp_path / "other", endpoint=hub.address))
    assert pulled.quarantined == 2
    assert [(r["line"], r["reason"]) for r in read(lake, "quarantine")] == [
        (2, "not an object"),
        (3, "downloads is missing"),
    ]


def test_the_state_on_disk_is_plain(tmp_path, hub, waits):
    hub.faults = {2: status(403)}
    with pytest.raises(InputError):
        crawl(tmp_path, hub).fetch()
    state = json.loads((tmp_path / "crawl" / "crawl.json").read_text())
    assert state["next"] == f"{hub.address}/api/models?cursor=1"
    assert (state["pages"], state["models"]) == (1, 3)
