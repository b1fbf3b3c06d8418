"""The explorer as an ASGI application: pages, figures, tables and the JSON API. It reads; nothing writes."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, Response, StreamingResponse

from primacy._version import __version__
from primacy.errors import NotThereError, PrimacyError, UsageError
from primacy.present.rows import encode
from primacy.present.terminal import SIMULATED
from primacy.web import briefs
from primacy.web.headers import Headers
from primacy.web.kept import Kept
from primacy.web.page import Page as SitePage
from primacy.web.routes import QUERY
from primacy.web.site import ENDINGS, Site, split_ending
from primacy.web.templating import ASSETS, asset
from primacy.workspace import Workspace

__all__ = ["DEFAULT_LIMIT", "MAXIMUM_LIMIT", "create_app"]

DEFAULT_LIMIT = 10_000
MAXIMUM_LIMIT = 100_000

Filter = Annotated[str | None, Query(max_length=200)]
PROBLEM = {"application/json": {"schema": {"type": "object", "properties": {"detail": {"type": "string"}}}}}
ROWS = {"type": "array", "items": {"type": "object", "additionalProperties": True}}


def create_app(workspace: Workspace) -> FastAPI:
    """Return the explorer of a workspace.

    Parameters
    ----------
    workspace
        Only its results and its portfolio are read; when a study is run again, the next answer shows it.
    """
    app = FastAPI(
        title="primacy",
        version=__version__,
        summary="Who leads each critical technology, since when, by how much, and how surely.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
    )
    site = Site(workspace)
    site.openapi = app.openapi
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=4)
    app.add_middleware(Headers)
    app.add_middleware(Kept, state=lambda: site.snapshot.state)
    _add_errors(app, site)
    _add_api(app, site)
    _add_files(app, site)
    _add_pages(app, site)
    return app


# ---------------------------------------------------------------------- answers


def _answer(
    request: Request, site: Site, body: bytes, media_type: str, *, headers: dict[str, str] | None = None
) -> Response:
    """Return a body with its tag, or 304 where the reader has it already."""
    tag = site.etag(f"{request.url.path}?{request.url.query}")
    known = {"ETag": tag, "Cache-Control": "no-cache", **(headers or {})}
    if tag in [t.strip() for t in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=known)
    if site.snapshot.simulated:
        known["X-Simulated-Data"] = SIMULATED
    return Response(body, media_type=media_type, headers=known)


def _status(error: PrimacyError) -> int:
    return 404 if isinstance(error, NotThereError) else 400 if isinstance(error, UsageError) else 503


def _add_errors(app: FastAPI, site: Site) -> None:
    def problem(request: Request, status: int, text: str) -> Response:
        wants_page = not request.url.path.startswith(("/api/", "/data/", "/openapi"))
        if wants_page and "." not in request.url.path.rsplit("/", 1)[-1]:
            # Links of this page go from the path that was asked for.
            page = SitePage(
                request.url.path.lstrip("/"),
                "error.html",
                f"{status}",
                text,
                {"status": status, "text": text},
            )
            return Response(site.html(page), status_code=status, media_type="text/html; charset=utf-8")
        return JSONResponse({"detail": text}, status_code=status)

    @app.exception_handler(PrimacyError)
    def refused(request: Request, error: PrimacyError) -> Response:
        return problem(request, _status(error), " ".join(str(error).split()))

    @app.exception_handler(HTTPException)
    def missing(request: Request, error: HTTPException) -> Response:
        return problem(request, error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        said = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors())
        return problem(request, 422, said)


# ---------------------------------------------------------------------- the API


def _add_api(app: FastAPI, site: Site) -> None:
    @app.get(
        "/api/{table}",
        summary="Rows of a result table",
        response_class=Response,
        responses={
            200: {
                "description": "The rows, with the keys of `primacy show`.",
                "content": {"application/json": {"schema": ROWS}},
            },
            304: {"description": "Not changed."},
            400: {"description": "The table has no such column.", "content": PROBLEM},
            404: {"description": "No such table.", "content": PROBLEM},
            422: {"description": "A parameter is out of bounds.", "content": PROBLEM},
        },
    )
    def rows(
        request: Request,
        table: Annotated[str, Path(max_length=100, description="A result table; /data lists them.")],
        technology: Filter = None,
        unit: Filter = None,
        window: Filter = None,
        limit: Annotated[
            int, Query(ge=0, le=MAXIMUM_LIMIT, description="At most so many rows.")
        ] = DEFAULT_LIMIT,
        offset: Annotated[int, Query(ge=0, le=10**9, description="Rows to leave out before.")] = 0,
    ) -> Response:
        """Return the rows of a result table, filtered, in the table's order; `X-Total-Count` counts all that match."""
        found = site.snapshot.select(table, technology=technology, unit=unit, window=window)
        body = encode(found.slice(offset, limit), "json")
        return _answer(
            request, site, body, "application/json", headers={"X-Total-Count": str(found.num_rows)}
        )

    @app.get("/api", include_in_schema=False)
    def documentation(request: Request) -> Response:
        return _page(request, site, "api")


# ---------------------------------------------------------------------- files


def _add_files(app: FastAPI, site: Site) -> None:
    @app.get("/static/{name}", include_in_schema=False)
    def static(request: Request, name: str) -> Response:
        if name not in ASSETS:
            raise NotThereError(f"no file '{name[:60]}'")
        return _answer(request, site, asset(name), ASSETS[name])

    @app.get("/search.json", include_in_schema=False)
    def index(request: Request) -> Response:
        return _answer(request, site, site.index(), "application/json")

    @app.get("/data/{name}", include_in_schema=False)
    def table(name: str) -> Response:
        stem, ending = split_ending(name)
        file = site.table(stem, ending)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-cache"}
        return StreamingResponse(file.parts, media_type=file.media_type, headers=headers)

    @app.get("/{kind}/{subject}.pdf", include_in_schema=False)
    @app.get("/{kind}/{subject}/{window}.pdf", include_in_schema=False)
    def brief(request: Request, kind: str, subject: str, window: str | None = None) -> Response:
        if kind not in briefs.KINDS:
            raise NotThereError(f"no brief on a '{kind[:40]}': there are {', '.join(briefs.KINDS)}")
        file = site.brief(kind, subject, window or request.query_params.get("window") or None)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return _answer(request, site, b"".join(file.parts), file.media_type, headers=headers)

    @app.get("/figures/{kind}/{subject}/{window}", include_in_schema=False)
    def figure(request: Request, kind: str, subject: str, window: str) -> Response:
        if "." not in window:
            return _page(request, site, f"figures/{kind}/{subject}/{window}")
        stem, ending = split_ending(window)
        return _answer(request, site, site.figure(kind, subject, stem, ending), ENDINGS[ending])


# ---------------------------------------------------------------------- pages


def _page(request: Request, site: Site, path: str) -> Response:
    query = {k: v for k in QUERY if (v := request.query_params.get(k))}
    return _answer(request, site, site.html_at(path, query), "text/html; charset=utf-8")


def _add_pages(app: FastAPI, site: Site) -> None:
    @app.get("/{path:path}", include_in_schema=False)
    def page(request: Request, path: str) -> Response:
        return _page(request, site, path)
