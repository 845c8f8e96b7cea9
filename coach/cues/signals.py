"""Signals: cues in a text, found by word patterns. Knows English ways of putting things; nothing of cards or plans.

Every signal is a name and patterns over one clause or the whole text. Patterns match text whose quotes
are straight (``letters.straight``), in any case, so that offsets stay those of the user's text.

Names beginning with ``own_`` are acts of the user; the same act by another has no prefix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from coach.domain.readings import Signal

_I = r"\bi(?:'ve|'d|'m|\s+have|\s+had|\s+also|\s+then|\s+just|\s+may\s+have|\s+might\s+have|\s+probably|\s+kind\s+of|\s+sort\s+of|\s+completely|\s+totally|\s+stupidly|\s+accidentally|\s+basically|\s+finally|\s+only)*\s+"
_WE = r"\b(?:we|i)(?:'ve|'d|\s+have|\s+had|\s+just|\s+all|\s+also|\s+both)*\s+"
_THEY = r"\b(?:he|she|they|who|boss|manager|colleague|co-?worker|supervisor|director|lead|guy|woman|man|lady|someone|somebody|[a-z]+)(?:'s|\s+has|\s+had|\s+just|\s+always|\s+then|\s+often|\s+keeps?|\s+kept|\s+even|\s+also|\s+will)*\s+"

_TABLE: dict[str, tuple[str, ...]] = {
    # ---- what they did, or did not do
    "no_reply": (
        r"\b(?:never|not|hasn't|haven't|hadn't|didn't|doesn't|don't|won't|without)\b[^.!?]{0,24}\b(?:answer\w*|repl(?:y|ied|ies|ying)|respond\w*|respons\w*|got(?:ten)? back|get(?:s|ting)? back|call(?:ed)? back|acknowledg\w+|text(?:ed)? back|wr(?:ote|itten) back)\b",
        r"\b(?:no|zero|not a) (?:reply|answer|response|word back|acknowledg\w+|word from)\b",
        r"\bnever said a word\b|\bignor\w+ (?:my|the|our|all my|every|me\b[^.]{0,20}\b(?:mail|email|message|text|chat|slack|teams))",
        r"\b(?:left|leaves|leaving) (?:me|us|it|my \w+) (?:on read|hanging|unanswered)\b|\bon read\b|\bghost(?:ed|ing|s)?\b|\bradio silence\b|\bunanswered\b|\bheard nothing\b|\bhear(?:d)? (?:anything )?back\b|\bcrickets\b",
    ),
    "cold_shoulder": (
        r"\bcold shoulder\b|\bsilent treatment\b|\bfreez(?:es|ing) me out\b|\bfroze(?:n)? me out\b|\b(?:gone|went|going|been|is|turned|got) (?:\w+ )?(?:cold|cool|quiet|distant|frosty|icy|off with|funny with|short with|weird with|stiff)\b",
        r"\b(?:barely|hardly|won't|wont|doesn't|never|stopped|not|n't) (?:even )?(?:look(?:s|ed|ing)?|speak(?:s|ing)?|spoke(?:n)?|talk(?:s|ed|ing)?|mak(?:e|es|ing) eye contact|meet(?:s)? my eye\w*)\b",
        r"\bavoid(?:s|ed|ing)? (?:me|us|my)\b|\bonly (?:talks|speaks|talk|speak) to (?:me|us) when\b|\b(?:one[- ]word|monosyllab\w+|curt|clipped) (?:answer|repl|respon|message)\w*|\b(?:answer(?:s|ed)?|repl(?:y|ies|ied)|respond(?:s|ed)?)(?: to)?(?: me| us)? (?:with|in) (?:only |just )?(?:one|a single|two|single) (?:words?|syllables?)\b|\bkeeps? (?:his|her|their) distance\b|\bgive[sn]? me (?:a )?(?:nothing|short answers)\b|\bnot been the same\b|\bawkward(?:ness)? (?:between|since|with)\b",
    ),
    "blanked": (
        r"\bblank(?:s|ed|ing) (?:me|us|him|her)\b|\b(?:walk(?:s|ed)?|go(?:es)?|went) (?:right |straight )?past (?:me|my desk|us)\b|\b(?:never|doesn't|don't|didn't|won't|not) (?:even )?(?:say|says|said|return\w*) (?:hi|hello|good ?morning|good ?night|thanks|thank you|please|my)\b",
        r"\b(?:ignores?|ignored|ignoring) (?:me|us)\b|\blook(?:s|ed)? (?:right |straight )?through me\b|\bas if i(?:'m| am| was| were)?n't (?:there|exist)|\binvisible\b|\bdoesn't (?:even )?acknowledge\b|\bno greeting\b|\bsay (?:hi|hello|good ?morning)[^.]{0,40}\b(?:nothing|silence|no )",
    ),
    "public_correction": (
        r"(?<!thanked me )(?<!praised me )(?<!thanked us )(?<!praised us )(?<!thanked him )(?<!thanked her )(?<!congratulated me )\b(?:in front of|before) (?:everyone|everybody|the (?:whole|entire|rest|team|group|class|others|client\w*|customer\w*|staff|office|board|patients?|students?|kids|room|shift|crew|department)|all|my (?:team|staff|class|colleagues|peers|boss|own)|our|other|others|people|his|her|their|clients?|customers?|colleagues|staff|a (?:client|customer|room))\b",
        r"\bcalled? (?:me|him|her|them|it|\w+) out\b|\bsingled? (?:me|him|her|them|\w+) out\b|\bembarrass(?:ed|es|ing) (?:me|him|her|them)\b|\bhumiliat\w+|\bshow(?:ed|n|ing)? (?:me|him|her|them) up\b|\bshowing me up\b|\bin (?:the|our|a) (?:\w+ ){0,2}(?:meeting|stand-?up|huddle|briefing|call)\b[^.]{0,60}\b(?:said|told|correct\w+|blam\w+|point\w+ out|criticis\w+|criticiz\w+|snapp\w+|asked why)\b|\bpublicly\b|\bin public\b",
    ),
    "copied_boss": (
        r"\b(?:cc|cc'd|ccd|cc'ed|cc'ing|cced|copied|copies|copying|copy|looped|loops)\b(?:'?s|'?d|'?ed)?[^.]{0,40}\b(?:boss|manager|director|supervisor|head|lead|everyone|half|whole|all|ceo|vp|partner|chief|team)\b|\b(?:boss|manager|director) (?:in|on) (?:cc|copy)\b|\bwent (?:straight )?(?:over my head|to my (?:boss|manager)|above me)\b|\bover my head\b|\bbehind my back to (?:my|the) (?:boss|manager)\b",
    ),
    "credit_taken": (
        r"\b(?:took|takes|taking|take|stole|steals|claimed|claims|got|gets|grabb\w+) (?:all )?(?:the |my |our |full )?credit\b|\bpass(?:ed|es|ing) (?:it|them|my \w+|an? \w+(?: of mine)?) off\b|\b(?:his|her|their) own (?:idea|work)\b|\b(?:my|our) (?:idea|work|slides?|report|draft|design|numbers|analysis)\b[^.]{0,50}\b(?:as (?:his|hers?|theirs?)|without (?:my name|credit|mention\w*)|stole|stolen)\b|\bno mention of (?:me|my|us)\b|\bleft my name off\b|\bcredit for my\b",
    ),
    "left_out": (
        r"\b(?:left|leave|leaves|leaving|cut|shut|kept|freeze|froze) (?:me|us|out of)\b[^.]{0,12}\bout\b|\bleft out\b|\bwithout (?:asking |telling |inviting )?me\b|\b(?:not|never|n't|wasn't|weren't) (?:been |get |got |even )?(?:invit\w+|asked along|included)\b|\bexclud\w+|\buninvited\b|\bonly one (?:not|who wasn't|without)\b|\b(?:clique|inner circle|closed circle|in-?crowd|little groups?)\b|\bdropped from\b|\bout of the loop\b|\blast to (?:know|hear|find out)\b|\bdidn't (?:invite|ask|include|tell) me\b|\boverlook(?:ed|s)\b",
    ),
    "harsh_words": (
        r"\b(?:snapp(?:ed|y)|snaps|snark\w*|sarcas\w+|sneer\w*|scoff\w*|mock(?:ed|s|ing)|belittl\w+|condescend\w+|patroni[sz]\w+|rude(?:ly)?|nasty|curt|sharp(?:ly)?|dismissive|dismiss(?:ed|es)|insult\w*|swore|swear(?:s|ing)?|hissed|barked|bit my head|tore (?:into|a strip)|laid into|had a go|hostile|passive[- ]aggressive|snide|cutting|scathing|sniped|moan(?:ed|s) at|shouted|shouts|yell(?:ed|s|ing)|scream(?:ed|s|ing)|raised (?:his|her|their) voice|lost (?:his|her|their|it|my) (?:temper|rag|it)|blew up|exploded|ranted)\b",
        r"\broll(?:s|ed|ing) (?:his|her|their|my) eyes\b|\beye[- ]?roll\w*|\btelling me off\b|\btold me off\b|\blaughed at (?:me|my|us)\b|\bbrushed (?:me|it|my \w+) off\b|\bshut me down\b|\bfold(?:ed|s|ing)? (?:his|her|their) arms\b|\btalk(?:s|ed)? down to\b|\btone\b",
    ),
    "interrupted": (
        r"\binterrupt\w*|\btalk(?:s|ed|ing)? over (?:me|people|us|her|him|everyone|others|my)\b|\bcut(?:s|ting)? (?:me|people|us|her|him|everyone) off\b|\bfinish(?:es|ed)? my sentences\b|\bdoesn't let (?:me|anyone) (?:finish|speak)\b|\bspeaks? over\b",
    ),
    "gossip": (
        r"\bgossip\w*|\bbehind (?:my|his|her|their|each other's|people's) back\w*|\bspread(?:s|ing)? (?:rumou?rs?|stories|it)\b|\brumou?rs?\b|\bbad-?mouth\w*|\bslagg\w+ (?:me|him|her)? ?off\b|\bbitch(?:ed|es|ing|y) about\b|\btalk(?:s|ed|ing)? (?:badly )?about me\b|\btold (?:everyone|everybody|the others|people|half)\b|\boverheard\b|\bscreenshot\w*",
    ),
    "cancelled": (
        r"\b(?:cancel\w*|reschedul\w*|postpon\w*|stood me up|no[- ]show|call(?:ed|s)? off)\b|\b(?:moved|moves|moving|push(?:ed|es)?|bump(?:ed|s)?|skipp?(?:ed|s)|dropp(?:ed|s)) (?:my|our|the|it|back)[^.]{0,24}\b(?:1:1|1-1|one[- ]to[- ]one|one[- ]on[- ]one|meeting|call|catch[- ]?up|review|lunch|again|slot)s?\b|\bdidn't (?:show|turn) up\b",
    ),
    "unreliable": (
        r"\b(?:late (?:again|every|with|to|for)|always late|miss(?:ed|es|ing) (?:the |every |our |my |a |another )?deadlines?|(?:doesn't|didn't|never|won't|not|isn't) (?:do|doing|did|pull|pulling|finish|deliver\w*|send|sent|hand\w*) (?:his|her|their|the|any|what|me|it)\b|slack(?:s|er|ing) off|half[- ]done|sloppy|slow(?:ly)?|do(?:ing)? (?:his|her|their) (?:bit|part|share|job|work)|carry(?:ing)? (?:him|her|them)|pick(?:ing)? up (?:his|her|their|the) slack|let (?:me|us) down|broke (?:his|her|their|a) (?:promise|word)|promised\b[^.]{0,60}\b(?:never|hasn't|didn't|not|but))\b",
    ),
    "rebuffed": (
        r"\b(?:turn(?:s|ed) (?:me|it|us|my \w+) down|said no|declin(?:ed|es)|refus(?:ed|es|ing)|rejected|rebuff\w*|flat(?:ly)? refused|politely (?:refused|declined|said)|never took it up|not interested|walk(?:ed|s) (?:off|out|away)|hung up|hang up|no thanks)\b",
    ),
    "forgotten": (
        r"(?<!\bi )(?<!\bi've )(?<!\bi'd )(?<!\bhave )(?<!\bwe )(?<!\bi just )\bforg(?:ot|ets?|otten)\b[^.]{0,30}\b(?:my|me|about me|birthday|leaving|anniversary)\b|\b(?:my|his|her) birthday\b|\bnobody (?:said|noticed|remembered|mentioned)\b|\bno one (?:said|noticed|remembered|mentioned)\b|\bnot one person\b|\bno(?:t a)? (?:thank you|thanks|recognition|card|mention)\b|\bwithout (?:a|any) (?:thanks|thank you|recognition)\b|\btaken for granted\b|\bunappreciated\b|\bunder-?appreciated\b",
    ),
    "criticised": (
        r"\b(?:critici[sz]\w+|negative feedback|harsh feedback|feedback (?:was|that|stung|hurt)|bad review|appraisal|pulled me up|told me (?:i|my)|said (?:my|i (?:was|am|need|should))|nit-?pick\w*|pick(?:s|ed|ing) (?:on|apart|holes)|blam(?:ed|es|ing) (?:me|us)|complain(?:ed|s) about me|complained to)\b",
    ),
    "micromanaged": (
        r"\bmicro-?manag\w*|\bbreath(?:es|ing) down my neck\b|\bcheck(?:s|ing) (?:up )?(?:on )?(?:everything|my work|me)\b|\b(?:redo(?:es|ing)?|rewrit(?:es|ing)|rewrote|redid) (?:my|everything)\b|\bhover(?:s|ing)\b|\bwants? to approve every\w*",
    ),
    "one_way_favours": (
        r"\bonly (?:ever )?(?:talks|calls|messages|contacts|comes|writes|texts|speaks|rings|pings|asks)[^.]{0,30}\bwhen (?:he|she|they|it)\b[^.]{0,12}\b(?:needs?|wants?)\b|\bnever returns? (?:the|a) favou?r\b|\bone[- ]way\b|\btakes? advantage\b|\balways me (?:who|that)\b|\busing me\b|\bdoesn't (?:return|do the same)\b|\bi always (?:cover|help|do|bring|say|listen)\b",
    ),
    "joke_hurt": (
        r"\bjok(?:e|es|ed|ing)\b|\bteas(?:e|ed|es|ing)\b|\bbanter\b|\bpunchline\b|\bprank\w*|\bnickname\b|\bimpression of\b|\btook the mick\w*|\bpoked fun\b|\bmade fun\b",
    ),
    "quarrel": (
        r"\b(?:argument|argued|arguing|row|quarrel\w*|fell out|falling out|fallen out|bust-?up|disagree\w*|clash\w*|heated|fight|fought|butt(?:ing)? heads|tension|blow-?up|spat|words with)\b",
    ),
    "envy": (
        r"\bpromot\w+|\bgot the (?:job|role|post|position)\b|\bpassed over\b|\bjealous\w*|\benvi\w+|\bresent\w*|\bused to be (?:my )?(?:peers?|equals?|friends)\b|\bformer peers?\b",
    ),
    "noise": (
        r"\b(?:noise|noisy|loud(?:ly)?|music|headphones|speakerphone|hums?|whistl\w+|smell\w*|microwave|fridge|dishes|mug|kitchen|thermostat|window|perfume|mess(?:y)?|chews?|eats? at)\b",
    ),
    "confidence_broken": (
        r"\b(?:in confidence|confided|confidential|private (?:thing|matter|stuff|information)|my secret|told (?:him|her|them) (?:in private|privately|not to)|trusted (?:him|her|them) with|betray\w*|broke my trust)\b",
    ),
    # ---- what the user did
    "own_outburst": (
        _I
        + r"(?:snapp?ed|shouted|yelled|screamed|exploded|lost (?:it|my (?:temper|rag|cool|patience|head))|blew up|swore|barked|bit (?:his|her|their|\w+'s) head off|raised my voice|flew off|slammed|hung up|stormed|ranted|raged|went off|had a go|laid into|tore into|lashed out|was (?:short|rude|sharp|curt|harsh|snappy|cold|unfair|horrible|mean|nasty|impatient|sarcastic|dismissive|a bit short|so rude)|said something (?:nasty|harsh|unkind|mean|stupid|awful)|told (?:him|her|them|\w+) (?:to (?:shut|get|grow|back|do)|off|exactly|straight|where))\b",
        r"\bmy (?:outburst|temper|tone|sarcasm|meltdown|rant)\b|\bi (?:really )?regret\b|\bcame out (?:wrong|harsher|sharper|all wrong)\b|\bi (?:roll|rolled) my eyes\b",
    ),
    "own_public": (
        _WE
        + r"(?:\w+\s+){0,3}?(?:correct(?:ed)?|called?|blamed?|named|told|said|asked|pointed|embarrass\w*|joked|laughed|criticis\w+|criticiz\w+|contradict\w*|blurt\w*|mention\w*|brought|showed|put|outed|slagged|moaned|raised)\b[^.!?]{0,90}\b(?:in front of|in the (?:\w+ ){0,3}(?:meeting|stand-?up|huddle|briefing|call|channel|group)|publicly|before the|on the (?:team|group|all) \w+|to the (?:whole|entire))\b",
        r"\bin (?:the|our|a|last|this|monday's|tuesday's|wednesday's|thursday's|friday's) (?:\w+ ){0,3}(?:meeting|stand-?up|huddle|briefing|call)[, ]+i (?:said|told|called|pointed|corrected|blamed|asked|named|mentioned|joked|brought)\b",
        r"\bi (?:cc'?e?d|copied|looped in)\b",
    ),
    "own_left_out": (
        _WE
        + r"(?:left(?! (?:in|on|at|it|my|early|for|work|because|when|to|behind|by|the (?:house|office|room|building|keys?|light|door))\b)|forgot to (?:invite|ask|include|tell|mention)|didn't (?:invite|ask|include|tell|mention|think to (?:ask|invite|tell))|excluded|went without|skipped over)\b",
    ),
    "own_broken_promise": (
        _I
        + r"(?:forgot(?! to (?:credit|name|invite|ask|include))|missed(?! it\b)|cancel+ed|kept (?:cancelling|moving|putting|forgetting)|moved (?:our|the|her|his|their|it)|keep (?:cancelling|moving|putting|forgetting)|promised|let (?:him|her|them|\w+|the team) down|dropped the ball|never (?:did|sent|got|called|replied|answered|went|thanked|followed)|didn't (?:get round|get back|reply|answer|send|call|do it|turn up|show up|thank|follow)|was late|overslept|double[- ]booked|put (?:it|him|her|them) off)\b",
    ),
    "own_confidence_broken": (
        _I
        + r"(?:blurted|let (?:it )?slip|told (?:someone|everyone|people|another|my (?:boss|manager|team))|repeated|spilled|shared|mentioned|passed (?:it )?on|gave away|forwarded|leaked|outed)\b",
        r"\bit slipped out\b|\bin confidence\b[^.]{0,60}\bi (?:told|said|repeated)\b",
    ),
    "own_gossip": (
        _I
        + r"(?:gossip\w*|bitch\w+|moan\w+|complain\w+|vent(?:ed|ing)|slagg\w+|bad-?mouth\w*|talk(?:ed|ing) (?:behind|about)|made fun|ranted about|letting off steam)\b",
        r"\breply[- ]all\b|\bwrong (?:chat|group|person|window|thread|channel|recipient)\b|\bsent it to (?:him|her|them|the)\b|\b(?:saw|read|heard|found) (?:what i|my message|my rant|it and)\b",
    ),
    "own_joke": (
        _I
        + r"(?:\w+\s+){0,3}(?:joked?|teased?|made (?:a|some|one|this|that|an?) (?:\w+ )?(?:joke|crack|comment|remark)|cracked a|poked fun|laughed|nicknamed|called (?:him|her|them) (?:a|an)|did an impression)\b|\bmy joke\b|\bplayed along\b",
    ),
    "own_credit": (
        _I
        + r"(?:took (?:the |all )?credit|presented (?:it|his|her|their)|used (?:his|her|their) (?:idea|slides|work|draft)|didn't (?:credit|mention|name)|forgot to (?:credit|mention|name)|passed (?:it|his|her|their) )|\bleft (?:his|her|their) name off\b",
    ),
    "own_neglect": (
        r"\bi(?:'ve| have)? (?:been )?(?:neglect\w*|ignor(?:ed|ing)|avoid(?:ed|ing)|took (?:him|her|them|it|\w+) for granted|taken (?:him|her|them|it|\w+) for granted|lost touch|drifted|stopped (?:calling|asking|talking|answering|saying|going|replying)|hardly (?:speak|talk|see)|only (?:ever )?(?:call|write|message|contact|email|ping|talk|get in touch)[^.]{0,30}when)\b",
        r"\bi (?:gave|give) (?:him|her|them) (?:the )?(?:cold shoulder|silent treatment|short answers)\b|\bi (?:blanked|snubbed|froze)\b|\bi (?:never|haven't|didn't|don't) (?:even )?(?:ask(?:ed)?|thank(?:ed)?|say|said|notice[d]?|check(?:ed)?|repl(?:y|ied)|answer(?:ed)?|acknowledge[d]?|greet(?:ed)?)\b",
    ),
    "own_mistake": (
        r"\b(?:my (?:mistake|fault|error|bad|mess)|i messed (?:it )?up|i(?:'ve)? screwed (?:it )?up|i got (?:it|things|that) wrong|i was wrong|i shouldn't have|i should have|i should not have|i handled (?:it|that) badly|i made (?:a|an|the) (?:\w+ )?(?:mistake|error)|i (?:still |really |also )?(?:feel|felt) (?:(?:so|very|really|quite|pretty|a bit|rather) )?(?:guilty|ashamed|(?:bad|awful|terrible|horrible|rotten|embarrassed) (?:(?:about|for|over|at) (?:what i|how i|my own|having|not (?:having )?(?!being)\w+ing|(?!being|everything|anything|nothing|something)\w+ing (?:at|to|on|him|her|them|it|that|so|what|without|in front)\b)|(?:that|because|since) i (?!was\b|am\b|wasn't\b|got\b|get\b|feel\b|felt\b|can't\b|cannot\b|have to\b)))|i (?:hurt|upset|offended|embarrassed|insulted|annoyed) (?:him|her|them|\w+)|i (?:know|think|guess|realise|realize) i (?:was|did|went|said|have|handled|came|overr)\w*|i owe (?:him|her|them|\w+) an apology|i overreacted|make it (?:right|up)|my (?:own )?part in|in the wrong)\b",
    ),
    "own_harsh": (
        _I
        + r"(?:criticis\w+|criticiz\w+|gave (?:him|her|them|\w+) (?:feedback|a (?:telling|dressing|bad|hard))|told (?:him|her|them|\w+) (?:his|her|their|it|that|he|she|they) |wrote (?:him|her|them|\w+) up|reported|escalated|complained|blamed|accused|went (?:to|over)|redid|rewrote|rejected|turned (?:him|her|them|it|\w+) down|sent (?:a|an) (?:\w+ )?(?:sharp|angry|blunt|curt|snarky|stiff|long|terse|cross|harsh) )",
    ),
    "own_apology": (
        r"\b(?:i|we)(?:'ve| have| already| did)? (?:\w+ )?(?:apologi[sz]ed|said (?:i was |we were )?sorry|sent (?:an|my) apolog\w+|told (?:him|her|them) (?:i'm|i was|we were) sorry)\b",
    ),
    "own_gift": (
        r"\b(?:i|we)(?:'ve| have)? (?:\w+ )?(?:bought|brought|baked|covered|helped|offered|invited|gave|made (?:him|her|them)|took (?:him|her|them) (?:to|for)|lent|sent (?:him|her|them) (?:flowers|a card|a note)|thanked|congratulated|stayed late to help)\b",
    ),
    # ---- the situation
    "apology_refused": (
        r"\b(?:ignor\w+ (?:that|it|my apolog\w+) too|didn't accept|won't accept|apolog\w+[^.]{0,60}\b(?:but (?:he|she|they)|nothing|no effect|still|hasn't|won't|ignored))\b",
    ),
    "grief": (
        r"\b(?:died|death|passed away|funeral|bereave\w*|grie(?:f|ving)|miscarr\w+|widow\w*|still-?birth|still-?born|lost a (?:patient|child|baby|friend|colleague|pupil|resident)|lost (?:his|her|their|my) (?:mum|mom|mother|dad|father|wife|husband|son|daughter|baby|parent|brother|sister|dog|partner))\b",
    ),
    "hard_time": (
        r"\b(?:cancer|ill(?:ness)?|diagnos\w+|hospital|surgery|operation|stroke|divorc\w+|separat(?:ed|ion|ing)|split up|break-?up|burn(?:ed|t)? ?out|hard time|rough (?:time|patch|week)|struggling|sick (?:child|kid|mother|mum|mom|father|dad|parent)|going through|redundan\w+|laid off|made redundant|visa|homesick|exhausted)\b",
    ),
    "overload": (
        r"\b(?:swamped|snowed under|overload\w*|overwhelm\w*|deadline\w*|month[- ]end|year[- ]end|short[- ]staffed|understaffed|double shifts?|on call|three jobs|two jobs|stretched|crunch|peak|busy|stress\w*|under pressure|rushed off|full plate|workload|launch|go-live|exam season|audit|inspection)\b",
    ),
    "leaving": (
        r"\b(?:is leaving|are leaving|leaving (?:us|the|for|in|next|work|do|drinks)|last day|new job|moving (?:away|to|back|abroad)|retir\w+|handed in|resign\w*|offered (?:a|an|another)|transferr\w+|relocat\w+|going back to|farewell)\b",
    ),
    "celebration": (
        r"\b(?:birthday|wedding|engaged|baby|new(?:born)?|anniversary|promotion|congratulat\w*|passed (?:his|her|their|the) exam|graduat\w+|award|christening|eid|diwali|christmas)\b",
    ),
    "gratitude": (
        r"\b(?:thank(?:s|ed|ful)?|grateful|gratitude|appreciat\w+|recogni[sz]\w+|praise\w*|owe (?:him|her|them) a lot|saved my|had my back|helped me|covered for me|stood up for me|looked out for me)\b",
    ),
    "lost_touch": (
        r"\b(?:lost touch|drift(?:ed|ing)|haven't (?:spoken|seen|talked|called|heard|been in touch)|used to (?:have|go|talk|be|chat|eat|meet|sit|laugh|call)|fell out of touch|grown apart|not as close|faded|months since|years since)\b",
    ),
    "remote": (
        r"\b(?:remote(?:ly)?|virtual(?:ly)?|zoom|teams call|video calls?|camera(?:s)?|webcam|work(?:s|ing)? from home|wfh|hybrid|time ?zones?|offshore|overseas|another (?:country|city|site|office|branch)|different (?:country|city|site|office|branch|timezone)|never met|in person once|home office|slack|on screen|by phone only|distance)\b",
    ),
    "text_channel": (
        r"\b(?:e-?mail(?:s|ed|ing)?|text(?:s|ed|ing)?|messages?|messaged|chat|slack|teams|whatsapp|dm|ping(?:ed|s)?|in writing|inbox|thread|wrote|note)\b",
    ),
    "upward": (
        r"\bmy (?:\w+ ){0,2}(?:boss|manager|supervisor|director|line manager|team lead(?:er)?|head|ceo|chief|principal|headteacher|foreman|owner|consultant|professor|partner|sergeant|matron|ward sister|chef|lead)\b|\bthe (?:boss|owner|director|ceo|head ?teacher|headteacher|partner)\b",
    ),
    "leads": (
        r"\b(?:my (?:\w+ ){0,2}(?:team|reports?|direct reports?|employees?|staff|crew|subordinates?|apprentices?|trainees?|juniors?|people|volunteers)|one of my (?:\w+ )?(?:team|staff|people|guys|nurses|cooks|drivers|engineers|reports|employees|teachers|volunteers|lads|girls)|i (?:manage|lead|supervise|run|head|oversee|line[- ]manage)|as (?:a|their|his|her) (?:manager|boss|lead|leader|supervisor|head|foreman)|reports to me|i'm (?:the|a|their|his|her) (?:\w+ )?(?:manager|boss|lead|leader|supervisor|head|foreman)|(?:new|first-time|first time) manager|first manager)\b",
    ),
    "customer": (
        r"\b(?:client|customer|supplier|vendor|contractor|patient'?s? famil\w+|parent(?:s)? of|guest|agency)\b",
    ),
    "other_department": (
        r"\b(?:another|other|different) (?:department|team|office|floor|site|group|division|unit|faculty)\b|\bin (?:accounts|accounting|finance|it|hr|sales|marketing|legal|procurement|logistics|purchasing|payroll|engineering|ops|operations|the warehouse|the lab)\b",
    ),
    "friend": (
        r"\b(?:work friend|friend(?:s|ship)?|best mate|mate|buddy|pal|close|get on (?:well|great)|got on|work wife|work husband|besties?)\b",
    ),
    "group": (
        r"\b(?:they all|group of|the team|the others|everyone|everybody|the girls|the lads|the guys|two of them|three of|colleagues|co-?workers|people (?:at|in|on)|the whole|half the)\b",
    ),
    "newcomer": (
        r"\b(?:new (?:here|job|team|role|place|office|starter|hire|people|school|company|guy|girl|person)|(?:just|recently) (?:started|joined|moved)|months? in|weeks? in|first (?:week|month|day|job)|joined|since i started|back from (?:leave|maternity|sick))\b",
    ),
    "lonely": (
        r"\b(?:lonely|loneliness|no (?:real )?friends|alone|isolated|make friends|making friends|outsider|don't (?:really )?(?:know|fit)|nobody to|no one to|belong|fit in|eat (?:my )?lunch (?:alone|on my own|at my desk|by myself)|on my own)\b",
    ),
    "introvert": (
        r"\b(?:introvert\w*|shy|quiet (?:person|one|type)|small ?talk|social(?:ise|ize|ising|izing)|chit-?chat|awkward|anxious|drain(?:s|ed|ing)|private person|extrovert\w*|socially)\b",
    ),
    "networking": (
        r"\b(?:network(?:ing)?|conference|linkedin|contacts?|business cards?|mingl\w+|schmooz\w+|play the game|office politics|politics|suck(?:ing)? up|brown[- ]?nos\w+|fake)\b",
    ),
    "no_time": (
        r"\b(?:no time|don't have (?:the )?time|too busy|back[- ]to[- ]back|haven't (?:got )?(?:the )?time|run off my feet|flat out|calendar|squeeze)\b",
    ),
    "second_hand": (
        r"\b(?:i heard|was told|told me (?:that )?(?:he|she|they)|apparently|hear(?:d)? from|someone (?:said|told|mentioned)|word is|supposedly|found out (?:from|through|via)|told by|i wasn't (?:in the room|there))\b",
    ),
    "culture": (
        r"\b(?:culture|cultural(?:ly)?|language|accent|where i(?:'m| am| come) from|in my country|foreign\w*|abroad|translat\w+|english isn't|not my first language|custom|tradition|religio\w+|ramadan|expat)\b",
    ),
    "cry": (
        r"\b(?:cried|crying|in tears|tear(?:ed|y|s)|upset|hurt(?:s)?|gutted|devastated|humiliated|ashamed|mortified)\b",
    ),
    "wording": (
        r"\b(?:what (?:do|should|can|could|would) i (?:say|write|put|open|reply|answer|text|tell|start)|how (?:do|should|can|could|would) i (?:word|phrase|put|say|write|answer|reply|respond|start|open|tell|ask|decline|thank)|help me (?:word|write|phrase|say|draft|answer|reply|with the wording)|(?:draft|write|word|reword|rewrite|phrase|wording|proofread)\b[^.]{0,40}\b(?:email|mail|message|note|reply|text|card|letter|this|it|something|for me|apology)|what(?:'s| is) (?:the best|a good|a nice|the right) (?:way|reply|answer|thing|opener|response)|is this (?:ok|okay|too|alright)|how does this sound|does this sound|can you (?:write|word|draft|help me write)|need (?:a|some) (?:words|wording|message|line|lines))\b",
    ),
    "log": (
        r"^\s*(?:log\b|journal|note to self|small win|for the record|diary|just (?:noting|logging|writing)|today[:,]|update:|quick (?:log|note)|writing (?:this|it) down|noting|logging|record:|entry)",
    ),
    "conviction": (
        r"\b(?:on purpose|deliberate(?:ly)?|clearly|obviously|i(?:'m| am) (?:sure|certain|convinced|positive)|i (?:know|bet) (?:he|she|they|it)|must (?:hate|think|be|have)|out to get|hates? me|to make me|trying to|thinks? (?:i|he|she|they|i'm)|because (?:he|she|they)(?:'s| is| are)? (?:jealous|lazy|rude|threatened|insecure)|doesn't (?:care|respect|like)|don't (?:care|respect|like)|couldn't care less|no respect)\b",
    ),
}

_PATTERNS: dict[str, tuple[re.Pattern[str], ...]] = {
    name: tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns) for name, patterns in _TABLE.items()
}

NAMES: tuple[str, ...] = tuple(_TABLE)
"""Every signal's name, in a fixed order."""

OWN: frozenset[str] = frozenset(name for name in NAMES if name.startswith("own_")) - {"own_gift", "own_apology"}
"""Signals of a possible harm by the user."""


@lru_cache(maxsize=16)
def find(text: str) -> tuple[Signal, ...]:
    """Return the first hit of every signal in the text, in the order of the table. Offsets are the text's."""
    return tuple(_first(text))


_ALLEGED = re.compile(
    r"\b(?!i\b|i'\w+\b)[a-z][\w'-]* (?:(?:has|have|had|just|always|still|now|also|even|then|clearly|apparently) )*"
    r"(?:says?|said|saying|thinks?|thought|claim(?:s|ed|ing)?|t(?:old|ells?|elling) \w+|insist(?:s|ed)|believe[sd]?|blame[sd]?|accuse[sd]?|decided|impl(?:ies|ied)|"
    r"suggest(?:s|ed)|hint(?:s|ed)|assume[sd]?|ma(?:kes?|de) (?:it |me )?(?:sound|look|out|feel)|act(?:s|ed)|announced|wrote|joked|shouted|complained|reckons?)\b"
    r"(?:(?!\b(?:and|but|because|so|then) i\b)[^.!?;,])*$"
)
"""Before an act of the user's: somebody else says that it was theirs."""
_BEFORE = 160
"""So many characters before the act are read for that."""


def sources() -> Iterator[str]:
    """Yield all that decides what ``find`` finds: every name with its patterns, and what takes an act away."""
    for name, patterns in _PATTERNS.items():
        yield name
        yield from (pattern.pattern for pattern in patterns)
    yield _ALLEGED.pattern


def _first(text: str) -> Iterator[Signal]:
    for name, patterns in _PATTERNS.items():
        own = name.startswith("own_")
        firsts = (
            next((hit for hit in pattern.finditer(text) if not (own and _alleged(text, hit.start()))), None)
            for pattern in patterns
        )
        first = min(filter(None, firsts), key=lambda hit: hit.start(), default=None)
        if first:
            yield Signal(name, first.start(), first.end())


def _alleged(text: str, at: int) -> bool:
    return _ALLEGED.search(text[max(0, at - _BEFORE) : at]) is not None


_LANDINGS: dict[str, tuple[str, ...]] = {
    "indifferent": (
        "no_reply",
        "cold_shoulder",
        "blanked",
        "left_out",
        "cancelled",
        "forgotten",
        "rebuffed",
        "unreliable",
        "own_left_out",
        "own_broken_promise",
        "own_neglect",
        "one_way_favours",
    ),
    "harmed": (
        "public_correction",
        "copied_boss",
        "credit_taken",
        "harsh_words",
        "interrupted",
        "gossip",
        "criticised",
        "micromanaged",
        "joke_hurt",
        "quarrel",
        "confidence_broken",
        "own_outburst",
        "own_public",
        "own_confidence_broken",
        "own_gossip",
        "own_joke",
        "own_credit",
    ),
    "helped": ("own_apology", "own_gift", "gratitude"),
}


LANDING: frozenset[str] = frozenset(name for names in _LANDINGS.values() for name in names)
"""Signals that say how something landed."""

_LANDING_WORDS: dict[str, re.Pattern[str]] = {
    "indifferent": re.compile(
        r"\b(?:without (?:a|one|saying a|so much as a) (?:word|look|greeting|thanks|reply|nod)|said nothing|says nothing|(?:did|does|do|have|has|had)(?:n't| not) (?:say|said|ask|asked|look|looked|greet|thank|thanked|mention|mentioned|notice|noticed|come|turn|show|react|bother|include|invite)\w*|"
        r"no (?:greeting|thanks|reaction|sign|mention|explanation|comment|eye contact)|not (?:a|one) (?:word|look|thank)|(?:nobody|no one|none of them) (?:said|asked|noticed|came|spoke|told|mentioned|looked|thanked|invites?|invited|talks?)|look(?:s|ed)? (?:away|past|through|at (?:his|her|their) phone)|"
        r"turn(?:s|ed) away|walk(?:s|ed) (?:past|by)|put (?:me|it|her|him|them) off|one[- ]word|shrugg?(?:ed|s)|mumbled|said mm|never (?:asks?|says?|looks?|greets?|thanks?|comes?|took|mentions?|invites?)|go(?:es)? to lunch without|eat(?:s)? (?:on my own|alone)|stop(?:s|ped)? (?:talking|speaking|inviting|asking|coming)|"
        r"(?:hardly|barely|scarcely|never) (?:\w+ )?(?:looks?|looked|speaks?|spoke|talks?|answers?|greets?|acknowledge[sd]?)|(?:has|have|had|'s|'ve) stopped (?:\w+ing|coming)|(?:hasn't|haven't|hadn't|has not|have not) (?:replied|answered|reacted|responded|said|asked|called|rung|come|thanked)|avoid(?:s|ed|ing)? (?:me|him|her|us)|"
        r"(?:as if|as though) (?:nothing|i (?:hadn't|wasn't|weren't|didn't)|it hadn't)|(?:went|gone|carried|carries|carry) on (?:with|as)|walk(?:s|ed) (?:off|away) without|just (?:walk(?:s|ed)|went) (?:off|away)|stays? away|keeps? (?:to (?:himself|herself|themselves)|quiet)|went quiet|forgot|forgotten|missed|ignor\w+|gave him short answers|short answers|only (?:nods?|nodded|grunts?))\b",
        re.IGNORECASE,
    ),
    "harmed": re.compile(
        r"\b(?:argument|row with|insult\w*|bark(?:ed|s)|shout\w*|yell\w*|scream\w*|blurt\w*|embarrass\w*|humiliat\w*|mock\w*|call(?:s|ed) (?:me|him|her|us|them) (?!back|up|on|to|over|in\b)|told (?:me|him|her|them) to|tells (?:me|him|her|them) to|blam(?:ed|es|ing)|accus\w+|threaten\w*|roll(?:s|ed)|"
        r"took (?:my|an idea|the idea|his|her|their)|stole|pass(?:ed|es) (?:it|them|my)|talk(?:s|ed)? over|complain(?:ed|s) (?:about|to)|report(?:ed|s) me|w(?:rote|rites) me up|snapp\w+|swore|sneer\w*|laugh(?:ed|s) at|make (?:me|him|her) look|made (?:me|him|her|fun)|hung up|slammed|nasty|rude|spread|gossip\w*|"
        r"lied|undermin\w+|excluded|moved me|demoted|touch(?:es|ed)|grabb\w+|push(?:ed|es)|hit me|bump(?:ed|s)|follow(?:s|ed) me|comments? (?:on|about)|jokes? (?:about|on|that)|treats? (?:me|us|her|him) like|cut(?:s)? (?:me|him|her|them) off|shut (?:me|him|her) down|called out|told people|asked if i was|called arrogant)\b",
        re.IGNORECASE,
    ),
    "helped": re.compile(
        r"\b(?:said sorry|apologi[sz]ed|thank(?:ed|s) (?:me|him|her|them|us)|smil(?:ed|es)|help(?:ed|s|ing) (?:me|him|her|them|us|out)|cover(?:ed|s) (?:for|my|his|her|their)|offer(?:ed|s) (?:me|to|him|her)|shares? (?:his|her|their)|bought (?:him|her|them|me)|sits? with me|stayed (?:\w+ ){0,4}(?:to help|with me|late for)|always answers|was (?:so |very |really )?(?:pleased|touched|delighted|grateful|kind|lovely)|made me (?:laugh|smile|feel welcome)|stuck up for|br(?:ought|ings) (?:me|him|her|them|us|in)|baked|bought (?:me|him|her|them)|prais\w+|agreed|welcom\w+|invit(?:ed|es) (?:me|us|him|her|them) (?!$)|"
        r"ask(?:ed|s) (?:me )?how|listened|teared up|hug(?:ged)?|stood up for|backed me|gave (?:me|him|her|them) (?:a|the|his|her)|shared|shows? me|showed me|taught|lent|sent (?:me|him|her|them) (?:a|flowers)|got on|congratulat\w+|said (?:yes|thank|well done|good)|told me (?:i did|it was good|well)|cheered|wished|heard from|typed me in|everyone gets|kind (?:word|note|message)|made (?:my|his|her) day|laughed together)\b",
        re.IGNORECASE,
    ),
}


def landings(clause: str) -> dict[str, int]:
    """Return how many signals of each landing stand in a clause."""
    return {
        landed: sum(any(pattern.search(clause) for pattern in _PATTERNS[name]) for name in names)
        + bool(_LANDING_WORDS[landed].search(clause))
        for landed, names in _LANDINGS.items()
    }
