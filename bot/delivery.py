"""Getting messages to Slack: paced by channel, retried where Slack is busy or stumbles."""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler, RetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.webhook import WebhookClient

from bot.blocks import Message
from bot.citations import has_citations, without_citations
from bot.memory import Recent
from bot.settings import SlackSettings

if TYPE_CHECKING:
    from bot.metrics import Metrics

IMPATIENT = 3  # seconds for what an answer can do without
TIMEOUT = 10  # seconds for one request; the SDK's 30 would hold a channel up for too long
SECONDS_BETWEEN = 1.0  # Slack takes about one message a second and channel, and bursts now and then
BURST = 3

_REFUSED_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}


# Where the bot may not speak, and trying again changes nothing.
_NOT_HERE = {
    "cannot_reply_to_message",
    "channel_not_found",
    "ekm_access_denied",
    "is_archived",
    "not_in_channel",
    "team_access_not_granted",
    "thread_not_found",
}


class DeliveryError(Exception):
    """A message did not reach Slack, after all retries."""


class _ServerErrors(RetryHandler):
    """Retries every 5xx; the SDK's own handler knows 500 and 503 only, and proxies answer 502 and 504."""

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        return response is not None and 500 <= response.status_code < 600


def may_not_post(error: SlackApiError) -> bool:
    """Whether Slack refused a message because of where it was to go: not a member, archived, restricted, gone."""
    code = str(error.response.get("error"))
    return code in _NOT_HERE or code.startswith("restricted_action")


class _Counted(RetryHandler):
    """Retries as another handler does, and counts them."""

    def __init__(self, handler: RetryHandler, reason: str, metrics: Metrics) -> None:
        super().__init__(handler.max_retry_count)
        self._handler = handler
        self._reason = reason
        self._metrics = metrics

    def _can_retry(self, **attempt: Any) -> bool:
        return self._handler._can_retry(**attempt)

    def prepare_for_next_attempt(self, **attempt: Any) -> None:
        self._metrics.tried_again(self._reason)
        self._handler.prepare_for_next_attempt(**attempt)


def retry_handlers(metrics: Metrics | None = None) -> list[RetryHandler]:
    """Retries for every call to Slack; ``Retry-After`` is obeyed.

    A read that times out is not retried: Slack may have posted the message, and twice is worse than an apology.
    """
    handlers = {
        "connection": ConnectionErrorRetryHandler(max_retry_count=2),
        "rate_limited": RateLimitErrorRetryHandler(max_retry_count=3),
        "server_error": _ServerErrors(max_retry_count=3),
    }
    if metrics is None:
        return list(handlers.values())
    return [_Counted(handler, reason, metrics) for reason, handler in handlers.items()]


def web_client(
    settings: SlackSettings, token: str | None, logger: logging.Logger, metrics: Metrics | None = None
) -> WebClient:
    """A client of the Web API at the address of the settings."""
    return WebClient(
        token=token,
        base_url=settings.api_url,
        timeout=TIMEOUT,
        logger=logger,
        retry_handlers=retry_handlers(metrics),
    )


class Pace:
    """About one message a second and channel, after a short burst. Bounded memory."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._next: Recent[str, float] = Recent(2_000)  # when the channel's next message would be due at an even pace
        self._lock = Lock()

    def wait(self, channel: str) -> None:
        """Wait until a message may go to ``channel``, and count it."""
        with self._lock:
            now = self._clock()
            due = max(self._next.get(channel) or now, now)
            self._next.put(channel, due + SECONDS_BETWEEN)
            pause = due - (BURST - 1) * SECONDS_BETWEEN - now
        if pause > 0:
            self._sleep(pause)


class OpenedView(NamedTuple):
    """A window as Slack knows it; ``hash`` names the state it is in."""

    id: str
    hash: str | None


class Outbox:
    """Posts messages to channels and to response URLs. Every method may wait for seconds."""

    def __init__(
        self, client: WebClient, logger: logging.Logger, pace: Pace | None = None, metrics: Metrics | None = None
    ) -> None:
        self._client = client
        self._log = logger
        self._pace = pace or Pace()
        self._metrics = metrics
        self._citations = True  # until Slack refuses one

    @property
    def client(self) -> WebClient:
        """The client itself, for methods that post no message (views, prompts); it retries as everything here does."""
        return self._client

    def post(self, channel: str, message: Message, thread: str | None = None) -> None:
        """Post for all to see, in the thread of the message with time ``thread``.

        Raises:
            SlackApiError: Slack refuses, for example ``not_in_channel``.
            OSError, SlackRequestError: Slack cannot be reached.
        """
        sent: dict[str, Any] = {
            "channel": channel,
            "text": message.text,
            "blocks": message.blocks,
            "parse": "none",
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if thread:
            sent["thread_ts"] = thread
        self._pace.wait(channel)
        with self._counted("message"):
            for tried in self._versions(message):
                sent["blocks"] = tried.blocks
                try:
                    self._client.chat_postMessage(**sent)
                    return
                except SlackApiError as error:
                    if error.response.get("error") not in _REFUSED_BLOCKS:
                        raise
                    self._refused(tried, error)
            # A limit that Slack changed must not cost the person the answer.
            del sent["blocks"]
            self._client.chat_postMessage(**sent)

    def whisper(self, channel: str, user: str, message: Message, thread: str | None = None) -> None:
        """Show a message to one person in a channel; they see it only while they are there. No part of its pace.

        ``thread`` must be one that others have written in: Slack shows nothing in a thread that is none yet.
        Raises as :meth:`post`.
        """
        shown: dict[str, Any] = {"thread_ts": thread} if thread else {}
        with self._counted("whisper"):
            self._client.chat_postEphemeral(
                channel=channel, user=user, text=message.text, blocks=message.blocks, parse="none", **shown
            )

    def parent(self, channel: str, thread: str) -> dict[str, Any]:
        """The message that a thread began with, as Slack has it; {} where it is not there. One try, and no waiting:
        Slack grants some apps one such call a minute.

        Raises:
            SlackApiError: Slack refuses, for example for want of a scope, or because it is asked too often.
            OSError, SlackRequestError: Slack cannot be reached.
        """
        hasty = copy.copy(self._client)
        hasty.retry_handlers, hasty.timeout = [], IMPATIENT
        with self._counted("parent"):
            messages = hasty.conversations_replies(channel=channel, ts=thread, limit=1).get("messages")
        first = messages[0] if isinstance(messages, list) and messages else {}
        return first if isinstance(first, dict) and first.get("ts") == thread else {}

    def respond(self, response_url: str, message: Message) -> None:
        """Answer a command or a button for that person alone. Without an address there is nobody to answer.

        Raises:
            DeliveryError: Slack does not take it: the address is used up (5 times, 30 minutes) or Slack is down.
            OSError: Slack cannot be reached.
        """
        if not response_url:
            self._log.info("Nothing was answered: Slack gave no address for it")
            return
        sent = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": message.text,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        with self._counted("response"):
            for tried in self._versions(message):
                try:
                    self._send(response_url, {**sent, "blocks": tried.blocks})
                    return
                except DeliveryError as error:
                    if not any(code in str(error) for code in _REFUSED_BLOCKS):
                        raise
                    self._refused(tried, error)
            self._send(response_url, sent)

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> OpenedView:
        """Open a window for the person who pressed a button.

        Raises:
            SlackApiError: Slack refuses, for example because more than three seconds have passed.
            OSError, SlackRequestError: Slack cannot be reached.
        """
        with self._counted("view"):
            opened = self._client.views_open(trigger_id=trigger_id, view=view).get("view") or {}
        return OpenedView(opened.get("id") or "", opened.get("hash") or None)

    def update_view(self, opened: OpenedView, view: dict[str, Any]) -> None:
        """Show something else in a window that is open.

        Raises:
            SlackApiError: Slack refuses, for example ``not_found`` where the person has closed it.
            OSError, SlackRequestError: Slack cannot be reached.
        """
        with self._counted("view"):
            self._client.views_update(view_id=opened.id, hash=opened.hash, view=view)

    def _versions(self, message: Message) -> list[Message]:
        """``message`` as it is, and without the citations that Slack may not take here."""
        if not has_citations(message):
            return [message]
        plainer = without_citations(message)
        return [message, plainer] if self._citations else [plainer]

    def _refused(self, message: Message, error: Exception) -> None:
        if has_citations(message):
            self._citations = False
            self._log.info("Slack takes no citations here: the line under a quote stands alone from now on")
        else:
            self._log.error("Slack refused the blocks of a message, its plain text goes instead: %s", error)

    def remove(self, response_url: str) -> None:
        """Remove the private message that a button belongs to. Raises as :meth:`respond`."""
        with self._counted("response"):
            self._send(response_url, {"delete_original": True})

    def _send(self, response_url: str, body: dict[str, Any]) -> None:
        handlers = retry_handlers(self._metrics)
        hook = WebhookClient(response_url, timeout=TIMEOUT, retry_handlers=handlers, logger=self._log)
        response = hook.send_dict(body)
        if response.status_code != 200:
            raise DeliveryError(f"a response URL answered {response.status_code}: {response.body[:200]}")

    def _counted(self, kind: str) -> AbstractContextManager[None]:
        return self._metrics.posting(kind) if self._metrics else nullcontext()
