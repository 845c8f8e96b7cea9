"""What a language model hears in a leader's session: answers, acts, wishes, and how the coach would go on.

Knows the session's nouns, the ports and the checks of a language model's words; moves no session itself.
"""
