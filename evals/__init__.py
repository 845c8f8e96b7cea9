"""Measures the coach: ``python -m evals``. Imports coach; nothing in coach imports this.

::

    cases      case files → Case, Pair, Message; names the file and line of a bad one
    histories  history files → person, moments, pattern; liberal about how a moment is written
    accounts   labels of what is established in a case, and the taps they make on a card
    retrieval  kinds  sets  flips    graders: labels and answers in, figures out; pure
    words      what the coach said, taken apart;  phrases  ways of saying what a gate forbids
    gates      what must never be in a plan or reply;  form  what must always be there
    violations what breaks a rule and no gate;  second  the coach's checker again, over what was shown
    plans      all of them, over whole turns
    baselines  dense search in plain Chroma; the five most frequent labels
    coached    opens the coach in a folder of its own and runs whole turns
    outcomes   what a suite hands back
    suggest    tapped  harm  exact  sources    suites with a grader of their own
    suites     which grader meets which part of the coach, on which cases
    sessions   scripted leaders (leaders) through whole sessions (sittings)
    bars       what each figure has to reach;  report  the table;  plots  the pictures
    summary    writes what was found into docs/evals.md
    bench      speed and size;  growth, hugepack  what size costs;  served, pages  the running server
    threads    pasted threads, by itself
    wire       requests on bare sockets, hundreds at once
    soak       drills that are too slow for the tests: load, kills, long runs
"""
