from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chiploom.errors import InputFileError, PackError, UsageError
from chiploom.tasks.load import builtin_pack_directory, load_pack, load_task, load_tasks


def test_loads_the_base_task_with_everything_filled_in(pack_directory: Path) -> None:
    pack = load_pack(pack_directory)
    task = load_task(pack, "counter")
    assert (pack.id, pack.version, pack.task_ids, pack.imported) == ("small", "1.2.3", ("counter",), False)
    assert (task.kind, task.level, task.minutes, task.power_up, task.clock) == ("design", 2, 20, "free", "clk")
    assert task.title["vi"] == "Đếm đến 5"
    assert [(port.name, port.width) for port in task.ports] == [("clk", 1), ("reset", 1), ("count", 3)]
    assert task.ports[2].note["en"] == "from 0 to 4"
    assert "[2:0] count" in task.starter[0].text
    assert "Modulo 5." in task.statement["fr"]
    assert task.hints[1]["en"] == "Compare with 4."
    assert [example.name for example in task.broken] == ["down", "off-by-one"]
    assert set(task.diagrams) == {"wave.json"}
    assert (task.variant, task.parameters) == (None, {"WIDTH": 3, "MODULO": 5})


def test_a_variant_fills_in_its_own_numbers(pack_directory: Path) -> None:
    pack = load_pack(pack_directory)
    variants = [load_task(pack, "counter", number) for number in range(1, 12)]
    assert {task.variant_count for task in variants} == {11}
    assert len({tuple(sorted(task.parameters.items())) for task in variants}) == 11
    for task in variants:
        width, modulo = task.parameters["WIDTH"], task.parameters["MODULO"]
        assert 2 ** (width - 1) < modulo < 2**width
        assert task.ports[2].width == width
        assert f"Modulo {modulo}." in task.statement["en"]
        assert task.title["fr"] == f"Compter jusqu'à {modulo}"


@pytest.mark.parametrize("variant", [0, -1, 12, 10**9])
def test_unknown_variant_names_how_many_there_are(pack_directory: Path, variant: int) -> None:
    with pytest.raises(UsageError, match="variants 1 to 11") as caught:
        load_task(load_pack(pack_directory), "counter", variant)
    assert caught.value.code == "unknown-variant"


def test_unknown_task_suggests_the_nearest(pack_directory: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'counter'") as caught:
        load_task(load_pack(pack_directory), "countr")
    assert (caught.value.code, caught.value.exit_status) == ("unknown-task", 64)


def test_a_missing_folder_is_the_callers_mistake_and_a_missing_file_the_packs(tmp_path: Path) -> None:
    with pytest.raises(InputFileError):
        load_pack(tmp_path / "nowhere")
    with pytest.raises(PackError, match=r"pack\.toml") as caught:
        load_pack(tmp_path)
    assert (caught.value.code, caught.value.exit_status) == ("missing-file", 65)


def _edit(file: str, old: str, new: str) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        path = root / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return damage


def _link(file: str, target: str) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        (root / file).unlink(missing_ok=True)
        (root / file).symlink_to(target)

    return damage


def _bytes(file: str, data: bytes) -> Callable[[Path], None]:
    return lambda root: (root / file).write_bytes(data) and None


def _remove(file: str) -> Callable[[Path], None]:
    return lambda root: (root / file).unlink()


TASK = "counter/task.toml"
DAMAGES = [
    ("toml-syntax", "line 2", _edit(TASK, 'id = "counter"', 'id = "counter')),
    ("toml-syntax", "pack.toml", _edit("pack.toml", "id =", "id = =")),
    ("toml-syntax", "nested too deeply", _bytes(TASK, b"a = " + b"[" * 100_000)),
    ("toml-syntax", "nested too deeply", _bytes(TASK, b"a." * 100_000 + b"a = 1")),
    ("toml-syntax", "too many digits", _bytes(TASK, b"a = " + b"9" * 100_000)),
    ("unknown-key", "did you mean 'minutes'", _edit(TASK, "minutes = 20", "minutes = 20\nminuts = 3")),
    ("unknown-key", "ports[1].sign", _edit(TASK, 'name = "reset"', 'name = "reset"\nsign = true')),
    ("missing-key", "'minutes'", _edit(TASK, "minutes = 20", "")),
    ("wrong-type", "'minutes' is '20'", _edit(TASK, "minutes = 20", 'minutes = "20"')),
    ("wrong-type", "'level' is True", _edit(TASK, "level = 2", "level = true")),
    ("out-of-range", "'level' is 9", _edit(TASK, "level = 2", "level = 9")),
    ("wrong-type", "'skills[0]'", _edit(TASK, '["sequential.counter"]', "[3]")),
    ("bad-value", "'Seq Count'", _edit(TASK, '"sequential.counter"', '"Seq Count"')),
    ("bad-value", "design, repair, properties", _edit(TASK, 'kind = "design"', 'kind = "riddle"')),
    ("id-mismatch", "'counter'", _edit(TASK, 'id = "counter"', 'id = "other"')),
    ("missing-language", "title.vi", _edit(TASK, 'vi = "Đếm đến ${MODULO}"', "")),
    ("missing-language", "hints[2].fr", _edit(TASK, 'fr = "Écrivez un if."', "")),
    ("missing-language", "statement.vi.md", _remove("counter/statement.vi.md")),
    ("empty-value", "statement.fr.md", _bytes("counter/statement.fr.md", b" \n")),
    ("empty-value", "title.en", _edit(TASK, 'en = "Count to ${MODULO}"', 'en = " "')),
    ("bad-template", "'MODULE' is undefined", _edit("counter/statement.en.md", "${MODULO}", "${MODULE}")),
    ("bad-template", "starter.sv", _edit("counter/starter.sv", "${WIDTH-1}", "${WIDTH.__class__}")),
    ("bad-expression", "ports[2].width", _edit(TASK, 'width = "WIDTH"', 'width = "WIDHT"')),
    ("bad-expression", "WIDTH / 2", _edit(TASK, 'width = "WIDTH"', 'width = "WIDTH / 2"')),
    ("out-of-range", "width", _edit(TASK, 'width = "WIDTH"', "width = 0")),
    ("duplicate-id", "'reset'", _edit(TASK, 'name = "clk"', 'name = "reset"')),
    ("duplicate-id", "repeats", _edit("pack.toml", '["counter"]', '["counter", "counter"]')),
    ("bad-value", "tasks[0]", _edit("pack.toml", '["counter"]', '["../counter"]')),
    ("bad-value", "languages", _edit("pack.toml", '"fr"]', '"de"]')),
    ("bad-value", "no input port", _edit(TASK, 'clock = "clk"', 'clock = "count"')),
    ("bad-value", "constant_outputs", _edit(TASK, 'top = "counter"', 'top = "counter"\nconstant_outputs = ["clk"]')),
    ("bad-value", "constraints[0]", _edit(TASK, "MODULO = 5", "MODULO = 9")),
    ("no-variant", "constraints", _edit(TASK, "WIDTH = [2, 3, 4]", "WIDTH = [20]")),
    ("wrong-type", "different whole numbers", _edit(TASK, "WIDTH = [2, 3, 4]", "WIDTH = [2, 2]")),
    ("bad-value", "not in [parameters]", _edit(TASK, "WIDTH = [2, 3, 4]", "WIDHT = [2]\nWIDTH = [2]")),
    ("missing-file", "reference.sv", _remove("counter/reference.sv")),
    ("missing-file", "starter.sv", _remove("counter/starter.sv")),
    ("missing-file", "diagrams/wave.json", _remove("counter/diagrams/wave.json")),
    ("bad-diagram", "not JSON", _bytes("counter/diagrams/wave.json", b"{")),
    ("bad-diagram", "'signal'", _bytes("counter/diagrams/wave.json", b"[]")),
    ("not-text", "not UTF-8 at byte 1", _bytes("counter/reference.sv", b"a\xff")),
    ("not-text", "NUL", _bytes("counter/reference.sv", b"a\0")),
    ("pack-file-too-large", "reference.sv", _bytes("counter/reference.sv", b"/" * 1_000_001)),
    ("path-escapes", "reference.sv", _link("counter/reference.sv", "/etc/hostname")),
    ("path-escapes", "wave.json", _link("counter/diagrams/wave.json", "../../../outside.json")),
    ("path-escapes", "skills.toml", _link("skills.toml", "../outside.json")),
    (
        "unknown-skill",
        "'sequential.counter'",
        _bytes("skills.toml", b'[skills.other]\nname = { en = "A", vi = "B", fr = "C" }\n'),
    ),
    ("unknown-file", "broken/notes.txt", _bytes("counter/broken/notes.txt", b"x")),
]


@pytest.mark.parametrize(("code", "words", "damage"), DAMAGES)
def test_every_damage_is_named_with_its_file_and_key(
    pack_directory: Path, code: str, words: str, damage: Callable[[Path], None]
) -> None:
    (pack_directory.parent / "outside.json").write_text('{"signal": []}')
    damage(pack_directory)
    with pytest.raises(PackError) as caught:
        list(load_tasks(load_pack(pack_directory)))
    assert caught.value.code == code
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_a_link_within_the_pack_is_followed(pack_directory: Path) -> None:
    (pack_directory / "counter/reference.sv").rename(pack_directory / "shared.sv")
    (pack_directory / "counter/reference.sv").symlink_to("../shared.sv")
    assert load_task(load_pack(pack_directory), "counter").reference[0].name == "reference.sv"


def test_the_builtin_pack_is_found() -> None:
    assert load_pack().directory == str(builtin_pack_directory())
    assert load_pack().id == "foundations"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["pack.toml", TASK, "counter/diagrams/wave.json", "counter/statement.en.md", "counter/starter.sv"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.binary(max_size=8)), min_size=1, max_size=3),
)
def test_however_a_file_is_damaged_it_loads_or_is_named(
    pack_directory: Path, file: str, damages: list[tuple[float, int, bytes]]
) -> None:
    path = pack_directory / file
    original = path.read_bytes()
    data = original
    for where, length, new in damages:
        start = int(where * len(data))
        data = data[:start] + new + data[start + length :]
    path.write_bytes(data)
    try:
        list(load_tasks(load_pack(pack_directory)))
    except PackError as error:
        assert error.code
        assert "\n" not in error.message
    finally:
        path.write_bytes(original)
