"""Build the documentation: every page of docs/ as HTML, every relative link checked; no network."""

from __future__ import annotations

import re
import shutil
import sys
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[1]
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · primacy</title><link rel="stylesheet" href="{up}style.css">
<nav>{nav}</nav><main>{body}</main></html>
"""
STYLE = """body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.55 system-ui,sans-serif;color:#222}
nav{display:flex;flex-wrap:wrap;gap:.4rem 1rem;border-bottom:1px solid #ddd;padding-bottom:.6rem}
pre,table{overflow-x:auto;display:block}pre{background:#f5f5f3;padding:.8rem}code{font-size:.92em}
td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #eee}
a{color:#0072b2}img{max-width:100%}
@media(prefers-color-scheme:dark){body{background:#16181c;color:#e6e6e6}pre{background:#22252b}a{color:#56b4e9}}
"""


def build(target: Path) -> int:
    """Write the pages; return how many links lead nowhere."""
    markdown = MarkdownIt("commonmark").enable("table")
    pages = {ROOT / "README.md": "index.html"} | {
        p: p.relative_to(ROOT).with_suffix(".html").as_posix() for p in sorted((ROOT / "docs").rglob("*.md"))
    }
    titles = {p: _title(p) for p in pages}
    shutil.rmtree(target, ignore_errors=True)
    broken = 0
    for page, name in pages.items():
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if not re.match(r"[a-z]+:", link) and not (page.parent / link).exists():
                sys.stderr.write(f"{page.relative_to(ROOT)}: {link} leads nowhere\n")
                broken += 1
        up = "../" * name.count("/")
        nav = " ".join(f'<a href="{up}{n}">{escape(titles[p])}</a>' for p, n in pages.items())
        body = re.sub(r'href="([^":]+)\.md', r'href="\1.html', markdown.render(text))
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(PAGE.format(title=escape(titles[page]), up=up, nav=nav, body=body), encoding="utf-8")
    (target / "style.css").write_text(STYLE, encoding="utf-8")
    if (ROOT / "docs" / "images").is_dir():
        shutil.copytree(ROOT / "docs" / "images", target / "docs" / "images")
    sys.stdout.write(f"{len(pages)} pages in {target}, {broken} broken links\n")
    return broken


def _title(page: Path) -> str:
    found = re.search(r"^# (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else page.stem


if __name__ == "__main__":
    raise SystemExit(1 if build(Path(sys.argv[1] if len(sys.argv) > 1 else "build/docs")) else 0)
