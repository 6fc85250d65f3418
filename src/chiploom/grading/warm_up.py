"""What a worker does before anything is handed in: whole checks of our own, which children then repeat in rehearsal."""

from __future__ import annotations

import pickle

from chiploom import messages
from chiploom.grading import child, comparison
from chiploom.grading.job import Comparison
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits

_DESIGN = """// Something of everything that learners write.
module warm #(parameter N = 4) (input clk, input rst, input go, input [N-1:0] d,
                                output reg [N-1:0] q, output reg [1:0] s);
  localparam IDLE = 0, RUN = 1, DONE = 2;
  reg [1:0] next; wire [N-1:0] sum = q + d; reg [N-1:0] m; integer i;
  always @(*) begin
    next = s;
    case (s)
      IDLE: if (go) next = RUN;
      RUN: next = (q == 9) ? DONE : RUN;
      default: next = IDLE;
    endcase
    for (i = 0; i < N; i = i + 1) m[i] = d[N - 1 - i] ^ q[i];
  end
  always @(posedge clk) if (rst) s <= IDLE; else s <= next;
  always @(posedge clk or posedge rst) if (rst) q <= 0; else if (s == RUN) q <= go ? sum : {m[0], q[N-1:1]};
endmodule
"""
#: One is refuted at once, one is proved by induction.
_OTHERS = (_DESIGN.replace("q + d", "q - d"), _DESIGN.replace("q + d", "~(~q - d)"))


def warm_up() -> tuple[list[bytes], dict[str, comparison.Prepared]]:
    """Use every library once, on texts of our own, so that children inherit them initialised.

    Returns
    -------
    orders, references
        The same again for :func:`chiploom.grading.child.rehearse`.
    """
    # Every table of texts too: reading one takes longer than most checks.
    messages.all_messages()
    material = Comparison((Source("warm.sv", _DESIGN),), limits=Limits(time_s=5.0))
    references = {"": comparison.prepare(material)}
    orders = [_order(text, material.limits) for text in (_DESIGN, *_OTHERS)]
    child.rehearse(orders, references)
    return orders, references


def _order(text: str, limits: Limits) -> bytes:
    order = child.Order(
        nonce=b"",
        key="",
        sources=(Source("warm.sv", text),),
        prepared=None,
        prepare=None,
        post_mortem=None,
        limits=limits,
        mapped_mb=0,
    )
    return pickle.dumps(order, protocol=pickle.HIGHEST_PROTOCOL)
