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
    second     the coach's checker again, over what was shown
    folds      numbers chosen with the dev cases in view, by five folds
    straight   the configured language model, with nothing between;  prose  an answer as one text
    rivals     the five answers to a message;  contest  what code finds in them;  comparing  the command
    criteria   the rubric's questions;  judging  asks them;  planting  how far the judge can be trusted
    scoring    adds up;  trying  the command
    bars       what each figure has to reach;  report  the table;  plots  the pictures
    summary    writes what was found into README.md
    bench      speed and size;  growth, hugepack  what size costs;  served  the running server
    ttft       time to the first token, with a small server (wire) and a real one (llama)
"""
