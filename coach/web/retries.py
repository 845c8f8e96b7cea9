"""Says the last turn of a conversation again; the old one is erased first.

Only the last turn can be said again, since whatever came after an earlier one was answered with it in mind.
"""

from __future__ import annotations

from dataclasses import replace

from coach.domain.turns import Conversation, titled
from coach.errors import BadInput
from coach.ports import Journal


async def make_room(journal: Journal, user: str, turn_id: str, text: str) -> str:
    """Erase a turn and return its conversation, whose title follows the first words unless the user gave another.

    Raises NotFound, and BadInput when it is not the last turn.
    """
    turn = await journal.turn(user, turn_id)
    turns = await journal.turns(user, turn.conversation_id)
    if turns[-1].id != turn_id:
        raise BadInput("Only what you said last can be said anew. Write what has changed instead.")
    await journal.forget_turn(user, turn_id)
    conversation = await journal.conversation(user, turn.conversation_id)
    if len(turns) == 1 and conversation.title == titled(turn.said):
        await journal.change(user, Conversation, conversation.id, lambda it: replace(it, title=titled(text)))
    return turn.conversation_id
