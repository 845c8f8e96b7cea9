"""The exam of a language model, which decides what it may do. Knows the letters and how real turns are answered."""

from coach.exam.exam import Exam, Mark

__all__ = ["Exam", "Mark"]
