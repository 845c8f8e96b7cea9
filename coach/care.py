"""What the coach asks and says where somebody is harmed, or may be: the safe routes, and the hold of a disclosure.

Knows the floor, the routes and their texts. Makes no plan, keeps nothing, and never takes a kind from odds alone where
the user can say it with one tap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coach.domain.accounts import Account
from coach.domain.asks import About, Doubt, Harm, Meant, Taps
from coach.domain.letters import plain
from coach.domain.matters import Matter
from coach.domain.readings import GET_HELP, IN_SCOPE, ROUTES, After, Kind, Reading, Route, Toward
from coach.errors import BadInput
from coach.ports import Knowledge, Texts
from coach.reading import choices
from coach.reading.case import Case
from coach.safety import floor, harms, hold, language, routes
from coach.safety.hold import Says

_TOWARD = {Harm.USER: Toward.USER, Harm.THIRD_PERSON: Toward.THIRD_PERSON, Harm.BY_USER: Toward.BY_USER}
_ANY = Kind.ABUSE
"""The name of the route while the kind of harm is unclear; the text is a general one."""

_WHO = (Harm.USER, Harm.THIRD_PERSON)
_MAY_BE_LIVED_WITH = frozenset({Kind.ABUSE, Kind.HARASSMENT, Kind.DISCRIMINATION})
"""Kinds of which somebody may say that it happened and is not what they ask about; never a danger to life."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How a turn was read, what is said, and what is asked beside it (None: nothing)."""

    reading: Reading
    text: str
    doubt: Doubt | None = None


class Care:
    """Reads words for harm and answers where there is some. Holds no state of its own."""

    def __init__(
        self, knowledge: Knowledge, texts: Texts, new_id: Callable[[], str], helps: Sequence[str] = ()
    ) -> None:
        self._knowledge, self._texts, self._new_id, self._helps = knowledge, texts, new_id, tuple(helps)

    # ---- words

    def read(self, case: Case) -> Reading:
        """Return how a message is read: by the floor, held by an earlier disclosure, without words already settled."""
        read = self._settled(floor.read(case.turn.said, self._knowledge), case.matter)
        if read.kind is Kind.NOT_ENGLISH:
            return replace(read, harm=language.harm(read.text, read.language))
        return self._held(read, case) if case.matter.grave is not None else read

    def _settled(self, read: Reading, matter: Matter) -> Reading:
        """Return the reading without the words that the user called a way of speaking."""
        rest = _without(read.text, matter.spoken)
        if rest == read.text or read.route not in {Route.DOUBT, Route.GET_HELP}:
            return read
        again = floor.read(rest, self._knowledge) if rest.strip(" .…!?") else self._ordinary(read)
        return replace(again, text=read.text)

    def _ordinary(self, read: Reading) -> Reading:
        """Return the reading on the route of the likeliest kind in scope."""
        odds = self._knowledge.kinds(read.text)
        return replace(
            read, kind=max(IN_SCOPE, key=lambda kind: odds.get(kind, 0.0)), toward=None, doubt=None, unclear=False
        )

    def _held(self, read: Reading, case: Case) -> Reading:
        """Return the reading on the route of the disclosure, unless it discloses more or tells of another matter."""
        grave = case.matter.grave
        assert grave is not None
        if read.route is Route.GET_HELP and (grave.doubt or self._worded(read)):
            return read
        graver = read.doubt and read.kind is Kind.SELF_HARM and grave.kind is not Kind.SELF_HARM
        if graver and hold.says(read.text) is Says.MORE:
            return read
        if case.matter.aside and not case.names_of(grave.text) & case.names_of(read.text):
            return read
        said = hold.says(read.text)
        if said is Says.ONLY_TALK:
            return replace(self._ordinary(read), after=After.TAKEN_BACK)
        if self._another(read, case, said):
            return replace(read, after=After.ANOTHER)
        return replace(
            read, kind=grave.kind, toward=grave.toward, doubt=grave.doubt, unclear=grave.unclear, after=After.HELD
        )

    def _another(self, read: Reading, case: Case, said: Says) -> bool:
        """Whether a message is about another matter: it names someone else first, or says so, and is ordinary."""
        grave = case.matter.grave
        assert grave is not None
        if read.route is not Route.IN_SCOPE or len(read.text.split()) < hold.FEWEST_WORDS:
            return False
        if routes.of_health(grave):
            return said in {Says.MORE, Says.TALK}
        before, now = case.names_of(grave.text), case.names_of(read.text)
        if before & now:
            return False
        spoken_of, whole = hold.first_reference(read.text), len(read.text)
        first = min((read.text.find(name) for name in now - before), default=whole) < spoken_of
        if hold.switches(read.text) and first:
            return True
        return said not in hold.ANSWERS and (first or (hold.switches(read.text) and spoken_of == whole))

    def _worded(self, read: Reading) -> bool:
        return harms.worded(read.kind, harms.without_idioms(plain(read.text)))

    # ---- answers

    def answer(self, read: Reading, matter: Matter) -> Answered:
        """Return the answer to a message whose route is not in scope, or whose harm was taken back."""
        if read.doubt:
            return self._doubted(read, again=read.after is After.HELD)
        says = Says.ONLY_TALK if read.after is After.TAKEN_BACK else hold.says(read.text)
        if read.after is not None:
            return Answered(read, self._later(matter.grave or read, read.text, says))
        told = matter.grave if read.route is Route.GET_HELP else matter.last
        same = told is not None and (told.route, told.kind, told.unclear) == (read.route, read.kind, False)
        if told is not None and same and (read.route is Route.DECLINE or says in hold.ANSWERS):  # a question about it
            return Answered(read, self._later(told, read.text, says))
        text = routes.said(read, self._texts, self._helps)
        return replace(self._asked(read, "what", tuple(About)), text=text) if read.unclear else Answered(read, text)

    def beside(self, read: Reading) -> Answered:
        """Return what stands beside a language model's own answer where the route is not in scope."""
        if read.doubt:
            return self._doubted(read)
        helped = read.route is Route.GET_HELP
        return Answered(read, f"\n\n{routes.beside(read, self._texts, self._helps)}" if helped else "")

    def barred(self, case: Case, account: Account) -> Answered | None:
        """Return what is said instead of a plan towards someone whom a disclosure is about; None: nothing bars it."""
        grave = case.matter.grave
        if grave is None:
            return None
        main = account.main
        about = main is not None and main.name and choices.named(grave.text, main.name) is not None
        if case.matter.aside and not about:
            return None
        held = replace(grave, text=case.turn.said, after=After.HELD)
        if grave.doubt:
            return self.answer(held, case.matter)
        return Answered(held, self._later(grave, case.turn.said, Says.TALK))

    def _later(self, grave: Reading, words: str, says: Says) -> str:
        return routes.later(grave, words, says, self._texts, self._helps)

    def _doubted(self, read: Reading, *, again: bool = False) -> Answered:
        lived = (Meant.NOT_ASKED,) if read.kind in _MAY_BE_LIVED_WITH else ()
        return self._asked(read, "doubt", (Meant.WAY_OF_SPEAKING, Meant.HARMED, *lived), again=again)

    def _asked(
        self, read: Reading, about: str, options: tuple[Meant | Harm | About, ...], *, again: bool = False
    ) -> Answered:
        kind = "unclear" if read.unclear else read.kind.value
        values = {"about": about, "words": read.doubt or "", "kind": kind, "helps": list(self._helps), "again": again}
        question = self._texts.render("doubt_question.fixed", about=about, words=read.doubt or "")
        asked = Doubt(self._new_id(), read.doubt or "", question, options)
        return Answered(read, self._texts.render("doubt.fixed", **values), asked)

    # ---- taps

    def tapped(self, case: Case, taps: Taps) -> Answered:
        """Return what follows a tap about harm: who is harmed and what it is about are asked where nothing says so.

        Raises BadInput for an answer to a question that was not asked.
        """
        known = case.matter.grave
        if taps.about is not None:
            if known is None:
                raise BadInput("There is no such question here. Say what happened first.")
            kind = None if taps.about is About.UNCLEAR else Kind(taps.about.value)
            return self._routed(case, kind, known.toward or Toward.USER, asked=True)
        if taps.harm is not None:
            return self._routed(case, self._kind(case), _TOWARD[taps.harm])
        if known is None or not known.doubt:
            raise BadInput("There is no such question here. Say what happened first.")
        settled = known.toward if known.toward is Toward.BY_USER else None  # whom else it is done to is asked
        return self._routed(case, self._kind(case), settled)

    def spoken(self, case: Case) -> Reading:
        """Return the reading of the letter once its words were a way of speaking.

        Where they stood beside a disclosure, that goes on holding. Raises BadInput where nothing was in question.
        """
        grave, taps = case.matter.grave, case.turn.taps
        if grave is None:
            raise BadInput("There is no such question here. Say what happened first.")
        if taps is not None and taps.ask_id is not None and grave.route is Route.GET_HELP:
            return replace(grave, text=case.turn.said, after=After.HELD)
        return self._ordinary(replace(grave, text=case.text))

    def _kind(self, case: Case) -> Kind | None:
        """Return the kind of harm that words or an earlier answer settle; None where only odds could say."""
        known = case.matter.grave
        if known is not None and not known.unclear and (known.route is Route.GET_HELP or self._clear(known)):
            return known.kind
        words = harms.without_idioms(plain(_without(case.text, case.matter.spoken)))
        return next((kind for kind in GET_HELP if harms.worded(kind, words)), None)

    def _clear(self, doubtful: Reading) -> bool:
        """Whether words in doubt leave no doubt of their kind."""
        return doubtful.kind is Kind.SELF_HARM or self._worded(doubtful) or ROUTES[doubtful.kind] is Route.DECLINE

    def _routed(self, case: Case, kind: Kind | None, toward: Toward | None, *, asked: bool = False) -> Answered:
        """Return the text of a kind, for whom it is; before that, one question for what is not known of the two."""
        read = Reading(case.text, kind or _ANY, toward, case.matter.account, unclear=kind is None)
        if toward is None and read.route is Route.GET_HELP:
            return self._asked(read, "who", _WHO)
        if kind is None and not asked:
            return self._asked(read, "what", tuple(About))
        return Answered(read, routes.said(read, self._texts, self._helps))


def _without(text: str, spoken: Sequence[str]) -> str:
    """Return a text without the words that the user called a way of speaking."""
    for words in spoken:
        text = text.replace(words, " … ")
    return text
