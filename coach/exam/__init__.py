"""The exam of a language model, which decides what it may do. Knows the letters and how real turns are answered.

::

    exam      twelve letters, one call each, and what they come to
    marks     what has to be right about each answer
    levels    the results, and what the user has set
    stand_in  what answers in place of the language model in every call but the first
"""

from coach.exam.exam import Exam, Mark

__all__ = ["Exam", "Mark"]
