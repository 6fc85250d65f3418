import re
import string
from pathlib import Path

import pytest

from chiploom import messages

SOURCE = Path(messages.__file__).parents[1]
TABLE = messages.all_messages()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("message", TABLE, ids=lambda message: message.code)
def test_each_message_is_one_line_with_the_same_fields_in_each_language(message: messages.Message) -> None:
    assert set(message.texts) == set(messages.LANGUAGES)
    assert message.severity in ("error", "warning", "note")
    wanted = fields(message.texts["en"])
    for language, text in message.texts.items():
        assert text and "\n" not in text, language
        assert fields(text) == wanted, language
        assert "" not in wanted, "fields are named"


@pytest.mark.parametrize("message", TABLE, ids=lambda message: message.code)
def test_quoted_code_is_the_same_in_each_language(message: messages.Message) -> None:
    """Keywords and operators quoted in backticks are Verilog and are not translated away."""
    keyword = re.compile(r"`(begin|end|endmodule|endcase|assign|always|case|if|else if|posedge|negedge|reg|logic)`")
    english = set(keyword.findall(message.texts["en"]))
    for language in ("vi", "fr"):
        assert set(keyword.findall(message.texts[language])) == english, language


def test_vietnamese_and_french_are_not_english() -> None:
    for message in TABLE:
        english, vietnamese, french = (message.texts[language] for language in ("en", "vi", "fr"))
        words = re.sub(r"\{\w*\}|`[^`]*`", "", english)
        if len(re.findall(r"[A-Za-z]{2,}", words)) > 3:
            assert len({english, vietnamese, french}) == 3, message.code
            assert re.search(r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", vietnamese), (
                message.code
            )


def test_every_hdl_message_is_used_and_every_used_one_exists() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((SOURCE / "hdl").glob("*.py")))
    known = {message.code for message in TABLE}
    for used in re.findall(r'"(hdl\.[a-z0-9-]+)"', text):
        assert used in known, used
    for code in known:
        subject, _, key = code.partition(".")
        if subject == "hdl":
            assert f'"{key}"' in text or f'"{code}"' in text, f"{code} is never said"


def test_unknown_codes_are_key_errors() -> None:
    with pytest.raises(KeyError):
        messages.message("hdl.no-such-thing")
    with pytest.raises(KeyError):
        messages.message("nosubject.x")
    with pytest.raises(KeyError):
        messages.text("hdl.no-module", "de")


def test_numbers_are_written_as_the_language_does() -> None:
    written = {language: messages.number(16384, "", language) for language in messages.LANGUAGES}
    assert written == {"en": "16,384", "vi": "16.384", "fr": "16\u202f384"}
    assert [messages.number(1234.5, ",.1f", language) for language in ("vi", "fr")] == ["1.234,5", "1\u202f234,5"]
    assert messages.number(0.25, "g", "vi") == "0,25"
