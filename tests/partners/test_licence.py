import pytest

from chiploom.partners import licence

OPEN = ("MIT", "Apache-2.0", "GPL-2.0-only", "CC-BY-4.0")


@pytest.mark.parametrize(
    ("expression", "blocking"),
    [
        ("MIT", None),
        ("apache-2.0", None),
        ("MIT OR Proprietary", None),
        ("Proprietary OR MIT", None),
        ("MIT AND CC-BY-NC-4.0", "CC-BY-NC-4.0"),
        ("(MIT OR X) AND (Y OR Apache-2.0)", None),
        ("MIT AND (X OR Y)", "X"),
        ("MIT OR X AND Y", None),
        ("X AND Y OR MIT", None),
        ("GPL-2.0-only WITH Classpath-exception-2.0", None),
        ("X WITH Classpath-exception-2.0", "X"),
        ("Proprietary", "Proprietary"),
        ("", ""),
        ("MIT OR", None),
        ("MIT )", "MIT )"),
        ("(" * 500 + "MIT", "(" * 500 + "MIT"),
    ],
)
def test_spdx_expressions(expression: str, blocking: str | None) -> None:
    assert licence.not_open(expression, OPEN) == blocking


def test_identifiers_leave_out_exceptions_and_operators() -> None:
    assert licence.identifiers("(MIT OR Apache-2.0) AND GPL-2.0-only WITH Classpath-exception-2.0") == [
        "MIT",
        "Apache-2.0",
        "GPL-2.0-only",
    ]


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        ("pack.toml", 'licence = "MIT"', "MIT"),
        ("pyproject.toml", '[project]\nlicense = "MIT"', "MIT"),
        ("pyproject.toml", '[project]\nlicense = { text = "MIT" }', "MIT"),
        ("pyproject.toml", '[project]\nlicense = { file = "LICENSE" }', None),
        ("pyproject.toml", "not toml [", None),
        ("Cargo.toml", '[package]\nlicense = "MIT OR Apache-2.0"', "MIT OR Apache-2.0"),
        ("package.json", '{"license": "MIT"}', "MIT"),
        ("package.json", '{"license": 5}', None),
        ("package.json", "[" * 100_000, None),
        ("codemeta.json", '{"license": "https://spdx.org/licenses/MIT"}', "MIT"),
        ("CITATION.cff", "cff-version: 1.2.0\nlicense: MIT\n", "MIT"),
        ("README.md", "---\nlicense: mit\n---\n# Model", "mit"),
        ("README.md", "# Model\nlicense: mit\n", None),
        ("LICENSE", "SPDX-License-Identifier: MIT\n\nPermission", "MIT"),
        ("LICENSE", "Permission", None),
    ],
)
def test_where_a_licence_is_declared(file: str, text: str, found: str | None) -> None:
    declared = licence.declared(lambda name: text if name == file else None)
    assert declared == ({} if found is None else {file: found})
