import json
from pathlib import Path

import pytest

from chiploom.cli.main import main
from chiploom.tasks.load import TRACKS
from evidence_samples import Issuer

Capture = pytest.CaptureFixture[str]


def test_count_stands_beside_the_target_and_is_not_added(issuer: Issuer, tmp_path: Path, capsys: Capture) -> None:
    directory = tmp_path / "evidence"
    issuer.write(directory / "a.json")
    issuer.write(directory / "b.json", "refuted")
    command = ["plan", "count", "--evidence", str(directory)]
    assert main([*command, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["people"], answer["by_stage"], answer["excluded"]) == (1, {"design": 1}, {"story.is-refuted": 1})
    assert [target["people"] for target in answer["targets"]] == [50000, 15000, 35000, 5000]
    assert {target["status"] for target in answer["targets"]} == {"sourced"}
    assert answer["any_issuer"] is True
    for language, word in (("en", "not a degree"), ("vi", "không phải là bằng cấp"), ("fr", "pas un diplôme")):
        assert main([*command, "--lang", language]) == 0
        shown = capsys.readouterr().out
        assert word in shown
        assert "https://www.mpi.gov.vn/" in shown


def test_every_stage_of_a_task_has_its_word(issuer: Issuer, tmp_path: Path, capsys: Capture) -> None:
    for track in (*TRACKS, "logistics"):
        issuer.write(tmp_path / f"{track}.json", track=track)
    assert main(["plan", "count", "--evidence", str(tmp_path), "--lang", "vi"]) == 0
    shown = capsys.readouterr().out
    assert all(
        f"1  {word}\n" in shown for word in ("thiết kế", "sản xuất", "đóng gói", "kiểm thử", "chip AI", "logistics")
    )


def test_only_trusted_issuers_count_on_request(issuer: Issuer, tmp_path: Path, capsys: Capture) -> None:
    issuer.write(tmp_path / "e" / "a.json")
    (tmp_path / "key").write_text(issuer.key.did)
    (tmp_path / "other").write_text(type(issuer.key).generate().did)
    for key, people in (("key", 1), ("other", 0)):
        assert main(["plan", "count", "--evidence", str(tmp_path / "e"), "--key", str(tmp_path / key), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["people"] == people


def test_bad_input(tmp_path: Path, capsys: Capture) -> None:
    assert main(["plan", "count", "--evidence", str(tmp_path / "none")]) == 64
    assert main(["plan", "count", "--evidence", str(tmp_path), "--targets", str(tmp_path / "none")]) == 64
    assert main(["plan", "count"]) == 64
    assert "Traceback" not in capsys.readouterr().err
