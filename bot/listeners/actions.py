"""The buttons under an answer: share it, see it in its context, see more passages, say whether it is good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot import buttons, passage_views, wording
from bot.answer_message import answer
from bot.answers import Kept
from bot.blocks import Message, fallback, plain, shared
from bot.delivery import DeliveryError, may_not_post
from bot.incoming import Interaction, read_button
from bot.modal import LATE
from bot.summary_message import summary
from index.conversation import Conversation
from index.records import Answer

if TYPE_CHECKING:
    from slack_bolt import Ack, App, BoltContext

    from bot.desk import Desk
    from bot.workspaces import Workspace

Press = Callable[["Desk", "Workspace", Interaction], None]

_NOT_A_MEMBER = {"not_in_channel", "channel_not_found"}


def register(app: App, desk: Desk) -> None:
    for action, press in PRESSES.items():
        app.action(action)(_listener(desk, press))


def _listener(desk: Desk, press: Press) -> Callable[..., None]:
    def pressed(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        ack()
        take(desk, desk.workspaces.of(context), body, press)

    return pressed


def take(desk: Desk, workspace: Workspace, body: dict[str, Any], press: Press) -> None:
    pressed = read_button(body)
    desk.handle(
        pressed.names,
        ("pressed", pressed.channel, pressed.user),
        lambda: press(desk, workspace, pressed),
        lambda message: workspace.outbox.respond(pressed.response_url, message),
    )


def share(desk: Desk, workspace: Workspace, pressed: Interaction) -> None:
    """Post the answer for all to see and remove the private copy; once, however often the button is pressed."""
    outbox = workspace.outbox
    kept = _kept(desk, workspace, pressed, pressed.text)
    if kept is None or kept.shown is None:
        return
    shown = kept.shown
    message = answer(shown, kept.id, question=True) if isinstance(shown, Answer) else summary(shown)
    try:
        with desk.claims.once(("shared", workspace.team, kept.id)) as first:
            if first:
                outbox.post(pressed.channel, shared(message, pressed.user, pressed.user_name))
    except SlackApiError as error:
        if not may_not_post(error):
            raise
        code = str(error.response.get("error"))
        why = wording.NOT_IN_CHANNEL if code in _NOT_A_MEMBER else wording.cannot_post(code)
        outbox.respond(pressed.response_url, plain(why))
        return
    try:
        with desk.claims.once(("removed", workspace.team, kept.id)) as first:
            if first:
                outbox.remove(pressed.response_url)
    except (DeliveryError, OSError) as error:
        desk.report(error)  # it has been shared, and that is what was asked for


def in_context(desk: Desk, workspace: Workspace, pressed: Interaction) -> None:
    """Open a window with the paragraphs around the first quote."""
    kept = _kept(desk, workspace, pressed, pressed.text)
    if kept is None or kept.shown is None or not kept.shown.quotes:
        return
    quote = kept.shown.quotes[0]
    around = desk.archive.around(quote.article.id, quote.start, quote.end)
    _open(workspace, pressed, passage_views.in_context(quote, around))


def more_passages(desk: Desk, workspace: Workspace, pressed: Interaction) -> None:
    """Open a window with the passages that come next, those left out that are shown already."""
    kept = _kept(desk, workspace, pressed, pressed.text)
    if kept is None or not isinstance(kept.shown, Answer):
        return
    shown = kept.shown
    before = desk.answers.conversation_before(kept) if kept.place.thread else Conversation()
    with desk.model:
        nearest = desk.archive.passages(shown.question, before)
    seen = shown.quotes if shown.answerable else ()
    more = [q for q in nearest if not any(q.article.id == s.article.id and s.start <= q.start < s.end for s in seen)]
    _open(workspace, pressed, passage_views.more_passages(more, answers=shown.answerable))


def vote(desk: Desk, workspace: Workspace, pressed: Interaction) -> None:
    """Count a thumb, and say thanks the first time."""
    thumb, _, id_ = pressed.text.partition(":")
    if thumb not in ("good", "bad"):
        return
    if not desk.feedback.vote(workspace.team, id_, pressed.user, "good" if thumb == "good" else "bad"):
        workspace.outbox.respond(pressed.response_url, plain(wording.FORGOTTEN))
        return
    with desk.claims.once(("thanked", workspace.team, id_, pressed.user)) as first:
        if first:
            workspace.outbox.respond(pressed.response_url, plain(wording.THANKS))


PRESSES: dict[str, Press] = {
    buttons.SHARE: share,
    buttons.CONTEXT: in_context,
    buttons.MORE: more_passages,
    buttons.FEEDBACK: vote,
}


def _kept(desk: Desk, workspace: Workspace, pressed: Interaction, id_: str) -> Kept | None:
    """What a button stands under; where that is gone or stands no longer, the person is told."""
    kept = desk.kept(workspace.team, id_)
    if kept is None or kept.shown is None:
        workspace.outbox.respond(pressed.response_url, plain(wording.FORGOTTEN))
    return kept


def _open(workspace: Workspace, pressed: Interaction, view: dict[str, Any]) -> None:
    """Open a window; where Slack's three seconds for that are over, the same stands in a private message."""
    try:
        workspace.outbox.open_view(pressed.trigger_id, view)
    except SlackApiError as error:
        if error.response.get("error") not in LATE:
            raise
        message = Message(view["blocks"], fallback(view["title"]["text"]))
        workspace.outbox.respond(pressed.response_url, message)
