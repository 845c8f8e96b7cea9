"""How a language model is used: it words what was planned and completes what was read; each sentence is looked over.

Between the conversation and the coaching core. Knows the port of the language model and the texts it is given; decides
no route, no plan and no source. Whatever the language model does, what is said is whole: a kept sentence stands ready
for every one of its own.
"""

from coach.speaking.answering import Question
from coach.speaking.asking import Occasion
from coach.speaking.second import SecondReading
from coach.speaking.speech import Brief, Speech
from coach.speaking.spoken import Spoken
from coach.speaking.voice import Voice

__all__ = ["Brief", "Occasion", "Question", "SecondReading", "Speech", "Spoken", "Voice"]
