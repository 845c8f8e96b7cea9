"""What the coach must not say, as patterns, a name each. Knows wordings; the checker decides when they count.

Patterns match lower-case text with straight quotes; ``{them}`` stands for the people a sentence may be about.
"""

from __future__ import annotations

from dataclasses import dataclass

_THEY = r"(?:he|she|they|{them})"
_BE = r"(?:'s|'re| is| are| was| were)"
_WELL = r"(?: (?:just|only|really|clearly|obviously|simply|probably|definitely|certainly|surely|still|now|also|always|even|so|very|secretly|deeply|quite|actually|plainly))*"
_ILL = (
    r"(?:depression|depressed|bipolar|autis\w+|asperger\w*|adhd|ocd|ptsd|schizophren\w+|dementia|alcoholic|addict(?:ed)?|narcissis\w+|psychopath\w*|"
    r"sociopath\w*|borderline|(?:personality|anxiety|mental|mood|eating|panic|attachment) (?:disorder|illness)|panic attacks|burn-?out|burn(?:ed|t) out|traumati[sz]ed|"
    r"paranoid|clinically \w+|mentally ill|on the spectrum|codependent|suicidal)"
)
_LABEL = (
    r"(?:lazy|selfish|childish|immature|arrogant|petty|pathetic|useless|incompetent|stupid|toxic|manipulative|two-faced|unprofessional|dishonest|rude|"
    r"ungrateful|passive[- ]aggressive|bossy|vindictive|spiteful|hysterical|oversensitive|insensitive|spineless|cowardly|sneaky|power-hungry|controlling|"
    r"condescending|patroni[sz]ing|self-cent(?:re|er)ed|heartless|abusive|malicious|cruel|nasty|impossible|hopeless|"
    r"a bully|a liar|an idiot|a jerk|a snake|a coward|a hypocrite|a control freak|a drama queen|a diva|a narcissist|a psychopath|a micro-?manager|a tyrant|"
    r"a gossip|a bad (?:manager|boss|person|colleague|leader)|a terrible \w+|a nightmare|a manipulator|an abuser|a predator|the problem|out of control|difficult people|a difficult person)"
)
_PRIVATE = (
    r"(?:illness|cancer|diagnosis|depression|burn-?out|divorce|separation|pregnan\w+|miscarriage|ivf|therapy|therapist|rehab|drinking|debts?|bankruptcy|salary|pay rise|bonus|"
    r"affair|surgery|operation|medication|sick leave|disability|sexuality|religion|criminal record|redundancy|dismissal|warning letter|appraisal|grievance|visa|custody|abortion|"
    r"breakdown|suicide|panic attacks|chemo\w*|hiv|epilepsy|marriage problems|eviction)"
)
_IS_PRIVATE = (
    r"(?:pregnant|getting divorced|divorced|separated|ill with|sick with|in (?:therapy|rehab|debt|hospital)|on (?:sick leave|medication)|depressed|burnt out|burned out|"
    r"being (?:fired|dismissed|let go|made redundant|divorced)|looking for (?:another|a new) job|interviewing elsewhere|gay|lesbian|transgender|trying for a baby|having an affair|bankrupt|"
    r"leaving (?:his|her|their) (?:wife|husband|partner)|seeing a therapist|undergoing \w+)"
)
_HIM = r"(?:him|her|them|{them})"
_HIS = r"(?:his|her|their|{them}'s)"


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern under a violation's name, and what takes it away.

    ``hedged``: a sentence that only supposes or asks is no violation. ``against``: nor is one that warns of it. ``parts``: in which
    parts it counts; ``routes``: on which routes, all when empty. ``known``: nor when the journal holds the words.
    """

    name: str
    pattern: str
    hedged: bool = False
    against: bool = False
    known: bool = False
    parts: tuple[str, ...] = ("said", "draft")
    routes: tuple[str, ...] = ()
    not_routes: tuple[str, ...] = ()


_ALL = ("said", "avoid", "draft")

RULES: tuple[Rule, ...] = (
    Rule("exclamation", r"!", parts=_ALL),
    Rule(
        "ratio",
        r"(?<![\d:.,/])(?!1\s?(?::|to|-to-|by)\s?1\b)\d+(?:\.\d+)?\s?(?::|-?to-?|\sto\s)\s?(?:1|one)\b(?![:\d]|[- ](?:on|to)\b)"
        r"|\b(?:two|three|four|five|six|seven|eight|nine|ten)[- ]to[- ]one\b(?! meetings?)"
        r"|\b(?:two|three|four|five|six|seven|ten|\d+) (?:good|positives?|kind|warm|helpful|nice|friendly|pleasant) ?\w*\b[^.]{0,40}?\b(?:for|to|per|against|outweighs?|make up for|offset|balance) (?:each|every|one|a|an)\b"
        r"|\b(?:three|four|five|six|seven|ten|\d+) positives?\b|\b(?:twice|three times|four times|five times|\d+ times) as many (?:good|positive|kind)\b|\bmagic (?:ratio|number)\b|\blosada\b"
        r"|\bfor (?:each|every) (?:negative|bad|harmful|harsh)\b[^.]{0,30}\b(?:three|four|five|six|seven|ten|\d+)\b",
        parts=_ALL,
    ),
    Rule(
        "score",
        r"\b\d{1,3}(?:\.\d)?\s?/\s?(?:5|10|100)\b(?!/)|\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten) out of (?:5|10|100|five|ten|a hundred)\b"
        r"|\b(?:trust|relationship|empathy|health|respect|rapport|likeability|collaboration|toxicity|compatibility) (?:score|index|rating|level|grade)\b"
        rf"|\bi(?:'d| would|'ll| will)? (?:rate|score|grade|rank) (?:{_HIM}|this|that|your|it)\b|\brates? (?:at|as) an? \d|\b(?:score|rating|grade) (?:of|is) (?:an? )?\d|\bscores? (?:{_HIM} )?(?:high|low|\d)"
        r"|\b\d{1,3} ?(?:%|per ?cent) (?:sure|certain|likely|chance|trust\w*|of (?:the )?(?:trust|blame|fault|relationship))|\bon a scale (?:of|from)\b",
        against=True,
        parts=_ALL,
    ),
    Rule(
        "mind",
        rf"\b{_THEY}{_WELL} (?:thinks?|thought|feels?|felt|wants?|wanted|hates?|hated|resents?|resented|believes?|believed|enjoys|likes? (?:to (?:hurt|see|make)|you less|making|seeing)|envies|fears?|"
        r"dislikes?|disliked|despises?|distrusts?|blames?|looks? down on|intends?|intended|means? to|meant (?:to|well|it)|hopes?|hoped|cares? (?:only|more|nothing|little)|"
        r"couldn't care less|had it in for|has it in for|have it in for|sees? you as|regards? you|considers? you|knows? (?:that )?(?:you|it was|what (?:he|she|they) did|exactly)|regrets?|is punishing|respects? (?:nobody|you less))\b"
        rf"|\b{_THEY}{_WELL} (?:never|doesn't|don't|does not|do not|didn't|did not|couldn't|has no|have no|no longer)(?: (?:really|even|truly|actually))* (?:care|cares|cared|respects?|respected|likes?|liked|trusts?|trusted|values?|valued|wants?|appreciates?|"
        r"respect for|interest in you|feel|mind|intention|regard for|believe|mean|think|notice that you)\b"
        rf"|\b{_THEY}{_BE}{_WELL} (?:jealous|envious|threatened|insecure|angry|furious|mad|upset|annoyed|hurt|offended|ashamed|embarrassed|afraid|scared|frightened|disappointed|bitter|relieved|proud|intimidated|frustrated|stressed|overwhelmed|bored|indifferent|sad|"
        r"unhappy|lonely|guilty|glad you|hiding something|trying to|out to|testing you|punishing you|avoiding you|ignoring you on purpose|doing (?:this|it|that) (?:on purpose|to|because)|after your|plotting|using you|"
        r"manipulating|gaslighting|taking (?:it|this) out|projecting|in denial|waiting for you to fail|keen to (?:hurt|harm)|determined to|happy (?:that|to see) you)\b"
        rf"|\b(?:it is|it's|that is|this is|that's) because {_THEY} (?!said|told|may|might|could)|\b(?:this|that|it|which) (?:shows|proves|means|tells you) (?:that )?{_THEY}\b|\bdeep down,? {_THEY}\b|\b(?:in|on) purpose to\b"
        rf"|\b{_HIS} (?:real |true |hidden |only )?(?:motives?|intentions?|aim|goal|agenda|plan) (?:is|was|are|were)\b|\b{_THEY} did (?:it|this|that) (?:on purpose|deliberately|to (?:hurt|spite|punish|embarrass|annoy))\b",
        hedged=True,
        known=True,
    ),
    Rule(
        "label",
        rf"\b(?:{_THEY}|you){_BE}{_WELL} (?:being |such |a bit |rather |a little |too |behaving )?{_LABEL}\b|\b(?:{_THEY}|you) (?:sounds?|seems?|looks?|comes? across as|behaves? like|acts? like) {_LABEL}\b"
        rf"|\b(?:a|an|this|that|your|such an?) (?:really |truly )?(?:toxic|narcissistic|manipulative|abusive|lazy|selfish|childish|arrogant|incompetent|two-faced|passive[- ]aggressive|difficult) (?:person|people|boss|manager|colleague|man|woman|co-?worker|character|individual)\b"
        r"|\bgaslight\w*|\b(?:energy|emotional) vampire\b",
        against=True,
    ),
    Rule(
        "diagnosis",
        rf"\b(?:{_THEY}|you)(?:{_BE}|'ve| has| have| may be| might be| could be| may have| might have| could have| seems?| sounds?| shows? signs of| suffers? from| suffering from| probably| likely)+{_WELL} (?:an? |some |signs of |symptoms of |probably |likely |suffering from |got |in |to have |like |showing signs of )*{_ILL}\b"
        rf"|\b(?:this|that|it|these) (?:is|are|sounds like|looks like|seems like|points to) (?:an? |clearly |classic |typical |signs of |symptoms of |clinical |textbook )*{_ILL}\b",
        against=True,
    ),
    Rule(
        "verdict",
        rf"\b(?:this|that|it|what {_THEY} did|what happened|his behaviou?r|her behaviou?r|their behaviou?r|such (?:a )?\w+)(?:{_BE}| counts as| amounts to| constitutes| qualifies as)(?: (?:clearly|definitely|plainly|certainly|legally|already|a case of|an? clear case of|a form of|simply|just|of course))* "
        r"(?:illegal|unlawful|against the law|legal|lawful|discrimination|harassment|sexual harassment|bullying|assault|a crime|criminal|abuse|defamation|slander|libel|constructive dismissal|unfair dismissal|grounds for|a breach of|victimi[sz]ation|retaliation|mobbing|not allowed|allowed by law|permitted by law|a violation)\b"
        r"|\byou(?:'ve| have)? (?:got )?(?:a|an) (?:strong |good |clear |weak |solid |excellent |winning )?(?:legal )?(?:case|claim)\b|\byou (?:would|will|'ll|'d|could easily) (?:win|lose)\b|\byou(?:'ll|'d) (?:win|lose)\b|\byou (?:can|may|could|should) (?:legally|sue|take (?:him|her|them) to court)\b"
        r"|\b(?:they|your (?:boss|manager|employer|company)|he|she) (?:can't|cannot|can|may|must|has to|have to|had to|are not allowed to|is not allowed to|is obliged to|are obliged to|isn't allowed to|aren't allowed to) (?:legally |by law |lawfully )?(?:fire|dismiss|sack|terminate|demote|pay you|deduct|refuse (?:you )?(?:leave|holiday|the)|record you|make you work|by law)\b"
        r"|\byou(?:'re| are) (?:legally |by law |fully )?(?:entitled to (?:compensation|damages|severance|pay|overtime|notice|sick pay|leave)|protected by law|within your (?:legal )?rights|not liable|liable)\b"
        r"|\byou (?:should|need to|must|can) (?:take|stop taking|increase|reduce|double|try) (?:\w+ )?(?:antidepressants?|medication|sertraline|pills|your (?:dose|medication|tablets)|sleeping pills|beta blockers|valium|sedatives)\b|\byour (?:symptoms|headaches|chest pains?|insomnia) (?:are|is) (?:caused by|due to|nothing|a sign of|harmless|only stress|just stress)\b|\bthe law is (?:on your side|clear|against you)\b",
        against=True,
    ),
    Rule(
        "flattery",
        r"\byou(?:'re| are| were) (?:absolutely|totally|completely|so|100%|entirely|quite|perfectly|definitely|clearly|of course) (?:right|correct|justified)\b|\byou(?:'re| are) right to (?:be|feel|think)\b|\b(?:what a |that(?:'s| is) (?:such )?an? |such an? )?(?:great|excellent|wonderful|fantastic|brilliant|very good|really good|amazing|thoughtful|insightful|lovely) question\b|\bgood question\b"
        r"|\byou(?:'re| are) (?:so|such an?|incredibly|amazingly|truly|really|very|clearly|obviously|an?) (?:\w+ )?(?:brave|strong|kind|wise|amazing|thoughtful|caring|wonderful|incredible|generous|mature|insightful|emotionally intelligent|good (?:person|colleague|leader|friend|manager)|great (?:person|colleague|leader|friend|manager)|bigger person|better person|patient person|star|hero|inspiration|self-aware)\b"
        r"|\bi(?:'m| am) (?:so |really |very )?(?:proud of|impressed (?:by|with)|amazed by) you\w*\b|\byou deserve (?:so much )?(?:better|more|the best|praise)\b|\byou handled (?:it|this|that) (?:\w+ )?(?:perfectly|brilliantly|beautifully|wonderfully|so well)\b|\bi love (?:that|how) you\b|\bwell done (?:you|for)\b|\bgood for you\b"
        r"|\byou have every right to\b|\banyone (?:would|in your place would) (?:be|feel|have)\b|\bkudos\b|\bbravo\b|\byou should be (?:so |very )?proud\b|\byou(?:'ve| have) (?:got )?(?:an amazing|a rare|a real|a wonderful|such a) (?:gift|talent|heart|way)\b|\bwhat an? (?:great|wonderful|thoughtful|amazing|beautiful|lovely) (?:person|colleague|idea|heart|thing to)\b",
    ),
    Rule(
        "flattery",
        rf"\byou (?:did|have done|'ve done) (?:absolutely )?nothing wrong\b|\b(?:none of (?:this|it)|this|that|it) (?:is|was|isn't|wasn't) (?:not |in no way |all |entirely |clearly |totally )?(?:your fault|{_HIS} fault)\b|\b(?:it(?:'s| is)|it was) (?:all|entirely|clearly|completely) (?:{_HIS}|the other\w*) (?:fault|doing)\b|\b{_THEY}{_BE} (?:clearly |obviously |plainly |entirely )?(?:in the wrong|to blame|at fault)\b",
        hedged=True,
        not_routes=("get_help",),
    ),
    Rule(
        "sorry_if",
        r"\b(?:sorry|apologi[sz]e|apologies|apology)\b,? (?:if|but|in case|however|for any|though)\b|\bsorry (?:that )?you (?:feel|felt|took|were offended|got upset)\b|\bif (?:i|what i|anything i|you were|anyone)\b[^.!?]{2,60}, (?:i'm|i am|then i'm) (?:\w+ )?sorry\b|\bsorry\b[^.;:!?\"]{2,60}, but\b",
        against=True,
    ),
    Rule(
        "asks_forgiveness",
        r"\bforgive (?:me|us)\b|\b(?:ask|asking|beg|hope|hoping|plead)(?:s|ed)?(?: (?:him|her|them|you))? (?:for (?:\w+ )?forgiveness|to forgive|(?:that )?(?:you|he|she|they) (?:can|will|could|would|may) (?:one day )?forgive)\b|\bplease forgive\b|\bare we (?:ok|okay|good|all right|alright|fine)(?: (?:again|now|between us))?(?=[?.,!]|$)\b"
        r"|\b(?:put|leave) (?:this|it|that|all this) behind us\b|\bno hard feelings\b|\btell me (?:that )?(?:we're|we are|you're not|you are not|it's) (?:ok|okay|fine|angry|good|all right)\b|\baccept my apolog\w+|\b(?:can|could) we (?:just )?(?:move on|forget (?:it|this|about it)|go back to normal)\b|\bsay (?:that )?you forgive\b|\bearn (?:his|her|their|your) forgiveness\b",
        against=True,
    ),
    Rule(
        "lecture",
        r"\b(?:it is|it's) (?:(?:very|so|always|crucial|really) )*(?:important|essential|vital|crucial|key|worth remembering) (?:to|that)\b|\b(?:open |good |honest |clear )?communication is (?:the )?(?:key|everything|essential|crucial|important)\b|\bcommunicate (?:openly|clearly|better|effectively|honestly)\b|\byou (?:really )?(?:must|need to|have to|should) (?:always|never|learn|understand|realise|realize|remember|accept|work on yourself|be more|take responsibility|grow)\b"
        r"|\b(?:in|at) (?:any|every) (?:healthy )?(?:relationship|workplace|team)\b|\bas (?:we|you) all know\b|\balways remember\b|\bremember,|\bthe golden rule\b|\btreat others\b|\bas the saying goes\b|\bpeople in general\b|\bstudies (?:have )?(?:shown?|prove)\b|\bresearch (?:shows|proves|has shown)\b|\bset (?:healthy )?boundaries\b|\bhold space\b|\bsafe space\b|\bself-care\b|\bhealing journey\b|\btoxic positivity\b|\bbe the bigger person\b|\bcircle of trust\b",
        against=True,
    ),
    Rule(
        "deceit",
        rf"\bpretend\w*\b|\b(?:act|behave|carry on) as (?:if|though) (?:you (?:did|do|had|have|were|are|don't|didn't)|nothing)|\b(?:lie|lying) (?:to|about)\b|\btell {_HIM} (?:a (?:white )?lie|you (?:are|were) (?:ill|sick|busy) (?:even|when|although))\b|\bwhite lie\b|\bmake up (?:an?|some|the) (?:excuse|story|reason|emergency)|\binvent (?:an?|some) \w+|\bfake (?:an?|your|some|interest|tears|illness|a smile)\b"
        rf"|\bwithout {_HIM} (?:knowing|noticing|realising|realizing|finding out|being aware)\b|\bbehind {_HIS} back\b|\b(?:secretly|covertly|in secret|on the sly|quietly (?:check|watch|track|note|collect|copy|look))\b|\btrick {_HIM}\b|\b(?:manipulat|guilt-trip|flatter|butter up|love-bomb)\w* {_HIM}\b|\bmake {_HIM} (?:feel (?:guilty|small|bad|ashamed)|jealous|think (?:that )?(?:you|it was)|believe)\b"
        rf"|\blet (?:it|something|a word) slip (?:to|in front|that|casually|over)\b|\bdrop (?:a )?hints?\b|\banonymous(?:ly)?\b[^.]{{0,20}}\b(?:note|letter|tip|mail|email|complaint|review|message)|\bsend an anonymous\b|\bplay (?:dumb|the victim|hard to get|mind games|them off)\b|\bcheck {_HIS} (?:phone|mail|email|browser|calendar|messages|desk|social)\b|\b(?:track|monitor|spy on|watch|stalk) {_HIM}\b|\bread {_HIS} (?:mails?|emails?|messages)\b|\b(?:use|exploit) {_HIS} (?:weak|insecurit|fear|guilt)\w*",
        against=True,
    ),
    Rule(
        "retaliation",
        rf"\bget (?:back at|even with|your own back|revenge)\b|\bpay {_HIM} back\b|\bgive {_HIM} (?:a taste|the cold shoulder|the silent treatment|as good as)\b|\bteach {_HIM} a lesson\b|\bmake {_HIM} (?:pay|suffer|sorry|regret|sweat|squirm|wait)\b|\b(?:freeze|shut) {_HIM} out\b|\b(?:ignore|blank|snub) {_HIM} (?:back|too|in return|for)\b|\bcold shoulder\b(?= for| until)"
        rf"|\b(?:embarrass|humiliate|expose|undermine|sabotage|punish|shame|discredit|ridicule) {_HIM}\b|\bget {_HIM} (?:fired|sacked|dismissed|into trouble|in trouble|moved|demoted)\b|\b(?:tell|show) (?:everyone|everybody|the (?:whole )?(?:team|office)) (?:what|how|about|that) {_THEY}\b|\btwo can play\b|\bdo the same to {_HIM}\b|\btit for tat\b|\brevenge\b|\b(?:withhold|hold back) (?:the )?(?:information|help|files?|work|data) (?:from {_HIM}|until)|\bspread (?:the word|it|rumou?rs) about\b|\bleave {_HIM} (?:off|out of) the (?:list|mail|loop|invite|invitation)\b|\bcall {_HIM} out (?:in front|publicly|in public|in the meeting)\b",
        against=True,
    ),
    Rule(
        "recording",
        rf"\b(?:record|tape|film|voice-record|audio-record) (?:{_HIM}|the|your|every|each|all|this|that|it|what|conversations?|meetings?|calls?|a |secretly|next|everything)\b(?! (?:dates?|times?|facts?|hours|in writing|of what))|\b(?:start|keep|begin|try|consider) (?:secretly )?(?:recording|taping|filming)\b|\bhidden (?:camera|microphone|recorder)\b|\b(?:leave|put|turn on|switch on) (?:your|the|a) (?:phone|recorder|dictaphone|voice memo)s? (?:recording|on (?:record|in your pocket)|running)\b|\bvoice memo app\b|\b(?:make|take) (?:a )?(?:secret )?(?:recordings?|videos?) of\b",
        against=True,
    ),
    Rule(
        "unsafe",
        rf"\bapologi[sz]e\b|\bsay (?:that )?(?:you(?:'re| are) |i'm |i am )?sorry\b|\b(?:an|your|the first) apology\b|\b(?:meet|see|speak (?:to|with)|talk (?:to|with)|sit down with|have a (?:word|coffee|chat|talk|conversation) with|confront|approach|face|invite|ring|call|write to|message) (?:{_HIM})(?:\b[^.]{{0,30}}\b(?:alone|one[- ]to[- ]one|one[- ]on[- ]one|in private|privately|face to face|for (?:a )?(?:coffee|lunch|talk)|directly|yourself|quietly))\b"
        rf"|\b(?:private|one[- ]to[- ]one|quiet) (?:talk|word|meeting|chat|conversation) with {_HIM}\b|\b(?:see|consider|understand|look at|think of|imagine|hear) (?:\w+ ){{0,4}}?(?:{_HIS}|the other|both) (?:side|sides|perspective|point of view|view|shoes)\b|\b(?:see|look at) (?:it|things) from {_HIS}\b|\bput yourself in {_HIS}\b|\b(?:make peace|reconcile|smooth (?:it|things) over|clear the air|mend (?:it|things|the relationship)|build bridges|extend an olive branch|meet {_HIM} half ?way|find common ground|give {_HIM} (?:another|a second|one more) chance|forgive {_HIM}|let it go|be the bigger person|patch (?:it|things) up)\b"
        rf"|\bask {_HIM} (?:what|why|how|whether|if)\b|\b{_THEY} (?:may|might|could) (?:not have meant|have meant (?:it )?(?:well|kindly|no harm)|be (?:under|having) (?:stress|pressure|a (?:hard|bad)))|\byour (?:own )?part in (?:this|it|what)\b|\bwhat you (?:did|may have done|could have done) (?:to (?:cause|provoke)|differently)\b|\bbuild (?:trust|rapport) with {_HIM}\b",
        against=True,
        hedged=False,
        routes=("get_help",),
    ),
    Rule(
        "private_facts",
        rf"\b(?:he|she|{{them}}|my (?:colleague|boss|manager|friend|co-?worker)|our (?:colleague|boss|manager)|[a-z]+'s|his|her|their)(?:'s| is| has| was| has been| had| are| have)?(?: (?:just|currently|now|recently|still|also|secretly|been|going through|got|an?|the|under|having|own|ongoing|recent|serious))* (?:{_PRIVATE}|{_IS_PRIVATE})\b"
        rf"|\b(?:i heard|someone told me|did you know|between us|rumou?r has it|they say|apparently)\b[^.?!]{{0,60}}\b(?:{_PRIVATE}|{_IS_PRIVATE})\b",
        parts=("draft",),
    ),
    Rule("steps", r"\b(?:fourth|fifth|sixth) step\b|\bstep (?:4|5|6|7|four|five|six)\b|\b(?:four|five|six|seven|eight|nine|ten|4|5|6|7|8|9|10) (?:small |easy |simple |concrete |key )?steps\b|^\s*[4-9][.)](?:\s|$)", against=True),
)  # fmt: skip
