"""A small vocabulary to say what a JSON value must look like, and to collect what is wrong with it.

A rule is called with a report, the JSON pointer of the value and the value; it writes to the report
what Slack would say. ``record(required=…, optional=…)`` refuses every field that it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Report:
    """What is wrong with a payload, in the words and form of Slack's ``response_metadata.messages``."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, path: str, what: str) -> None:
        self.messages.append(f"[ERROR] {what} [json-pointer:{path}]")


Rule = Callable[[Report, str, Any], None]


def anything(report: Report, path: str, value: Any) -> None:
    """Every value will do."""


def flag(report: Report, path: str, value: Any) -> None:
    """True or False."""
    if not isinstance(value, bool):
        report.add(path, "must be a boolean")


def string(most: int | None = None, *, least: int = 1) -> Rule:
    """A string of ``least`` to ``most`` code points."""

    def rule(report: Report, path: str, value: Any) -> None:
        if not isinstance(value, str):
            report.add(path, "must be a string")
        elif len(value) < least:
            report.add(path, f"must be more than {least - 1} characters")
        elif most is not None and len(value) > most:
            report.add(path, f"must be less than {most + 1} characters")

    return rule


def number(least: float | None = None, most: float | None = None, *, whole: bool = True) -> Rule:
    """A number from ``least`` to ``most``."""

    def rule(report: Report, path: str, value: Any) -> None:
        kinds = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            report.add(path, "must be an integer" if whole else "must be a number")
        elif least is not None and value < least:
            report.add(path, f"must be at least {least}")
        elif most is not None and value > most:
            report.add(path, f"must be at most {most}")

    return rule


def one_of(*values: Any) -> Rule:
    """One of the values named."""

    def rule(report: Report, path: str, value: Any) -> None:
        if value not in values:
            report.add(path, f"must be one of {', '.join(map(repr, values))}")

    return rule


def listing(rule: Rule, *, least: int = 0, most: int | None = None) -> Rule:
    """A list of ``least`` to ``most`` values that each obey ``rule``."""

    def check(report: Report, path: str, value: Any) -> None:
        if not isinstance(value, list):
            report.add(path, "must be an array")
            return
        if len(value) < least:
            report.add(path, f"no fewer than {least} items allowed")
        if most is not None and len(value) > most:
            report.add(path, f"no more than {most} items allowed")
        for n, item in enumerate(value):
            rule(report, f"{path}/{n}", item)

    return check


def record(required: Mapping[str, Rule] | None = None, optional: Mapping[str, Rule] | None = None, *also: Rule) -> Rule:
    """An object with every required field and no unknown one; ``also`` are rules for the object as a whole."""
    needed, known = dict(required or {}), dict(required or {}) | dict(optional or {})

    def check(report: Report, path: str, value: Any) -> None:
        if not isinstance(value, dict):
            report.add(path, "must be an object")
            return
        for name in needed:
            if name not in value:
                report.add(path, f"missing required field: {name}")
        for name, item in value.items():
            if name in known:
                known[name](report, f"{path}/{name}", item)
            elif name != "type":
                report.add(path, f"invalid additional property: {name}")
        for rule in also:
            rule(report, path, value)

    return check


def typed(kinds: Mapping[str, Rule], *, allowed: tuple[str, ...] | None = None) -> Rule:
    """An object whose ``type`` names the rule that it must obey; ``allowed`` narrows the types."""

    def check(report: Report, path: str, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            report.add(path, "must be an object with a type")
        elif kind not in (kinds if allowed is None else allowed) or kind not in kinds:
            report.add(path, f"unsupported type: {kind}")
        else:
            kinds[kind](report, path, value)

    return check


def exactly_one(*names: str) -> Rule:
    """Of the fields named, one and only one is there."""

    def check(report: Report, path: str, value: Any) -> None:
        if sum(name in value for name in names) != 1:
            report.add(path, f"must define exactly one of {', '.join(names)}")

    return check


def at_least_one(*names: str) -> Rule:
    """Of the fields named, one at least is there."""

    def check(report: Report, path: str, value: Any) -> None:
        if not any(value.get(name) for name in names):
            report.add(path, f"must define one of {', '.join(names)}")

    return check


def check(rule: Rule, value: Any, path: str = "") -> list[str]:
    """What is wrong with ``value``; an empty list where nothing is."""
    report = Report()
    rule(report, path, value)
    return report.messages
