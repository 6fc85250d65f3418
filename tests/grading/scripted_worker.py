"""A worker whose checks do what the submission's text says, however nasty: what a hostile design might achieve.

Started by the pool in the place of the real worker; only the judging is replaced.
"""

import ctypes
import dataclasses
import os
import signal
import sys
import time

from chiploom.errors import AmbiguousTopError, BoxError, LimitReached
from chiploom.grading import child, codec, comparison, frames, warm_up, worker
from chiploom.grading.job import Comparison
from chiploom.prove.verdict import Outcome, Verdict


def prepare(material):
    if material.reference[0].text == "broken":
        sys.stderr.write("ERROR: syntax of Yosys\n")
        os._exit(1)
    if material.reference[0].text == "crash":
        os.abort()
    # Every preparation can be told from another.
    return comparison.PreparedComparison(dataclasses.replace(material, reference_top=os.urandom(4).hex()))


def judge(prepared, sources):
    assert isinstance(prepared.comparison, Comparison)
    word, _, argument = sources[0].text.partition(" ")
    return SCRIPTS[word](argument, prepared)


def answer(argument, prepared):
    """Prove, with the submission's and the reference's text in the reason, to see who got whose."""
    return Verdict(
        outcome=Outcome.PROVED, method="structural", reason=f"{argument}/{prepared.comparison.reference[0].text}"
    )


def preparation(argument, prepared):
    """Tell which preparation of the reference this is judged by."""
    return Verdict(outcome=Outcome.PROVED, method="structural", reason=prepared.comparison.reference_top)


def slow(argument, prepared):
    seconds, _, text = argument.partition(" ")
    time.sleep(float(seconds))
    return answer(text, prepared)


def die_by_signal(argument, prepared):
    # SIG_DFL and a fault of the processor's own: nothing that PID 1 of a namespace could ignore.
    ctypes.string_at(0)


def leave(argument, prepared):
    os._exit(int(argument))


def yosys_error(argument, prepared):
    sys.stderr.write("f0.sv:3:7: ERROR: something Yosys dislikes\n")
    sys.stderr.flush()
    os._exit(1)


def hang(argument, prepared):
    while True:
        pass


def hang_deaf(argument, prepared):
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    for _ in range(100):
        try:
            if os.fork() == 0:
                break
        except OSError:
            break
    while True:
        time.sleep(1)


def eat(argument, prepared):
    hoard = []
    while True:
        hoard.append(bytearray(64 << 20))


def bad_alloc(argument, prepared):
    sys.stderr.write("terminate called after throwing an instance of 'std::bad_alloc'\n")
    sys.stderr.flush()
    os.abort()


def chatter(argument, prepared):
    for number in (1, 2):
        for _ in range(2000):
            try:
                os.write(number, b"x" * (1 << 20))
            except OSError:
                break
    return answer(argument, prepared)


def fail(argument, prepared):
    raise TypeError("a fault of ours")


def recurse(argument, prepared):
    return recurse(argument, prepared)


def limit(argument, prepared):
    raise LimitReached("memory_bits", "too many")


def ambiguous(argument, prepared):
    raise AmbiguousTopError("ambiguous-top", "a, b")


def forge_nonce(argument, prepared):
    """Answer for somebody else."""
    body = codec.encode(Verdict(outcome=Outcome.PROVED))
    frames.write_frame(ANSWERS[0], bytes(child.NONCE_BYTES), body)
    os._exit(0)


def garbage(argument, prepared):
    os.write(ANSWERS[0], os.urandom(4096))
    os._exit(0)


def endless_answer(argument, prepared):
    os.write(ANSWERS[0], (1 << 50).to_bytes(8, "little"))
    while True:
        os.write(ANSWERS[0], bytes(1 << 16))


def pickled_answer(argument, prepared):
    import pickle

    frames.write_frame(ANSWERS[0], NONCES[0], child.FIT, pickle.dumps(Verdict(outcome=Outcome.PROVED)))
    os._exit(0)


def speak_of_the_box(argument, prepared):
    raise BoxError("box-unavailable", "a lie")


def endless_reason(argument, prepared):
    return Verdict(outcome=Outcome.PROVED, reason="x" * (20 << 20))


def two_answers(argument, prepared):
    frames.write_frame(ANSWERS[0], NONCES[0], child.FIT, codec.encode(answer("first", prepared)))
    frames.write_frame(ANSWERS[0], NONCES[0], child.FIT, codec.encode(answer("second", prepared)))
    time.sleep(60)


def who(argument, prepared):
    """Say which process checks this, and what it checked before."""
    SEEN.append(argument)
    print("seen", *SEEN)
    return answer(f"{secret} {'+'.join(SEEN)}", prepared)


def burn(argument, prepared):
    """Use processor time."""
    end = time.process_time() + float(argument.partition(" ")[0])
    while time.process_time() < end:
        pass
    return who(argument.partition(" ")[2], prepared)


def grow(argument, prepared):
    """Use memory for a moment."""
    HOARD.append(b"x" * (int(argument.partition(" ")[0]) << 20))
    HOARD.clear()
    return who(argument.partition(" ")[2], prepared)


def shout_and_leave(argument, prepared):
    """End like Yosys does, without saying why."""
    os._exit(1)


def shout(argument, prepared):
    sys.stderr.write("f0.sv:3:7: ERROR: of an earlier design\n")
    return answer(argument, prepared)


SEEN = []
HOARD = []
ANSWERS = []
NONCES = []
secret = ""
SCRIPTS = {
    name: function
    for name, function in list(globals().items())
    if getattr(function, "__module__", "") == __name__ and name not in ("prepare", "judge")
}
carry_out = child._carry_out
serve = child._serve


def eavesdrop(order, references):
    NONCES[:] = [order.nonce]
    return carry_out(order, references)


def serve_and_tell(orders, answers, references):
    global secret
    secret = os.urandom(4).hex()
    ANSWERS.append(answers)
    serve(orders, answers, references)


if __name__ == "__main__":
    # Only here: tests import this module for its path, and go on in their own process with what is real.
    comparison.prepare = prepare
    comparison.judge = judge
    child._carry_out = eavesdrop
    child._serve = serve_and_tell
    warm_up.warm_up = lambda: ([], {})
    worker.main(int(sys.argv[1]))
