"""Links of a page, as a browser finds them."""

from __future__ import annotations

from html.parser import HTMLParser

ATTRIBUTES = {"href", "src", "srcset", "action"}


class Page(HTMLParser):
    """What a page holds: links, ids, tags with inline script or style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []
        self.text: list[str] = []
        self.images_without_words = 0
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.links += [v for k, v in attrs if k in ATTRIBUTES and v]
        self.inline += [f"{tag} {k}" for k in known if k.startswith("on") or k == "style"]
        if tag == "style" or (tag == "script" and "src" not in known):
            self.inline.append(tag)
        if tag == "img" and not known.get("alt"):
            self.images_without_words += 1

    def handle_data(self, data):
        self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(self.text)
