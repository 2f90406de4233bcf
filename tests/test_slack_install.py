"""Installing the app in a workspace, the whole way through the real bot, and everything that may come in between."""

from __future__ import annotations

import base64
import logging
import re
import threading
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import sqlalchemy as sa
from slack_questions import QUESTION, Serve
from slack_standin import events, parsing
from slack_standin.browser import Browser
from slack_standin.signed_requests import Reply
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, User

from bot import wording
from bot.app import check_tokens
from bot.database import Database
from bot.installing import AT_ONCE
from bot.manifest import bot_scopes
from bot.serve import Server
from bot.settings import SlackSettings
from index.errors import SettingsError, VerbatimError

pytest_plugins = ("slack_fixtures",)


@pytest.fixture
def web_bot(slack: Slack, serve: Serve, installable: SlackSettings) -> Server:
    """The real bot in HTTP mode, installed nowhere yet."""
    server = serve(installable)
    slack.use_http(server.port or 0)
    return server


@pytest.fixture
def browser(slack: Slack) -> Browser:
    return Browser(slack)


def tokens(database: Database) -> list[str]:
    """The bots' tokens that are kept."""
    with database.begin() as connection:
        return list(connection.scalars(sa.text("SELECT bot_token FROM slack_bots ORDER BY bot_token")))


def check_plain(reply: Reply, slack: Slack, *lines: str) -> None:
    """A page in one or two lines of words, with nothing in it that is nobody's business."""
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-store"
    words = re.findall(r"<p>(?!<a)(.*)</p>", reply.body)
    assert words == list(lines)
    shown = reply.body + str(reply.headers)
    secrets = [slack.oauth.client_secret, *(team.bot_token for team in slack.teams), "xoxb", "Traceback", "Error"]
    assert [secret for secret in secrets if secret in shown] == []


@pytest.mark.usefixtures("web_bot")
def test_a_workspace_installs_the_app_and_is_answered(
    slack: Slack, morning: Slack, eve: User, desk: Channel, browser: Browser, database: Database
) -> None:
    """The page says how to go on, and the bot answers there with the token that it was given."""
    reply = browser.install(morning, eve)
    assert reply.status == 200
    check_plain(reply, slack, "Verbatim is installed in The morning &amp; &lt;Co&gt;.", wording.WHAT_NOW)
    assert f"app={morning.workspace.app_id}&amp;team={morning.workspace.team}" in reply.body
    assert browser.cookies == {}
    assert tokens(database) == [morning.bot_token]
    assert parsing.quotes(morning.reply_to(morning.mention(eve, desk, QUESTION)).blocks)
    morning.command(eve, desk, "/ask", QUESTION)
    assert parsing.quotes(morning.whisper_to(eve).blocks)


@pytest.mark.usefixtures("web_bot")
def test_slack_is_asked_for_what_the_manifest_says(slack: Slack, browser: Browser) -> None:
    """Its scopes and no others, no person's token; the cookie is for this browser alone, and for ten minutes."""
    reply = browser.get("/slack/install")
    asked = parse_qs(urlsplit(reply.headers["Location"]).query, keep_blank_values=True)
    assert asked["scope"] == [",".join(bot_scopes())]
    assert asked["user_scope"] == [""]
    assert asked["state"] == list(browser.cookies.values())
    assert "Secure; HttpOnly; Path=/; Max-Age=600" in reply.headers["Set-Cookie"]
    assert slack.oauth.client_secret not in str(reply)


@pytest.mark.usefixtures("web_bot")
@pytest.mark.parametrize("team", ["T1%0d%0aSet-Cookie:%20x=y", "T1&scope=admin", "%C3%BC", "", "t1", "T" * 99])
def test_nothing_is_put_into_slacks_address(browser: Browser, team: str) -> None:
    """But a workspace's id, which Slack then offers first."""
    reply = browser.get(f"/slack/install?team={team}")
    assert reply.status == 302
    asked = parse_qs(urlsplit(reply.headers["Location"]).query)
    assert asked.get("team") == (["T1"] if team == "T1&scope=admin" else None)
    assert asked["scope"] == [",".join(bot_scopes())]
    assert list(browser.cookies) == ["slack-app-oauth-state"]


def no_cookie(slack: Slack, browser: Browser, query: str) -> Reply:
    return Browser(slack).come_back(query)


def other_state(slack: Slack, browser: Browser, query: str) -> Reply:
    return browser.come_back(re.sub("state=[^&]*", "state=" + "0" * 36, query))


def forged_state(slack: Slack, browser: Browser, query: str) -> Reply:
    browser.cookies["slack-app-oauth-state"] = "0" * 36
    return other_state(slack, browser, query)


def no_state(slack: Slack, browser: Browser, query: str) -> Reply:
    return browser.come_back(query.split("&state=")[0])


def no_code(slack: Slack, browser: Browser, query: str) -> Reply:
    return browser.come_back("state=" + query.split("&state=")[1])


def empty_code(slack: Slack, browser: Browser, query: str) -> Reply:
    return browser.come_back("code=&state=" + query.split("&state=")[1])


def strange_code(slack: Slack, browser: Browser, query: str) -> Reply:
    return browser.come_back("code=%0d%0aERROR%20<b>%00&state=" + query.split("&state=")[1])


def unknown_code(slack: Slack, browser: Browser, query: str) -> Reply:
    return browser.come_back("code=1.2.abc&state=" + query.split("&state=")[1])


def declined(slack: Slack, browser: Browser, query: str) -> Reply:
    return browser.come_back("error=access_denied&state=" + query.split("&state=")[1])


def other_error(slack: Slack, browser: Browser, query: str) -> Reply:
    return browser.come_back(urlencode({"error": "<script>alert(1)</script>xoxb-1"}))


def refused(slack: Slack, browser: Browser, query: str) -> Reply:
    slack.faults.refuse("oauth.v2.access", "bad_redirect_uri")
    return browser.come_back(query)


def refused_token(slack: Slack, browser: Browser, query: str) -> Reply:
    slack.faults.refuse("auth.test", "account_inactive")
    return browser.come_back(query)


def broken(slack: Slack, browser: Browser, query: str) -> Reply:
    slack.faults.answer("oauth.v2.access", 500)
    return browser.come_back(query)


def cut(slack: Slack, browser: Browser, query: str) -> Reply:
    slack.faults.cut("oauth.v2.access", times=2)
    return browser.come_back(query)


def nonsense(slack: Slack, browser: Browser, query: str) -> Reply:
    slack.oauth.extra = {"team": ["T1"], "access_token": 7}
    return browser.come_back(query)


def org_wide(slack: Slack, browser: Browser, query: str) -> Reply:
    slack.oauth.extra = {"is_enterprise_install": True, "team": None, "enterprise": {"id": "E1", "name": "All"}}
    return browser.come_back(query)


def rotating(slack: Slack, browser: Browser, query: str) -> Reply:
    slack.oauth.extra = {"refresh_token": "xoxe-1-abc", "expires_in": 43200}
    return browser.come_back(query)


WRONG = {
    no_cookie: (400, wording.NOT_INSTALLED["invalid_browser"]),
    other_state: (400, wording.NOT_INSTALLED["invalid_browser"]),
    forged_state: (401, wording.NOT_INSTALLED["invalid_state"]),
    no_state: (400, wording.NOT_INSTALLED["invalid_browser"]),
    no_code: (401, wording.NOT_INSTALLED["missing_code"]),
    empty_code: (401, wording.NOT_INSTALLED["invalid_code"]),
    strange_code: (401, wording.NOT_INSTALLED["invalid_code"]),
    unknown_code: (401, wording.NOT_INSTALLED["invalid_code"]),
    declined: (200, wording.NOT_INSTALLED["access_denied"]),
    other_error: (200, wording.REFUSED),
    refused: (401, wording.NOT_INSTALLED["invalid_code"]),
    refused_token: (401, wording.NOT_INSTALLED["invalid_code"]),
    broken: (502, wording.NOT_INSTALLED["unreachable"]),
    cut: (502, wording.NOT_INSTALLED["unreachable"]),
    nonsense: (502, wording.NOT_INSTALLED["unreachable"]),
    org_wide: (400, wording.NOT_INSTALLED["org_wide"]),
    rotating: (400, wording.NOT_INSTALLED["rotating"]),
}


@pytest.mark.usefixtures("web_bot")
def test_what_goes_wrong_is_said_plainly(
    slack: Slack, morning: Slack, eve: User, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """One line, no token, no traceback, nothing kept; begun again it goes well."""
    slack.forgiven |= {"bad_redirect_uri", "account_inactive", "invalid_code"}
    for go, (status, line) in WRONG.items():
        browser = Browser(slack)
        reply = go(slack, browser, slack.oauth.agree(morning, eve, browser.begin()))
        assert (go.__name__, reply.status) == (go.__name__, status)
        check_plain(reply, slack, line.replace("'", "&#x27;"))
        assert '<a href="/slack/install">' in reply.body
        assert tokens(database) == []
        slack.oauth.extra = {}
    assert "Traceback" not in caplog.text
    assert Browser(slack).install(morning, eve).status == 200


@pytest.mark.usefixtures("web_bot")
def test_a_state_is_good_once_and_for_ten_minutes(
    slack: Slack, morning: Slack, eve: User, browser: Browser, database: Database
) -> None:
    """Come back to a second time, or too late, the page installs nothing, even with the cookie and a good code."""
    query = slack.oauth.agree(morning, eve, browser.begin())
    state, cookies = query.split("&state=")[1], dict(browser.cookies)
    assert browser.come_back(query).status == 200
    browser.cookies = cookies
    again = slack.oauth.agree(morning, eve, f"https://slack.com/oauth/v2/authorize?{_asked(slack, state)}")
    assert browser.come_back(again).status == 401
    late = slack.oauth.agree(morning, eve, browser.begin())
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE slack_oauth_states SET expire_at = '2020-01-01 00:00:00.000000'"))
    assert browser.come_back(late).status == 401
    assert len(slack.web.called("oauth.v2.access")) == 1


def _asked(slack: Slack, state: str) -> str:
    return urlencode({"client_id": slack.oauth.client_id, "scope": ",".join(bot_scopes()), "state": state})


@pytest.mark.usefixtures("web_bot")
def test_a_database_that_fails_is_said_plainly(
    slack: Slack, morning: Slack, eve: User, browser: Browser, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """On the way out and on the way back; the log has one line, without the token."""
    query = slack.oauth.agree(morning, eve, browser.begin())
    with database.begin() as connection:
        connection.execute(sa.text("ALTER TABLE slack_bots RENAME TO elsewhere"))
    line = wording.NOT_INSTALLED["storage_error"]
    check_plain(reply := browser.come_back(query), slack, line)
    with database.begin() as connection:
        connection.execute(sa.text("DROP TABLE slack_oauth_states"))
    check_plain(begun := browser.get("/slack/install"), slack, line)
    assert (reply.status, begun.status) == (503, 503)
    assert "no such table: slack_bots" in caplog.text
    assert morning.bot_token not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.usefixtures("web_bot")
def test_many_who_install_keep_nobody_from_being_answered(
    slack: Slack, morning: Slack, eve: User, desk: Channel, browser: Browser
) -> None:
    """While Slack lets installations wait, the next ones are asked to come again, and events are acknowledged."""
    assert browser.install(morning, eve).status == 200
    held = [slack.faults.hold("oauth.v2.access") for _ in range(AT_ONCE)]
    browsers = [Browser(slack) for _ in range(AT_ONCE)]
    queries = [slack.oauth.agree(morning, eve, one.begin()) for one in browsers]
    waiting = [
        threading.Thread(target=one.come_back, args=(query,)) for one, query in zip(browsers, queries, strict=True)
    ]
    for thread in waiting:
        thread.start()
    assert all(one.arrived.wait(5) for one in held)
    query = slack.oauth.agree(morning, eve, browser.begin())
    check_plain(reply := browser.come_back(query), slack, wording.NOT_INSTALLED["busy"])
    assert reply.status == 503
    assert parsing.quotes(morning.reply_to(morning.mention(eve, desk, QUESTION)).blocks)
    for one in held:
        one.let_go()
    for thread in waiting:
        thread.join(10)
    assert browser.come_back(query).status == 200  # the same page again: nothing was used up


@pytest.mark.usefixtures("web_bot")
def test_the_addresses_take_get_alone(slack: Slack) -> None:
    """And whatever is sent to them, they do not break."""
    assert slack.http._exchange("POST", "/slack/install", b"x", {}).status == 405
    assert slack.http._exchange("HEAD", "/slack/oauth_redirect", b"", {}).status == 405
    for query in ("%", "state=%ff&code=%00", "&&&=", "state=a&state=b&code", "error", "%C3%28=1", "x" * 5000):
        for cookie in ("", "slack-app-oauth-state=a", "=;;\xff"):
            reply = slack.http.get(f"/slack/oauth_redirect?{query}", {"Cookie": cookie})
            assert (query, reply.status < 500) == (query, True)
            check_plain(reply, slack, *re.findall("<p>(Nothing was installed.*)</p>", reply.body))


@pytest.mark.usefixtures("web_bot")
def test_rubbish_is_acknowledged_or_refused(slack: Slack) -> None:
    """Slack's check of the address is answered; signed payloads of no workspace do no harm."""
    reply = slack.http.post(b'{"type": "url_verification", "challenge": "c0ffee"}')
    assert (reply.status, "c0ffee" in reply.body) == (200, True)
    for rubbish in (
        *(b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"type": 7}', b'{"type": ["x"], "event": {"type": {}}}'),
        *(b'{"type": "event_callback", "event": null}', b'{"team_id": {"id": 1}, "type": "event_callback"}'),
        *(b'{"type": "event_callback", "team_id": "T9", "event": {"type": "app_uninstalled"}}',),
        *(b'{"type": "event_callback", "event": {"type": "tokens_revoked", "tokens": null}}',),
    ):
        assert (rubbish, slack.http.post(rubbish).status < 500) == (rubbish, True)
    assert slack.http.get("/healthz").status == 200


def test_without_the_settings_there_is_nothing_to_install(
    slack: Slack, ada: User, serve: Serve, http_settings: SlackSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the environment holds them, as .env.example does: empty. The one workspace is answered."""
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "")
    slack.use_http(serve(http_settings).port or 0)
    for path in ("/slack/install", "/slack/oauth_redirect?code=1&state=2"):
        assert slack.http.get(path).status == 404
    assert parsing.quotes(slack.reply_to(slack.tell(ada, QUESTION)).blocks)


def test_in_socket_mode_the_app_is_installed_over_http(
    slack: Slack, morning: Slack, eve: User, browser: Browser, serve: Serve, installable: SlackSettings
) -> None:
    """And nothing but installed: nobody can slip events in there, whose signature no secret proves."""
    server = serve(replace(installable, app_token=slack.app_token, signing_secret=None))
    slack.http.port = server.port
    assert browser.install(morning, eve).status == 200
    assert parsing.quotes(morning.reply_to(morning.tell(eve, QUESTION)).blocks)
    body = b'{"type": "url_verification", "challenge": "c0ffee"}'
    assert slack.http.post(body).status == 404
    assert slack.http.get("/healthz").status == 200
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        slack.http.get("/healthz")


@pytest.mark.usefixtures("web_bot")
def test_a_workspace_without_the_app_is_left_alone(
    slack: Slack, morning: Slack, eve: User, desk: Channel, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Every kind of payload is acknowledged, answered by nothing, and told of in a line of the log."""
    whisper = morning.workspace.from_bot()
    asked = morning.mention(eve, desk, QUESTION)
    called = morning.command(eve, desk, "/ask", QUESTION)
    button = {
        "action_id": "verbatim_share",
        "block_id": "b1",
        "value": "x",
        "text": {"type": "plain_text", "text": "x"},
    }
    pressed = morning.press(eve, asked, button)
    opened = morning.send_event(
        events.app_home_opened(morning.workspace, eve, morning.dm_of(eve.id).id, "home"), "app_home_opened"
    )
    for delivery in (*morning.deliveries_of(asked), called, pressed, opened):
        assert delivery is not None
        morning.wait_acked(delivery)
    slack.quiet()
    assert morning.workspace.from_bot() == whisper == []
    assert slack.web.calls == []
    assert caplog.text.count(f"'{morning.workspace.team}', which has not installed the app") == 5
    assert "Traceback" not in caplog.text
    with database.begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM verbatim_answers")) == 0


def test_no_log_shows_a_secret(
    slack: Slack,
    morning: Slack,
    eve: User,
    desk: Channel,
    serve: Serve,
    installable: SlackSettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Installing, being refused, answering, failing and leaving at level debug: no token, no secret, no code."""
    caplog.set_level(logging.DEBUG)
    slack.use_http(serve(replace(installable, bot_token="xoxb-of-the-settings")).port or 0)
    slack.forgiven |= {"invalid_code", "fatal_error"}
    unknown_code(slack, one := Browser(slack), slack.oauth.agree(morning, eve, one.begin()))
    broken(slack, one := Browser(slack), lost := slack.oauth.agree(morning, eve, one.begin()))
    query = slack.oauth.agree(morning, eve, (browser := Browser(slack)).begin())
    assert browser.come_back(query).status == 200
    # The answer and the apology, for both of the events by which Slack tells of a mention.
    slack.faults.refuse("chat.postMessage", "fatal_error", times=4)
    morning.mention(eve, desk, QUESTION)
    slack.workspace.wait_for(lambda: len(slack.web.called("chat.postMessage")) >= 4, "the refused calls")
    token = morning.bot_token
    for delivery in morning.uninstall():
        slack.wait_acked(delivery)
    slack.quiet()
    log = caplog.text
    assert "SLACK_BOT_TOKEN is not used" in log
    assert "oauth.v2.access" in log
    travelling = base64.b64encode(f"{slack.oauth.client_id}:{slack.oauth.client_secret}".encode()).decode()
    codes = [one["code"][0] for one in (parse_qs(query), parse_qs(lost))]
    for secret in (token, slack.oauth.client_secret, travelling, slack.signing_secret, *codes, "of-the-settings"):
        assert secret not in log


def test_doctor_tries_the_client(slack: Slack, installable: SlackSettings) -> None:
    """A wrong id and a wrong secret are each named; a bot token that is not used is told of."""
    slack.forgiven |= {"invalid_code", "invalid_client_id", "bad_client_secret"}
    lines = check_tokens(replace(installable, bot_token="xoxb-1"))
    assert "Slack knows SLACK_CLIENT_ID and SLACK_CLIENT_SECRET" in lines[0]
    assert "SLACK_BOT_TOKEN is not used" in lines[1]
    for name, wrong in (
        ("SLACK_CLIENT_ID", replace(installable, client_id="7.7")),
        ("SLACK_CLIENT_SECRET", replace(installable, client_secret="wrong-wrong")),
    ):
        with pytest.raises(SettingsError, match=f"Slack does not accept {name}") as caught:
            check_tokens(wrong)
        assert "wrong-wrong" not in str(caught.value)
    with pytest.raises(VerbatimError, match="cannot be reached"):
        check_tokens(replace(installable, api_url="http://127.0.0.1:9/api/"))
