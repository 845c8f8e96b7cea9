"""A coach for relationships at work.

The story of a turn, in the order of ``conversation.py``::

    page ──POST /api/chat──▶ web ──▶ conversation.reply(user, text, now)
        1 keep the person's words                          journal
        2 read: who, what happened, seen or guessed        reading.reader
        3 triage: which route is this?                     safety.floor
        4 look back: moments → findings                    journal, noticing.patterns
        5 retrieve: which principles apply?                knowledge
        6 plan: situation → RepairPlan                     planning.planner
        7 word: plan → sentences                           prompts, or a language model
        8 check each sentence, replace what fails          planning.checks
        9 stream events, keep the turn                     web, journal

Imports point inwards only: pyproject.toml has the layers, and import-linter holds us to them.
"""
