"""A coach for relationships at work.

The story of a turn, in the order of ``turn.py``. Who can understand, plans; who cannot, asks::

    page ──POST /api/chat──▶ web ──▶ conversation.reply(user, text, now, taps)
        1 keep the person's words                          journal
        2 the floor: language, harm, orders, scope         safety.floor; care: what is asked and said of harm
          with a language model that plans, one call reads, answers and plans, a second looks for what rests on
          nothing; each part is checked (answering, planning.verifying); where it fails, the turn goes on with 3
        3 words: ask what happened                         knowledge.ranking, reading.choices
        4 taps: what is established                        reading.taps, domain.accounts
        5 look back: moments → findings                    noticing.patterns
        6 plan: account → move → RepairPlan                planning.moves, planning.composition
        7 check each sentence, replace what fails          planning.checks
        8 later: how a step went, what else is asked       planning.afterwards
        9 stream events, keep the turn                     web, journal

Imports point inwards only: pyproject.toml has the layers, and import-linter holds us to them.
"""
