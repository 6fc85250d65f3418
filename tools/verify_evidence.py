"""Check the signature of chiploom evidence without chiploom: verify_evidence.py FILE [PUBLIC_KEY_FILE].

Needs Python 3.11 and the library ``cryptography``, and shares no code with chiploom. Exit status 0: the file is whole
and the key signed it; 1: not accepted; 64: wrong usage. Without a public key the one named inside is used, which
shows that the file is whole and who signed it, but not that this signer is to be trusted.
"""

import hashlib
import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

SCHEMA = "chiploom/evidence/1"
MEMBERS = ["conditions", "id", "issued", "issuer", "schema", "signature", "subject", "submission", "task", "verdict"]
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def verify(text: str, key: Ed25519PublicKey | None = None) -> dict:  # type: ignore[type-arg]
    """Return the contents of evidence whose signature holds; raise ValueError (or a library's error) otherwise."""
    evidence = json.loads(
        text, object_pairs_hook=without_repeats, parse_constant=refuse, parse_int=exact, parse_float=finite
    )
    if not isinstance(evidence, dict) or sorted(evidence) != MEMBERS or evidence["schema"] != SCHEMA:
        raise ValueError(f"not a file of {SCHEMA}")
    signature = evidence.pop("signature")
    if not isinstance(signature, str) or len(signature) != 128 or set(signature) - set("0123456789abcdef"):
        raise ValueError("the signature is not 128 hexadecimal digits")
    named = key_from_did(evidence["issuer"])
    if key is not None and key.public_bytes_raw() != named.public_bytes_raw():
        raise ValueError(f"signed by another key, {evidence['issuer']}")
    try:
        named.verify(bytes.fromhex(signature), canonical(evidence).encode())
    except Exception:  # the library has an error of its own for this
        raise ValueError("the signature does not belong to the contents: the file was altered") from None
    files, committed = evidence["submission"]["files"], evidence["submission"]["hash"]["value"]
    if files is not None and hashlib.sha256(canonical(files).encode()).hexdigest() != committed:
        raise ValueError("the submission inside is not the one whose hash was signed")
    return evidence


def canonical(value: object) -> str:
    """Spell a parsed JSON value as RFC 8785 does."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        return number(value)
    return json.dumps(value, ensure_ascii=False)


def number(value: float) -> str:
    """Spell a number as ECMAScript does: its shortest digits, with an exponent from 1e21 and below 1e-6."""
    if value == 0:
        return "0"
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent = int(power or 0) + len(whole) - 1 - (len(whole + fraction) - len(digits))
    sign, digits = "-" if value < 0 else "", digits.rstrip("0")
    if not -7 < exponent < 21:
        return f"{sign}{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{exponent:+d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    digits = digits.ljust(exponent + 1, "0")
    return sign + digits[: exponent + 1] + ("." + digits[exponent + 1 :] if digits[exponent + 1 :] else "")


def key_from_did(did: str) -> Ed25519PublicKey:
    """Return the key a did:key spells: base58 of the two bytes ed 01 and the 32 bytes of an Ed25519 key."""
    prefix, value = "did:key:z", 0
    if not isinstance(did, str) or not did.startswith(prefix) or len(did) > 60:
        raise ValueError("the issuer is not a did:key")
    for digit in did[len(prefix) :]:
        value = value * 58 + BASE58.index(digit)
    data = value.to_bytes(48, "big").lstrip(b"\0")
    if len(data) != 34 or data[:2] != b"\xed\x01":
        raise ValueError("the issuer is not the did:key of an Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(data[2:])


def without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse an object that names a member twice: two readers could understand it differently."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a member is repeated")
    return dict(pairs)


def exact(text: str) -> int:
    """Refuse a whole number that a double cannot hold exactly."""
    if len(text) > 17 or abs(int(text)) >= 2**53:
        raise ValueError("a whole number is too large")
    return int(text)


def finite(text: str) -> float:
    """Refuse a number that no double holds."""
    if abs(float(text)) == float("inf"):
        raise ValueError("a number is too large")
    return float(text)


def refuse(name: str) -> None:
    """Refuse NaN and the infinities, which JSON does not have."""
    raise ValueError(f"{name} is not JSON")


def main(arguments: list[str]) -> int:
    """Check one file and say what it records."""
    if len(arguments) not in (1, 2):
        print("usage: verify_evidence.py FILE [PUBLIC_KEY_FILE]", file=sys.stderr)
        return 64
    try:
        with open(arguments[0], encoding="utf-8", newline="") as stream:  # noqa: PTH123
            text = stream.read(20_000_001)
        key = None
        if len(arguments) == 2:
            with open(arguments[1], "rb") as stream_of_key:  # noqa: PTH123
                data = stream_of_key.read(10_000)
            loaded = key_from_did(data.decode().strip()) if data[:4] == b"did:" else load_pem_public_key(data)
            if not isinstance(loaded, Ed25519PublicKey):
                raise ValueError("the public key is not an Ed25519 key")
            key = loaded
        evidence = verify(text, key)
        shown = {name: evidence[name] for name in ("id", "issued", "issuer", "subject", "conditions")}
        shown["task"] = {name: evidence["task"][name] for name in ("pack", "pack_version", "id", "variant", "skills")}
        shown["verdict"] = {name: evidence["verdict"][name] for name in ("verdict", "method", "bound")}
    except OSError as error:
        print(f"verify_evidence: {arguments!a}: {error.strerror}", file=sys.stderr)
        return 64
    except Exception as error:  # whatever is wrong with the file, it is not accepted
        print(
            f"verify_evidence: NOT ACCEPTED: {type(error).__name__}: {ascii(str(error))[1:-1][:200]}", file=sys.stderr
        )
        return 1
    # Escaped to ASCII: what a file says cannot move the cursor or hide text of this terminal.
    print("ACCEPTED" if key else "ACCEPTED (key taken from the file: you decide whether to trust this issuer)")
    for name, value in shown.items():
        print(f"  {name}: {json.dumps(value)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
