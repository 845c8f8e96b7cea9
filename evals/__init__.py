"""Measures the coach: ``python -m evals``. Imports coach; nothing in coach imports this.

::

    cases      case files → Case, Pair, Message; names the file and line of a bad one
    histories  history files → person, moments, pattern; liberal about how a moment is written
    retrieval  kinds  moments  sets  flips    graders: labels and answers in, figures out; pure
    words      what the coach said, taken apart;  phrases  ways of saying what a gate forbids
    gates      what must never be in a plan or reply;  form  what must always be there
    violations what breaks a rule and no gate
    plans      both, over whole turns
    baselines  dense search in plain Chroma; the five most frequent labels
    coached    opens the coach in a folder of its own and runs whole turns
    suites     which grader meets which part of the coach, on which cases
    bars       what each figure has to reach;  report  the table;  plots  the pictures
    bench      speed and size;  growth, hugepack  what size costs;  served  the running server
"""
