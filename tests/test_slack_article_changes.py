"""`/articles add URL` and `/articles rebuild`: who may, what they hear and when, and what is never read."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from slack_questions import Serve
from slack_standin import parsing
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, Message, User

from bot import index_process, wording
from bot.settings import SlackSettings
from index import build, fetch
from index.archive import Archive
from index.build import BuildReport
from index.fetch import Page
from index.settings import IndexSettings

pytest_plugins = ("slack_fixtures",)

URL = "https://example.org/news/lighthouse"
PAGE = b"<html><title>Lighthouse <!channel></title><p>The lighthouse of Aldona was painted red in May.</p></html>"
GROUP = "S0EDITORS"

Change = Callable[[IndexSettings, "str | None"], BuildReport]


@pytest.fixture
def own(built_index: IndexSettings, tmp_path: Path) -> IndexSettings:
    """A copy of the index, to change."""
    shutil.copytree(built_index.index, tmp_path / "index")
    return replace(built_index, index=tmp_path / "index")


@pytest.fixture
def administered(slack: Slack, ada: User, settings: SlackSettings, serve: Serve, own: IndexSettings) -> None:
    """A bot whose administrators are ada and a user group, which is empty."""
    slack.groups[GROUP] = []
    serve(replace(settings, admins=frozenset({ada.id, GROUP})), own)
    slack.sockets.wait_for(1)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes are made in this process, and the web has one page."""

    def change(settings: IndexSettings, url: str | None) -> BuildReport:
        return build.rebuild(settings) if url is None else build.add(settings, [url])

    monkeypatch.setattr(index_process, "change", change)
    monkeypatch.setattr(fetch, "fetch", lambda url, *, max_bytes: Page(PAGE, is_html=True))


@pytest.fixture
def halted(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str | None], Event]]:
    """Changes that change nothing and end only when the event is set; the list is of those that have begun."""
    begun: list[str | None] = []
    go = Event()

    def change(settings: IndexSettings, url: str | None) -> BuildReport:
        begun.append(url)
        assert go.wait(60)
        return BuildReport(3, 40, 90, 0, "none", 0.1, ())

    monkeypatch.setattr(index_process, "change", change)
    yield begun, go
    go.set()


def shown(message: Message) -> str:
    return parsing.unescape(parsing.visible(message.text, message.blocks))


def call(slack: Slack, user: User, news: Channel, text: str, number: int = 1, timeout: float = 10.0) -> Message:
    """A command; the ``number``-th private message to that person."""
    slack.wait_acked(slack.command(user, news, "/articles", text))
    return slack.whisper_to(user, number, timeout)


@pytest.mark.usefixtures("administered", "here")
def test_a_page_of_the_web_is_added(slack: Slack, ada: User, news: Channel, own: IndexSettings) -> None:
    """The administrator hears that it began and what came of it; then it is quoted. Its title pings nobody."""
    assert URL in call(slack, ada, news, f"add {URL}").text
    told = slack.whisper_to(ada, 2, 60.0)
    assert "Done. I answer from 4 articles now" in shown(told)
    assert "Lighthouse <!channel>" in shown(told)
    assert told.pings == []
    archive = Archive.open(own)
    (added,) = (entry.article for entry in archive.articles() if entry.article.source == URL)
    assert "painted red in May" in added.text
    archive.close()
    slack.command(ada, news, "/articles", f"ADD {URL}")
    assert wording.NOTHING_CHANGED in shown(slack.whisper_to(ada, 4, 60.0))
    slack.command(ada, news, "/articles", "rebuild")
    told = slack.whisper_to(ada, 6, 60.0)
    assert "1 gone" in shown(told)
    assert f"Lighthouse <!channel> ({URL})" in shown(told)
    assert {message.channel for message in slack.workspace.from_bot()} == {news.id}


@pytest.mark.usefixtures("administered")
def test_a_rebuild_reads_the_folder_in_a_process_of_its_own(slack: Slack, ada: User, news: Channel) -> None:
    """Started for real: what the folder holds is what the index holds."""
    assert call(slack, ada, news, "rebuild").text == wording.REBUILDING
    told = shown(slack.whisper_to(ada, 2, 60.0))
    assert "Done. I answer from 3 articles now" in told
    assert "as they were before" in told


@pytest.mark.usefixtures("administered")
def test_an_address_inside_the_network_is_refused(slack: Slack, ada: User, news: Channel, own: IndexSettings) -> None:
    """By the fetcher itself, in the process that changes the index; the index stays as it was."""
    before = (own.index / "current").read_text()
    call(slack, ada, news, f"add {slack.web.root}/page")
    told = slack.whisper_to(ada, 2, 60.0)
    assert "The articles stay as they were" in told.text
    assert "private network" in told.text
    assert (own.index / "current").read_text() == before


@pytest.mark.usefixtures("administered")
@pytest.mark.parametrize(
    "what",
    [
        "/etc/passwd",
        "articles",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "https://",
        "http:///a",
        "https://ada:secret@example.org/",
        "https://[::1",
        "example.org",
        f"{URL} {URL}",
        "",
        "~",
        "https://example.org/" + "a" * 3000,
    ],
)
def test_only_one_address_of_the_web_is_read(
    slack: Slack, ada: User, news: Channel, what: str, halted: tuple[list[str | None], Event]
) -> None:
    """No path, no other scheme, nobody's password: refused at once, and nothing is begun."""
    assert call(slack, ada, news, f"add {what}").text == wording.WEB_ONLY
    slack.quiet()
    assert halted[0] == []


@pytest.mark.usefixtures("administered")
@pytest.mark.parametrize("what", ["add", "rebuild"])
def test_others_hear_who_may_and_nothing_is_done(
    slack: Slack, bob: User, news: Channel, what: str, halted: tuple[list[str | None], Event]
) -> None:
    """A polite no that names the setting and no person."""
    told = call(slack, bob, news, f"{what} {URL if what == 'add' else ''}")
    assert told.text == wording.ADMINS_ONLY
    assert "VERBATIM_ADMINS" in told.text
    slack.quiet()
    assert halted[0] == []


@pytest.mark.usefixtures("bot")
def test_where_nobody_may_it_says_how_to_name_somebody(slack: Slack, ada: User, news: Channel) -> None:
    """The setting, and what it takes."""
    assert call(slack, ada, news, "rebuild").text == wording.NO_ADMINS


@pytest.mark.usefixtures("administered")
def test_members_of_a_group_may(slack: Slack, bob: User, news: Channel, halted: tuple[list[str | None], Event]) -> None:
    """Slack is asked who they are once for some minutes."""
    slack.groups[GROUP] = [bob.id]
    halted[1].set()
    assert call(slack, bob, news, f"add {URL}").text.startswith(wording.adding(URL)[:20])
    call(slack, bob, news, f"add {URL}", 4)
    assert len(slack.web.called("usergroups.users.list")) == 1


@pytest.mark.usefixtures("administered")
def test_a_group_that_cannot_be_asked_for_lets_nobody_in(slack: Slack, bob: User, news: Channel) -> None:
    """In doubt it is no."""
    slack.forgiven.add("no_such_subteam")
    del slack.groups[GROUP]
    assert call(slack, bob, news, "rebuild").text == wording.ADMINS_ONLY


@pytest.mark.usefixtures("administered")
def test_changes_come_one_after_another_and_keep_nobody_waiting(
    slack: Slack, ada: User, news: Channel, halted: tuple[list[str | None], Event]
) -> None:
    """While one is under way others are taken up, up to a few, and commands are answered; each is told of its end."""
    begun, go = halted
    for number in range(1, 6):
        assert call(slack, ada, news, f"add {URL}/{number}", number).text == wording.adding(f"{URL}/{number}")
    assert call(slack, ada, news, "rebuild", 6).text == wording.TOO_MANY_CHANGES
    assert "Turmoil in Kazakhstan" in shown(call(slack, ada, news, "", 7))
    assert begun == [f"{URL}/1"]
    go.set()
    slack.whisper_to(ada, 12, 30.0)
    assert begun == [f"{URL}/{number}" for number in range(1, 6)]


@pytest.mark.usefixtures("administered")
def test_a_command_that_comes_twice_changes_once(
    slack: Slack, ada: User, news: Channel, halted: tuple[list[str | None], Event]
) -> None:
    """One trigger, one change."""
    begun, go = halted
    go.set()
    first = slack.wait_acked(slack.command(ada, news, "/articles", "rebuild"))
    slack.wait_acked(slack.send_again(first, attempt=0, reason=""))
    slack.whisper_to(ada, 2)
    slack.quiet()
    assert begun == [None]
    assert len(slack.workspace.from_bot()) == 2


@pytest.mark.usefixtures("administered")
def test_after_half_an_hour_the_end_is_told_directly(
    slack: Slack, ada: User, news: Channel, halted: tuple[list[str | None], Event]
) -> None:
    """A response_url lives for thirty minutes; then the same comes as a direct message."""
    slack.forgiven.add("expired_url")
    call(slack, ada, news, "rebuild")
    slack.workspace.now = lambda: time.time() + 3_000
    halted[1].set()
    direct = slack.dm_of(ada.id)
    (told,) = slack.workspace.wait_for(lambda: slack.workspace.from_bot(direct), "a direct message")
    assert "Done." in told.text


@pytest.mark.usefixtures("administered")
def test_a_defect_is_an_apology_and_the_next_change_is_made(
    slack: Slack, ada: User, news: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever went wrong: a reference for the log, and the way is free again."""

    def broken(settings: IndexSettings, url: str | None) -> BuildReport:
        raise RuntimeError("the process died")

    monkeypatch.setattr(index_process, "change", broken)
    for number in (2, 4):
        slack.command(ada, news, "/articles", "rebuild")
        told = slack.whisper_to(ada, number)
        assert "reference" in told.text
        assert "the process died" not in told.text


@pytest.mark.usefixtures("administered")
@pytest.mark.parametrize("what", ["help", "Remove all", "rebuild now", "<!channel>", "adds", "\u202e", "add\u200b"])
def test_other_words_get_the_help(slack: Slack, ada: User, news: Channel, what: str) -> None:
    """All that the command takes."""
    told = call(slack, ada, news, what)
    assert told.text == wording.HELP["/articles"]
    assert all(part in told.text for part in ("add URL", "rebuild", "administrators"))


def test_a_process_that_breaks_down_is_an_error() -> None:
    """It is not waited for in vain."""
    with pytest.raises(RuntimeError, match="ended with status 1"):
        index_process.change(None, None)  # type: ignore[arg-type]
