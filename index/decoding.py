"""Bytes to text: the encoding found, line ends and invisible controls settled, entities decoded. Done once, at reading."""

from __future__ import annotations

import codecs
import html
import re

from index.errors import ArticleError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its BOM begins with that one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What newsrooms have. Left out are the many near-twins (cp1250, cp1258, Mac): on a few bytes of English
# a guess among twins turns £ into Ł, and cp1252 is nearly always right.
_LEGACY = ["cp1252", "cp1251", "cp1253", "shift_jis", "gb18030", "big5", "euc_jp", "euc_kr"]

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def decode(data: bytes) -> str:
    """The text that ``data`` holds.

    Raises:
        ArticleError: it is binary, or in no encoding that could be told.
    """
    text = _decoded(data)
    if len(_CONTROLS.findall(text)) > len(text) * 0.01 + 1:
        raise ArticleError("it is not text")
    return settle(text)


def settle(text: str) -> str:
    """One kind of line end, no control characters, no lone surrogates."""
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return text.encode("utf-8", "replace").decode("utf-8")


def unescape(text: str) -> str:
    """Decode HTML entities once: ``&amp;lt;`` becomes ``&lt;``, and ``AT&T`` stays what it is."""
    return _ENTITY.sub(lambda match: html.unescape(match.group()), text)


def _decoded(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _whole(data[len(bom) :], encoding)
    if b"\0" in data:
        # UTF-16 without a BOM has its zero bytes on one side only; anything else with zeros is no text.
        even, odd = data[::2].count(0), data[1::2].count(0)
        if max(even, odd) * 5 < len(data) // 2 or min(even, odd) * 20 > max(even, odd):
            raise ArticleError("it is binary, not text")
        return _whole(data, "utf-16-le" if odd > even else "utf-16-be")
    try:
        return _whole(data, "utf-8")
    except ArticleError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_LEGACY).best()
    if best is not None:
        return str(best)
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise ArticleError("its encoding cannot be told; save it as UTF-8") from None


def _whole(data: bytes, encoding: str) -> str:
    """Decode strictly, but forgive a character cut in half at the very end: the file was still being written."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(data, final=False)
    except UnicodeDecodeError:
        raise ArticleError(f"it is not valid {encoding}") from None
