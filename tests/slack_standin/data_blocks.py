"""The blocks that show data: table, data_table and data_visualization."""

from __future__ import annotations

from typing import Any

from slack_standin.rich_text import RICH_TEXT
from slack_standin.shape import Report, Rule, flag, listing, number, one_of, record, string, typed

_CELL = typed(
    {
        "raw_text": record({"text": string()}),
        "raw_number": record({"value": number(whole=False)}, {"text": string()}),
        "rich_text": RICH_TEXT,
    }
)


def _same_width(report: Report, path: str, value: Any) -> None:
    """Every row has as many cells as the first, and no fewer than there are column settings."""
    rows = [row for row in value.get("rows") or [] if isinstance(row, list)]
    if len({len(row) for row in rows}) > 1:
        report.add(f"{path}/rows", "must have the same number of columns in every row")
    if rows and len(value.get("column_settings") or []) > len(rows[0]):
        report.add(f"{path}/column_settings", "must not have more items than there are columns")


def _readable(report: Report, path: str, value: Any) -> None:
    """All cells together stay within Slack's 20,000 characters."""
    rows = [row for row in value.get("rows") or [] if isinstance(row, list)]
    cells = [cell for row in rows for cell in row if isinstance(cell, dict)]
    if sum(len(str(cell.get("text", ""))) for cell in cells) > 20_000:
        report.add(f"{path}/rows", "must be less than 20001 characters in all")


TABLE = record(
    {"rows": listing(listing(_CELL, least=1, most=20), least=1, most=100)},
    {
        "column_settings": listing(
            record({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag}), most=20
        ),
        "block_id": string(255),
    },
    _same_width,
)

DATA_TABLE = record(
    {"rows": listing(listing(_CELL, least=1, most=20), least=2, most=201)},
    {
        "page_size": number(1, 100),
        "caption": string(),
        "row_header_column_index": number(0),
        "block_id": string(255),
    },
    _same_width,
    _readable,
)

_SERIES = record(
    {
        "name": string(20),
        "data": listing(record({"label": string(20), "value": number(whole=False)}), least=1, most=20),
    }
)
_AXES = record({"categories": listing(string(20), least=1, most=20)}, {"x_label": string(50), "y_label": string(50)})


def _above_zero(report: Report, path: str, value: Any) -> None:
    """A slice of a pie is more than nothing."""
    if isinstance(value.get("value"), (int, float)) and value["value"] <= 0:
        report.add(f"{path}/value", "must be more than 0")


_SLICE = record({"label": string(20), "value": number(whole=False)}, {}, _above_zero)
_GRAPH = record({"series": listing(_SERIES, least=1, most=12), "axis_config": _AXES})
_CHARTS: dict[str, Rule] = {
    "pie": record({"segments": listing(_SLICE, least=1, most=12)}),
    **dict.fromkeys(("area", "bar", "line"), _GRAPH),
}

DATA_VISUALIZATION = record({"title": string(50), "chart": typed(_CHARTS)}, {"block_id": string(255)})
