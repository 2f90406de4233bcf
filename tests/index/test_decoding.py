"""Bytes to text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decoding import decode, settle, unescape
from index.errors import ArticleError

TEXT = "The company said: “We will not go,” he said – it costs £5m.\nNaïve café."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_the_encodings_newsrooms_use_are_found(encoding: str) -> None:
    """The same text comes out of every encoding that articles arrive in, and no BOM stays in it."""
    assert decode(TEXT.encode(encoding)) == TEXT


def test_russian_in_its_old_encoding_is_found() -> None:
    """A legacy encoding other than Western is told by what it makes of the bytes."""
    text = "Россия направила войска в Казахстан. Москва заявила, что миротворцы скоро вернутся домой."
    assert decode(text.encode("cp1251")) == text


def test_a_single_accent_does_not_turn_the_text_into_chinese() -> None:
    """One Latin-1 letter in a short text is read as Western."""
    assert decode("A café opened.".encode("cp1252")) == "A café opened."


def test_a_file_cut_inside_a_character_is_read_up_to_it() -> None:
    """A half-written file gives what is whole of it."""
    assert decode("It costs 5 €".encode()[:-1]) == "It costs 5 "


def test_line_ends_are_one_kind() -> None:
    """Windows, old Mac and Unicode line ends all become a newline."""
    assert decode(b"a\r\nb\rc\xe2\x80\xa8d") == "a\nb\nc\nd"


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n" + b"\0" * 400, b"\x7fELF\x02\x01\x01" + b"\0\1" * 90]
)
def test_binary_is_refused(data: bytes) -> None:
    """A picture or a program is named as no text instead of being quoted."""
    with pytest.raises(ArticleError, match="text"):
        decode(data)


def test_entities_are_decoded_once() -> None:
    """`&amp;lt;` was written to show `&lt;`, and a bare ampersand is no entity."""
    assert unescape("AT&T &amp;lt; &#163;5 &notit &quot;x&quot; &#0;") == 'AT&T &lt; £5 &notit "x" \ufffd'


@given(st.binary(max_size=300))
def test_any_bytes_give_clean_text_or_an_article_error(data: bytes) -> None:
    """No bytes whatever raise anything else, and what comes out is settled already."""
    try:
        text = decode(data)
    except ArticleError:
        return
    assert settle(text) == text
    assert "\r" not in text
    assert "\0" not in text
    text.encode("utf-8")
