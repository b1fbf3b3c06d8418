from __future__ import annotations

import csv

import pytest

from primacy.errors import InputError
from primacy.sources.reference.licenses import OPENNESS, license_classes
from primacy.sources.reference.mainline import listed_parameters, mainline_models, release_dates
from primacy.sources.reference.organizations import read_organizations, shipped_organizations

KINDS = {"company", "lab", "university", "community"}


def test_the_shipped_list_is_well_formed():
    rows = shipped_organizations().to_pylist()
    names = [r["namespace"] for r in rows]
    assert names == sorted(names, key=lambda n: (n.lower(), n))
    assert len(set(names)) == len(names) > 300
    for row in rows:
        assert row["kind"] in KINDS, row
        assert row["owner"], row
        assert row["source"] in {"ATOM", "owner", "rename"}, row
        assert (row["country"] is None) == (row["region"] == "international"), row
        assert row["country"] is None or (len(row["country"]) == 2 and row["country"].isupper()), row


def test_a_renamed_account_and_its_successor_agree():
    rows = {r["namespace"]: r for r in shipped_organizations().to_pylist()}
    for row in rows.values():
        if row["renamed_to"] is not None:
            successor = rows[row["renamed_to"]]
            assert (row["country"], row["owner"]) == (successor["country"], successor["owner"]), row[
                "namespace"
            ]


def test_where_it_says_atom_it_agrees_with_atom(shared):
    with (shared / "data/models/atom_organization_regions.csv").open(encoding="utf-8") as file:
        atom = {r["hf_org"]: r["region"] for r in csv.DictReader(file)}
    ours = {r["namespace"]: r for r in shipped_organizations().to_pylist()}
    assert set(atom) <= set(ours)
    code = {"europe": "eu", "international": "unknown"}
    differ = {n for n, region in atom.items() if code.get(ours[n]["region"], ours[n]["region"]) != region}
    assert differ == {"ai21labs"}
    assert {n for n, r in ours.items() if r["source"] == "ATOM"} == set(atom) - differ


def test_the_mainline_list_is_atoms(shared):
    data = shared / "data" / "models"
    listed = set()
    for name in ("atom_models.csv", "atom_extra_models.csv"):
        with (data / name).open(encoding="utf-8") as file:
            listed |= {r["modelId"] for r in csv.DictReader(file)}
    assert mainline_models() == listed
    with (data / "atom_model_parameters.csv").open(encoding="utf-8") as file:
        sizes = {r["model_id"]: round(float(r["total_params_b"]) * 1e9) for r in csv.DictReader(file)}
    assert listed_parameters() == sizes
    with (data / "atom_release_date_corrections.csv").open(encoding="utf-8") as file:
        days = csv.DictReader(line for line in file if not line.startswith("#"))
        assert release_dates() == {r["model_id"]: r["actual_release_date"] for r in days}


def test_every_licence_has_a_class():
    assert set(license_classes().values()) <= set(OPENNESS)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hf_org,country\na,US\n", "column 'region' is missing"),
        ("", "column 'hf_org' is missing"),
        ("hf_org,region\n", "no organisation in it"),
        ("hf_org,region\n,us\n", "line 2 has no hf_org"),
        ("hf_org,region\na,us\na,china\n", "line 3 gives a another region"),
        ("hf_org,region\na,us,x\n", "line 2 has more fields"),
    ],
)
def test_lists_that_cannot_be_used_are_refused(tmp_path, text, reason):
    path = tmp_path / "orgs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=reason):
        read_organizations(path)


def test_a_list_may_repeat_itself_and_have_other_columns(tmp_path):
    path = tmp_path / "orgs.csv"
    path.write_bytes("\ufeffhf_org, region ,notes,kind\na, us ,x,lab\na,us,y,lab\nb,,,\n".encode())
    rows = read_organizations(path).to_pylist()
    assert [(r["namespace"], r["region"], r["kind"]) for r in rows] == [("a", "us", "lab"), ("b", None, None)]
    path.write_bytes(b"hf_org,region\n\xff,us\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_organizations(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_organizations(tmp_path / "nowhere.csv")
