"""Words that the tables of wordings share. Patterns only."""

from __future__ import annotations

import re

REST = r"[^.!?;\n]"
YOU = r"you(?: (?:guys|all|lot|two|people|both))?"
ADV = (
    r"(?:(?:clearly|obviously|evidently|apparently|plainly|just|simply|really|only|secretly|deliberately|honestly|truly|"
    r"still|actually|even|also|all) )"
)
LABEL = (
    r"(?:lazy|selfish|unreasonable|unfair|childish|immature|arrogant|rude|petty|pathetic|useless|incompetent|stupid|ignorant|toxic|manipulative|two-faced|"
    r"unprofessional|dishonest|disrespectful|inconsiderate|ungrateful|passive[- ]aggressive|aggressive|hostile|bossy|nasty|vindictive|"
    r"sloppy|careless|unreliable|irresponsible|thoughtless|insensitive|cruel|mean|spiteful|paranoid|crazy|mental|hysterical|neurotic|"
    r"narcissistic|obsessive|oversensitive|over-sensitive|too sensitive|thin-skinned|difficult|impossible|insufferable|hopeless|clueless|"
    r"spineless|cowardly|weak|fake|sneaky|stubborn|greedy|entitled|spoilt|spoiled|negative|unbearable|ridiculous|dramatic|needy|"
    r"power-hungry|controlling|condescending|patronising|patronizing|self-centred|self-centered|self-absorbed|cold|heartless|amateurish|unhelpful|cowardly)"
)
NOUN = (
    r"(?:bully|liar|idiot|jerk|snake|coward|hypocrite|control freak|drama queen|diva|narcissist|psychopath|sociopath|micro-?manager|"
    r"trouble-?maker|slacker|back-?stabber|know-it-all|princess|dinosaur|big child|child|baby|tyrant|dictator|clown|amateur|disgrace|moron|fool|"
    r"nightmare|pushover|whiner|moaner|gossip|egoist|egomaniac|freeloader|loser|cheat|sneak|crybaby|spoilt brat|brat|bitch|bastard|pig|rat|"
    r"waste of space|joke|(?:terrible|bad|poor|awful|rubbish|lousy|useless) (?:manager|colleague|boss|lead|leader|team player|listener|person|driver|nurse|teacher|cook))"
)
LABELS = rf"{LABEL}(?:(?:,| and| or)(?: \w+ly)?(?: (?:so|just|very|pretty|quite|rather|a bit))? {LABEL})*"
VERY = r"(?:(?:so|such|just|really|very|too|quite|being|simply|frankly|absolutely|completely|totally|a bit|a little|rather|plain|pretty|honestly|an?|incredibly|extremely|truly|always|as|been|nothing but|behaving like|acting like) )*"
BOSS = r"(?:manager|boss|supervisor|line manager|director|head|lead|leader|team ?lead|foreman|chief|principal|partner)"
CROWD = (
    r"(?:the (?:whole |entire |rest of the |wider )?(?:team|group|department|office|ward|shift|crew|leadership(?: team)?|management(?: team)?|board|staff|management|others|floor|company)|"
    r"everyone|everybody|all of (?:us|you)|hr|management|leadership)"
)
COPYING = (
    r"(?:i(?:'m| am|'ve| have|'ll| will)? (?:also |now |just |been |had to )*)?(?:cc|bcc|cc'?ing|ccing|cc'?d|cced|cc'?ed|copy|copying|copied|loop|looping|looped|add|adding|added|"
    r"includ(?:e|ing|ed)|tagg?(?:ing|ed)|forward(?:ing|ed)?)"
)
SOON = r"(?:today|tonight|this (?:morning|afternoon|evening|minute)|right (?:now|away)|now|immediately|asap|at once|straight away|within (?:the|an|one|two|\d+) (?:next )?(?:hours?|minutes?)|by (?:\w+ ){0,2}\w+|before (?:you (?:go|leave)|lunch|noon|the end|close|\d)|in the next (?:hour|ten|\d+)\w*|eod|cob|first thing|tomorrow)"
LATE = r"(?:finally|at last|at long last|eventually|for once|actually|ever|bother(?:ed)?|deign(?:ed)?)"
PRAISE = r"(?:great|nice|good|brilliant|excellent|fantastic|amazing|wonderful|lovely|super|superb|stellar|top|outstanding|fabulous|marvellous)"
SPOILING = (
    r"(?:leav|los|miss|forgett|break|ruin|ignor|mess|screw|mak|throw|embarrass|delet|wast|annoy|upsett|turn|show|arriv|be|dump|dropp|"
    r"keep|wreck|blam|tell|not \w+|wip|humiliat|undermin|interrupt|scar|driv|hid|tak|chas|destroy|stepp|sleep|spoil|kill|let|crash|spill|lock|cancell|double-book)ing\b"
)
MIND = (
    r"(?:think|thinks|thought|feel|felt|want|wanted|hate|hated|resent|resented|believe|enjoy|enjoyed|like|wish|"
    r"meant|intended|hoped|prefer|would rather|blame|despise|look down|see me as|consider|had it in|have it in|"
    r"don't|do not|didn't|did not|couldn't|could not|can't|have no|had no|never (?:wanted|liked|cared|meant|intended))"
)
NOT_SAID = re.compile(
    r"\b(?:if|whether|unless|in case|you (?:said|told|wrote|mentioned|say)|(?:do|did|does|don't|didn't|would|could|can|what|how|why|which|who|when|where|anything|whatever|whichever|as|the one|the way|so that|so) "
    r"you)\b(?![^.!?]*\bbecause you)|\b(?:i wonder|make sure|hope|let me know|tell me)\b"
)
PRAISING = re.compile(
    r"\b(?:thank\w*|grateful|appreciat\w+|lovely|glad|admir\w+|kind(?:ly|ness)?|welcome|best|brilliant|wonderful|generous|help(?:s|ed|ful|ing)?|"
    r"calm|patient|patience|smil\w+|laugh\w*|cheer\w*|brighten\w*|encourag\w+|support\w*|made me feel|lucky|pleasure|enjoy\w*|count on|rely on|know what to|"
    r"complain\w*|let (?:me|us|anyone|anybody) down|find (?:the )?time|found (?:the )?time|make time|made time|there for|look(?:ed)? out for|good (?:at|with|to|company)|fair|honest|reliable|remember\w*|notice\w*|"
    r"know\b|thought(?:ful)?|ready to|happy to|willing|as usual well|on time|proud|great|nice|amazing|inspir\w+|can (?:always|never)|could always)\b"
)
