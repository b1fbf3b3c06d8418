"""Answers that are kept: given again as they are, not when the results changed, and only whole good ones."""

from __future__ import annotations

import random

import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from primacy.web.kept import LARGEST, Kept

LARGE = random.Random(1).randbytes(LARGEST + 1)  # which no compression makes smaller


class Answers:
    """An application that counts what it is asked."""

    def __init__(self):
        self.asked = []
        self.state = "1"
        routes = [Route(f"/{name}", self.answer) for name in ("page", "missing", "stream", "large")]
        within = Starlette(routes=routes)
        within.add_middleware(GZipMiddleware, minimum_size=10)
        self.client = TestClient(Kept(within, state=lambda: self.state, most=3 * LARGEST))

    def answer(self, request):
        self.asked.append(request.url.path)
        text = f"{self.state} {request.url.query} " * 20
        if request.url.path == "/stream":
            return StreamingResponse(iter(["a", "b"]))
        if request.url.path == "/large":
            return PlainTextResponse(LARGE)
        return PlainTextResponse(
            text, 404 if request.url.path == "/missing" else 200, {"ETag": 'W/"7"', "X-Kept": "yes"}
        )


@pytest.fixture
def answers():
    return Answers()


def test_a_page_is_made_once_and_given_again_as_it_was(answers):
    first, second = (answers.client.get("/page?a=1") for _ in range(2))
    assert first.text == second.text == "1 a=1 " * 20
    assert dict(first.headers) == dict(second.headers)
    assert second.headers["content-encoding"] == "gzip"
    assert answers.asked == ["/page"]


def test_each_query_encoding_and_state_has_an_answer_of_its_own(answers):
    answers.client.get("/page?a=1")
    assert answers.client.get("/page?a=2").text == "1 a=2 " * 20
    plain = answers.client.get("/page?a=1", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == "1 a=1 " * 20
    answers.state = "2"
    assert answers.client.get("/page?a=1").text == "2 a=1 " * 20
    assert len(answers.asked) == 4


def test_who_has_it_already_is_told_so_the_first_time_and_later(answers):
    for _ in range(2):
        told = answers.client.get("/page", headers={"If-None-Match": 'W/"6", W/"7"'})
        assert (told.status_code, told.content, told.headers["etag"]) == (304, b"", 'W/"7"')
        assert told.headers["x-kept"] == "yes"
        assert "content-length" not in told.headers
    assert answers.client.get("/page", headers={"If-None-Match": 'W/"6"'}).status_code == 200
    assert answers.asked == ["/page"]


@pytest.mark.parametrize(
    ("path", "status", "length"), [("/missing", 404, 60), ("/stream", 200, 2), ("/large", 200, LARGEST + 1)]
)
def test_errors_streams_and_large_files_are_not_kept(answers, path, status, length):
    for _ in range(2):
        told = answers.client.get(path)
        assert (told.status_code, len(told.content)) == (status, length)
    assert answers.asked == [path, path]


def test_head_is_left_to_the_application(answers):
    answers.client.get("/page")
    assert answers.client.head("/page").content == b""
    assert answers.asked == ["/page", "/page"]
