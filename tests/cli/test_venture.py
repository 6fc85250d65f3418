import json
from pathlib import Path

import pytest

from chiploom.cli.main import main
from chiploom.grading.evidence import Conditions, Subject, make_subject
from evidence_samples import Issuer

Capture = pytest.CaptureFixture[str]


def write_venture(path: Path, people: list[Subject], **more: str) -> Path:
    listed = ", ".join(f'"{person.id}"' for person in people)
    extra = "".join(f"{name} = {value}\n" for name, value in more.items())
    path.write_text(
        f'schema = "chiploom/venture/1"\nname = "Demo\\u001b[2J"\ndemo = true\npeople = [{listed}]\n{extra}'
        '[[designs]]\nname = "Timer"\npack = "foundations"\ntask = "modulo-counter"\n'
    )
    return path


def status(path: Path, capsys: Capture, *more: str) -> dict[str, bool]:
    assert main(["venture", "status", str(path), "--json", *more]) == 0
    return {gate["id"]: gate["open"] for gate in json.loads(capsys.readouterr().out)["gates"]}


def test_gates_open_as_evidence_comes_in(issuer: Issuer, tmp_path: Path, capsys: Capture) -> None:
    people = [make_subject(), make_subject()]
    path = write_venture(tmp_path / "v.toml", people)
    (tmp_path / "evidence").mkdir()
    assert not any(status(path, capsys).values())
    skills = ("sequential.counter", "combinational.gates")
    for number, person in enumerate(people):
        issuer.write(tmp_path / "evidence" / f"{number}.json", "proved", person, skills=skills)
    assert status(path, capsys)["team"]
    assert not status(path, capsys)["blocks"]
    issuer.write(
        tmp_path / "evidence" / "9.json", "proved", people[0], skills=skills, conditions=Conditions(None, "none")
    )
    assert status(path, capsys)["blocks"]
    assert not status(path, capsys)["second-signature"]


@pytest.mark.parametrize(
    ("language", "demo", "blocks"),
    [("en", "DEMONSTRATION", "What blocks"), ("vi", "MINH HỌA", "Điều đang chặn"), ("fr", "DÉMONSTRATION", "bloque")],
)
def test_the_story_is_told_in_each_language(
    issuer: Issuer, tmp_path: Path, capsys: Capture, language: str, demo: str, blocks: str
) -> None:
    person = make_subject()
    path = write_venture(tmp_path / "v.toml", [person])
    issuer.write(tmp_path / "evidence" / "a.json", "proved", person)
    (tmp_path / "evidence" / "b.json").write_text("noise")
    assert main(["venture", "status", str(path), "--lang", language]) == 0
    shown = capsys.readouterr().out
    assert demo in shown
    assert blocks in shown.splitlines()[-1]
    assert "\x1b" not in shown
    assert "DEMONSTRATION" not in shown or language == "en"


def test_untrusted_evidence_is_set_aside(issuer: Issuer, tmp_path: Path, capsys: Capture) -> None:
    person = make_subject()
    issuer.write(tmp_path / "evidence" / "a.json", "proved", person)
    path = write_venture(tmp_path / "v.toml", [person], issuers=f'["{issuer.key.did}"]')
    assert main(["venture", "status", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["any_issuer"], answer["set_aside"]) == (False, {})
    stranger = Issuer(type(issuer.key).generate())
    stranger.write(tmp_path / "evidence" / "b.json", "proved", person)
    assert main(["venture", "status", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["set_aside"] == {"story.not-this-issuer": 1}


def test_bad_input(tmp_path: Path, capsys: Capture) -> None:
    path = write_venture(tmp_path / "v.toml", [])
    assert main(["venture", "status", str(path)]) == 64  # no directory of evidence
    assert main(["venture", "status", str(tmp_path / "none.toml"), "--json"]) == 64
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "file-not-found"
    assert main(["venture"]) == 64
