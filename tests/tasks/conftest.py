"""A small valid pack that tests then damage."""

from pathlib import Path

import pytest

PACK = """
id = "small"
version = "1.2.3"
licence = "Apache-2.0"
authors = ["a"]
languages = ["en", "vi", "fr"]
tasks = ["counter"]
[title]
en = "Small"
vi = "Nhỏ"
fr = "Petit"
"""

TASK = """
id = "counter"
kind = "design"
track = "design"
level = 2
minutes = 20
skills = ["sequential.counter"]
top = "counter"
clock = "clk"

[title]
en = "Count to ${MODULO}"
vi = "Đếm đến ${MODULO}"
fr = "Compter jusqu'à ${MODULO}"

[[ports]]
name = "clk"
direction = "input"
[[ports]]
name = "reset"
direction = "input"
[[ports]]
name = "count"
direction = "output"
width = "WIDTH"
note.en = "from 0 to ${MODULO - 1}"
note.vi = "từ 0 đến ${MODULO - 1}"
note.fr = "de 0 à ${MODULO - 1}"

[parameters]
WIDTH = 3
MODULO = 5

[variants]
count = 20
constraints = ["MODULO < 2**WIDTH", "MODULO > 2**(WIDTH-1)"]
[variants.ranges]
WIDTH = [2, 3, 4]
MODULO = {min = 3, max = 15}

[[hints]]
en = "Remember."
vi = "Hãy nhớ."
fr = "Souvenez-vous."
[[hints]]
en = "Compare with ${MODULO - 1}."
vi = "So sánh với ${MODULO - 1}."
fr = "Comparez avec ${MODULO - 1}."
[[hints]]
en = "Write an if."
vi = "Viết một if."
fr = "Écrivez un if."
"""

REFERENCE = """module counter #(parameter WIDTH = 3, parameter MODULO = 5) (
    input logic clk, input logic reset, output logic [WIDTH-1:0] count
);
    always_ff @(posedge clk)
        if (reset || count == MODULO - 1) count <= '0;
        else count <= count + 1'b1;
endmodule
"""

STARTER = """module counter(input logic clk, input logic reset, output logic [${WIDTH-1}:0] count);
    assign count = '0;
endmodule
"""

ALTERNATIVE = """module counter #(parameter WIDTH = 3, parameter MODULO = 5) (
    input logic clk, input logic reset, output logic [WIDTH-1:0] count
);
    logic [WIDTH-1:0] next;
    always_comb begin
        next = count + 1'b1;
        if (count == MODULO - 1) next = '0;
        if (reset) next = '0;
    end
    always_ff @(posedge clk) count <= next;
endmodule
"""


def write_pack(directory: Path, *, pack: str = PACK, task: str = TASK) -> Path:
    """Write the pack below ``directory`` and return its folder."""
    root = directory / "pack"
    folder = root / "counter"
    for sub in ("alternatives", "broken", "diagrams"):
        (folder / sub).mkdir(parents=True)
    (root / "pack.toml").write_text(pack, encoding="utf-8")
    (folder / "task.toml").write_text(task, encoding="utf-8")
    for language, text in (("en", "Count."), ("vi", "Đếm."), ("fr", "Comptez.")):
        body = f"# {text}\n\nModulo ${{MODULO}}.\n\n![wave](diagrams/wave.json)\n"
        (folder / f"statement.{language}.md").write_text(body, encoding="utf-8")
    (folder / "diagrams/wave.json").write_text('{"signal": [{"name": "clk", "wave": "p..."}]}')
    (folder / "reference.sv").write_text(REFERENCE)
    (folder / "starter.sv").write_text(STARTER)
    (folder / "alternatives/two-blocks.sv").write_text(ALTERNATIVE)
    (folder / "broken/off-by-one.sv").write_text(REFERENCE.replace("MODULO - 1", "MODULO"))
    (folder / "broken/down.sv").write_text(REFERENCE.replace("count + 1", "count - 1"))
    return root


@pytest.fixture
def pack_directory(tmp_path: Path) -> Path:
    return write_pack(tmp_path)
