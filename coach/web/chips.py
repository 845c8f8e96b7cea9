"""The words of what can be tapped about harm, and the name each answer has among taps. Knows no page."""

from __future__ import annotations

from coach.domain.asks import About, Harm, Meant

ANSWERS: dict[Meant | Harm | About, str] = {
    Meant.WAY_OF_SPEAKING: "It is only a way of speaking",
    Meant.HARMED: "Somebody is being harmed",
    Harm.USER: "I am",
    Harm.THIRD_PERSON: "Somebody else is",
    Harm.BY_USER: "I may be harming somebody",
    About.VIOLENCE: "Threats or violence",
    About.HARASSMENT: "Sexual or unwanted closeness",
    About.ABUSE: "Being put down again and again",
    About.DISCRIMINATION: "Being treated worse for who they are",
    About.SELF_HARM: "A life is in danger, or thoughts of suicide",
    About.LEGAL_MEDICAL: "Law, pay or health",
    About.UNCLEAR: "Something else, or I would rather not say",
}
"""What can be tapped under a question about harm."""
NAMES: dict[type, str] = {Meant: "doubt", Harm: "harm", About: "about"}
"""The name each of them has among taps."""
HARMS = {each: word for each, word in ANSWERS.items() if isinstance(each, Harm)}
"""Who is harmed, as on the quiet line of every card."""

GIVEN = {"answers": ANSWERS, "answer_names": {each: NAMES[type(each)] for each in ANSWERS}, "harms": HARMS}
"""What templates are given of it."""
