import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.errors import PackError
from chiploom.tasks import expressions

PARAMETERS = {"WIDTH": 4, "MODULO": 10}


@given(st.text().filter(lambda text: "${" not in text))
def test_a_text_without_dollar_brace_stays_as_it_is(text: str) -> None:
    assert expressions.fill(text, PARAMETERS, "f") == text


def test_only_dollar_brace_is_special() -> None:
    text = "{{x}} {% if %} {# c #} ## $clog2(x) {${WIDTH}{1'b0}} ${MODULO - 1} ${clog2(MODULO)}\n"
    assert expressions.fill(text, PARAMETERS, "f") == "{{x}} {% if %} {# c #} ## $clog2(x) {4{1'b0}} 9 4\n"


@pytest.mark.parametrize(
    "expression",
    [
        "WIDHT",
        "WIDTH.__class__",
        "().__class__.__mro__",
        "[1, 2][0]",
        "range(3)",
        "WIDTH | abs",
        "2 ** 99999999",
        "'a' * 999999999",
        "'%099999999d' % 5",
        "[1] * 10 ** 8",
        "1 // 0",
        "clog2('a')",
        "lipsum()",
        "cycler",
        "min.__self__",
        "WIDTH +",
    ],
)
def test_nothing_but_arithmetic_over_the_parameters(expression: str) -> None:
    with pytest.raises(PackError) as caught:
        expressions.integer(expression, PARAMETERS, "task.toml: ports[0].width")
    assert caught.value.code == "bad-expression"
    assert caught.value.message.startswith("task.toml: ports[0].width")
    with pytest.raises(PackError) as caught:
        expressions.fill(f"${{{expression}}}", PARAMETERS, "starter.sv")
    assert caught.value.code == "bad-template"


@given(st.integers(1, 2**40))
def test_clog2_is_that_of_the_language_standard(value: int) -> None:
    bits = expressions.integer("clog2(N)", {"N": value}, "f")
    assert 2**bits >= value
    assert bits == 0 or 2 ** (bits - 1) < value
