"""How Sphinx builds the documentation: `make docs`, with no network and with warnings as errors."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from primacy._version import __version__

project = "primacy"
author = "the primacy contributors"
copyright = "the primacy contributors; Apache-2.0"
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "generated_reference",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_ext", "_build"]

myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
# Links out of docs/ go to files of the repository: the licence, the changelog.
myst_url_schemes = ["http", "https", "mailto"]
highlight_language = "text"

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": False}
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_attr_annotations = False

html_theme = "furo"
html_title = "primacy"
html_static_path = ["_static"]
html_css_files = ["primacy.css"]
html_copy_source = False
html_show_sourcelink = False
