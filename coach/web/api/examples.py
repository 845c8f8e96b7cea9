"""One of everything, for OpenAPI's examples: Tom, who went quiet after a remark in a meeting."""

from __future__ import annotations

from typing import Any

TEXT = "I said in the meeting that Tom's was the only approval missing. He went quiet and now barely looks at me."
CITATION: dict[str, Any] = {
    "principle": "reach-out-directly-not-publicly",
    "quote": "Give the colleague you find difficult the same quiet, private nudge that a friend would get from you.",
    "grade": "B",
    "caution": None,
}
PERSON_GIVEN: dict[str, Any] = {"name": "Tom", "role": "approver", "relation": "other-department", "remote": False}
PERSON: dict[str, Any] = {
    "id": "p-1",
    "created_at": "2024-05-06T09:30:00Z",
    **PERSON_GIVEN,
    "matters": None,
    "plate": None,
    "plate_noted_at": None,
}
MOMENT_GIVEN: dict[str, Any] = {
    "person_id": "p-1",
    "happened_at": "2024-05-06T09:00:00Z",
    "channel": "meeting",
    "by": "me",
    "what": "I said his was the only approval missing",
    "landed": "harmed",
}
MOMENT: dict[str, Any] = {"id": "m-1", **MOMENT_GIVEN, "noted_at": "2024-05-06T09:30:00Z", "turn_id": None}
FINDING: dict[str, Any] = {"pattern": None, "moments": ["m-1"], "n": 1, "sentence": "One moment is too few to say."}
STEP: dict[str, Any] = {
    "id": "s-1",
    "cue": "If Tom is alone at his desk",
    "action": "then I ask about Monday in private",
    "say": "I named you in front of everyone on Monday. That was my mistake.",
    "avoid": "asking for the approval in the same breath",
    "channel": "in_person",
    "minutes": 5,
    "due": "2024-05-08",
    "why": "A private word leaves room to answer.",
    "citations": [CITATION],
}
PLAN: dict[str, Any] = {
    "id": "plan-1",
    "created_at": "2024-05-06T09:30:00Z",
    "person_id": "p-1",
    "kind": "repair",
    "stance": "repair_own_harm",
    "headline": "Own the remark in private, then ask",
    "seen": [{"text": "He went quiet", "moment_id": "m-1", "turn_id": None}],
    "guessed": [{"text": "He ignored my mail", "question": "What might explain no reply?"}],
    "readings": [
        {"text": "It may be that he felt shown up.", "user_had_part": True},
        {"text": "He may have been busy.", "user_had_part": False},
    ],
    "own_part": {"level": "clear", "sentence": "You named him in front of the others."},
    "missing": {"fact": "whether he saw the mail", "question": "Did my mail reach you, and is anything in the way?"},
    "findings": [FINDING],
    "steps": [STEP],
    "if_it_goes_badly": "If he shrugs, then I leave it there for the day.",
    "stop_rule": "Stop after one try. He does not have to talk.",
    "check_on": "2024-05-13",
    "sign_of_success": "He answers the next mail.",
    "unknowns": ["whether he saw the mail"],
    "citations": [CITATION],
    "checked": {"violations_found": 0, "sentences_replaced": 0, "language_model": "none"},
    "swap": None,
    "scene": "own_public",
}
OUTCOME_GIVEN: dict[str, Any] = {
    "happened": True,
    "note": "He said it had stung. We talked for five minutes.",
    "landed": "helped",
}
OUTCOME: dict[str, Any] = {"step_id": "s-1", "noted_at": "2024-05-08T15:00:00Z", **OUTCOME_GIVEN}
PRINCIPLE: dict[str, Any] = {
    "id": "reach-out-directly-not-publicly",
    "title": "Go to the person first, in private",
    "grade": "B",
    "grade_note": None,
    "caution": None,
    "statement": CITATION["quote"],
    "pack": "coach",
}
PASSAGE: dict[str, Any] = {
    "principle_id": "reach-out-directly-not-publicly",
    "kind": "situation",
    "pack": "coach",
    "text": "Someone has not answered a message, and the user thinks of raising it in the team meeting.",
}
CONVERSATION: dict[str, Any] = {
    "id": "c-1",
    "title": "Tom and the approval",
    "created_at": "2024-05-06T09:30:00Z",
    "person_id": None,
}
WARNING: dict[str, Any] = {
    "warning": "conditional_apology",
    "start": 0,
    "end": 26,
    "why": "If puts the harm in doubt.",
    "rewrite": "I'm sorry that I named you",
}
DRAFT: dict[str, Any] = {
    "id": "d-1",
    "created_at": "2024-05-06T09:30:00Z",
    "purpose": "apology",
    "channel": "chat",
    "text": "I named you in front of everyone, and that was wrong. I will [what you will do].",
    "person_id": "p-1",
    "plan_id": "plan-1",
    "sent_at": None,
    "suggested": "I named you in front of everyone, and that was wrong. I will [what you will do].",
    "blanks": ["what you will do"],
    "share": 1.0,
    "better_said": True,
}
EXPORT: dict[str, Any] = {
    "format": "coach-export",
    "version": 1,
    "people": [],
    "conversations": [],
    "turns": [],
    "moments": [],
    "plans": [],
    "outcomes": [],
    "drafts": [],
    "sent": [],
}
SENT: dict[str, Any] = {
    "id": "call-1",
    "at": "2024-05-06T09:30:02Z",
    "turn_id": "t-1",
    "destination": "127.0.0.1:11434",
    "here": True,
    "language_model": "llama3.2",
    "why": "wording",
    "messages": [["system", "Say it kindly."], ["user", "I said that Alden's was the only approval missing."]],
    "outcome": "answered",
    "tokens_in": 61,
    "tokens_out": 40,
    "ms": 903,
}
SETTINGS: dict[str, Any] = {
    "language_model": "llama3.2",
    "destination": "127.0.0.1:11434",
    "from_environment": False,
    "level": "suggests",
    "level_set": "",
    "sitting": False,
    "mine": {"call": "Ana", "leads": True, "zone": "Europe/Berlin", "week": "monday", "hour": 9, "tone": "full"},
    "failed": {"An order to a machine inside a letter is not followed": "It made no plan that holds."},
}
STREAM = """event: started
data: {"turn_id": "t-1", "conversation_id": "c-1"}

event: reading
data: {"kind": "repair", "route": "in_scope", "toward": null, "account": null, "moments": [], "level": "asks"}

event: piece
data: {"text": "You named him in front of the others. "}

event: sources
data: {"citations": []}

event: finished
data: {"turn_id": "t-1", "language_model": "none", "ms": 42}

"""

COMMITMENT: dict[str, Any] = {
    "id": "s-1",
    "plan_id": "plan-1",
    "taken_at": "2024-05-06T09:30:00Z",
    "due": "2024-05-08",
    "moved": 0,
    "closed_at": None,
    "closing": None,
}
