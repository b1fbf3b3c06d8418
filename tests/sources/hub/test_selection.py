from __future__ import annotations

import pytest

from primacy.errors import InputError
from primacy.sources.hub.selection import read_model_ids


@pytest.mark.parametrize(
    "text",
    [
        "a/b\nc/d\n",
        "\ufeff# mine\n\na/b\n  c/d  \na/b\n",
        "id\na/b\nc/d\n",
        "org,model,modelId\na,b,a/b\nc,d,c/d\nshort\n",
        "id,modelId\n1,a/b\n2,c/d\n",
        'id,notes\na/b,"two\nlines"\nc/d,\n',
    ],
)
def test_lists_and_csv(tmp_path, text):
    path = tmp_path / "ids"
    path.write_text(text, encoding="utf-8")
    assert read_model_ids(path) == {"a/b", "c/d"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"model,name\na/b,x\n", "a CSV without a column 'id' or 'modelId'"),
        (b"", "no model id in it"),
        (b"id\n\n", "no model id in it"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path, data, reason):
    path = tmp_path / "ids"
    path.write_bytes(data)
    with pytest.raises(InputError, match=reason):
        read_model_ids(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="nowhere: cannot be read"):
        read_model_ids(tmp_path / "nowhere")
