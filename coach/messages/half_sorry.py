"""Ways of saying sorry that take it back: under a condition, or with a but. Patterns only, for wordings.py."""

from __future__ import annotations

from coach.messages.apologies import SORRY
from coach.messages.vocabulary import REST

TABLE: dict[str, tuple[tuple[str, str, str | None], ...]] = {
    "conditional_apology": (
        ("reversed", rf"\b(?:if|in case|should) (?P<rest>(?:i|we|you|any\w*|my|it|that|this|the|what|some\w*)\b{REST}{{2,90}}?)(?:,| -| then)+ (?:then )?(?:please )?(?P<head>{SORRY})(?: (?:about|for) (?:that|it|this))?", None),
        ("any", rf"(?P<head>{SORRY})(?: \w+ \w+)?,? (?:for|about) any(?: (?:and all|possible|potential))? (?P<noun>(?:\w+ )?(?:\w+ and )?(?:or )?\w+?)(?P<cause>(?: (?:that )?(?:(?:this|that|it|i|we|my|the|what|was|were|which|caused|felt)\b){REST}*)|(?= (?:to|for|on|about|of|with|in|around|during|regarding|at|over|between)\b)|(?=[.,;!?\n]|$))", None),
        ("anyone", rf"(?P<head>{SORRY}) to (?:any(?:one|body) (?:who|that|i)|(?:those|all|everyone|people) (?:who|that|i) (?:may|might|could|felt|feel|took|was|were))\b{REST}*", None),
        ("whatever", rf"(?P<head>{SORRY}),? (?:for|about) whatever\b{REST}*", None),
        ("if_i", rf"(?P<head>{SORRY})(?: to you| guys| all)?,? (?:if|in case|should|to the extent that) (?:ever )?(?P<rest>(?:i|we|anything i|something i|what i|my|it|this|that|the|things?)\b[^.!?;,\n]*)", "trivial"),
        ("maybe", rf"(?P<head>{SORRY}),? that (?P<rest>(?:i|we|it|this|my \w+) (?:may|might|could) have\b[^.!?;,\n]*)", None),
        ("if_you", rf"(?P<head>{SORRY})(?: to you| guys| all)?,? (?:if|in case|should|whenever) (?P<rest>(?:you|any\w*|some\w*|people|others|the team|\w+)\b[^.!?;,\n]*)", "trivial"),
        ("feel", rf"(?P<head>{SORRY}),? (?:that |because )?(?P<rest>you(?:'re| are|'ve been| were| have been)? (?:all )?(?:so |a bit |now )?(?:feel|felt|feeling|took|take|taken|see it|saw it|offended|upset|hurt by|annoyed|angry|chose|choose|think|thought|misunderstood|misread|interpret\w*|perceiv\w*|find it|found it|didn't (?:like|understand|get|enjoy|see|appreciate|agree)|did not (?:like|understand|get|enjoy|see|agree)|don't (?:like|understand|get|see|agree)|couldn't (?:take|handle|see)|can't (?:take|handle|see)|got (?:upset|angry|offended|hurt|annoyed|the (?:wrong )?impression|so \w+))\b[^.!?;,\n]*)", None),
        ("any.2", rf"\b(?P<head>(?:i|we) (?:\w+ )?regret) any (?P<noun>\w+(?: or \w+)?)(?P<cause>{REST}*)", None),
        ("if_i.2", rf"\b(?P<head>(?:i|we) (?:\w+ )?regret(?: it)?) if (?P<rest>{REST}+)", None),
    ),
    "apology_but": (
        ("bare", r"(?:\b(?:i'm|i am|we're|we are) )?(?:(?:so|very|really|truly) )?\b(?:sorry|apologies|i (?:do )?apologi[sz]e),? (?:but|however|though|although|only)[ ,]+(?P<rest>[^.!?;\n]+)", "refusal"),
        ("same", rf"(?P<head>{SORRY}[^.!?;\n]{{2,110}}?),? (?:but|however|though|although|even though|yet|except that|except|having said that|that said|then again|only that|in my defence|in my defense|mind you)\b[ ,]+(?P<rest>[^.!?;\n]+)", "mend"),
        ("semicolon", rf"(?P<head>{SORRY}[^.!?;\n]{{2,110}}?)[;:] (?:but|however|though|although|yet|that said)\b[ ,]+(?P<rest>[^.!?;\n]+)", "mend"),
        ("next", rf"(?P<head>{SORRY}[^.!?\n]{{2,140}}?)\.\s+(?:but|however|then again|having said that|that said|still|even so|mind you|in my defence|in my defense|although|though)\b[ ,]+(?P<rest>[^.!?;\n]+)", "mend"),
        ("same.2", r"(?P<head>\b(?:i (?:know|realise|realize|admit|accept|see|get|understand)(?: that)? (?:i|it|that|what i)|i (?:was|should(?:n't)?|shouldn't)|it was)\b[^.!?;\n]{0,50}\b(?:wrong|rude|my fault|my mistake|to blame|unfair|harsh|out of (?:line|order)|have (?:\w+ )?(?:asked|told|said|called|shouted|waited)|bad|late|apolog\w+|sorry)\b[^.!?;\n]{0,50}?),? (?:but|however|though|although|only)\b[ ,]+(?P<rest>(?:you|your|nobody|no one|it was|the|i (?:was|had|only|just|felt|did it|thought)|we were|honestly|to be fair|in fairness|let's not|what did you|so did|anyone)\b[^.!?;\n]*)", "mend"),
        ("next.2", rf"(?P<head>{SORRY}[^.!?\n]{{2,90}}?\.\s+[^.!?\n]{{2,60}}?),? (?:but|however|though|although) (?P<rest>(?:that's what|you|your|nobody|no one|it was you|it takes|anyone would|so (?:were|did) you|the (?:instructions|brief|rules))\b[^.!?\n]*)", "mend"),
    ),
}  # fmt: skip
"""By warning: the form, the pattern, and by name what excuses it."""

UNLESS: dict[str, str] = {
    "trivial": r"\b(?:if|in case) (?:this|it|that|i'm|i am|you|the|my|i|any|we)?\b[^.!?]*\b(?:bad time|silly|stupid question|obvious|basic|daft|already (?:been|have|know|knew|got|sent|answered|seen|done|read|asked|covered)|been asked|twice|late|short notice|(?:rather |bit |too |so )?long\b|out of the blue|duplicate|interrupt|bother|disturb|spam|dumb question|wrong (?:person|channel|list|number|place|thread)|off topic|confusing|crossed|typos?|repeat|noisy|choppy|line (?:drops|is bad)|slow to (?:reply|answer)|miss(?:ed)? (?:this|it) (?:earlier|already))",
    "refusal": r"\b(?:sorry|apologies|apologi[sz]e),? (?:but|however|only|though) (?:i|we)(?:'m| am| was| will| have|'ve|'ll| do)? ?(?:really |just |simply |still )*(?:can't|cannot|can not|couldn't|could not|won't|will not|not able|unable|not|have to|need|must|don't have|am away|afraid|away|out|off|booked|don't know|didn't (?:catch|understand|get|quite)|do not|am not)\b|\b(?:sorry|apologies),? (?:but|only|though) (?:the|your|that|this|it|there|what|which|where|when|could|can|would|may|is|no)\b(?![^.!?]*\b(?:you|fault|blame)\b)",
    "mend": r"\b(?:but|however|though|although|yet|still)\b,? (?:it(?:'s| is| has| will)|here(?:'s| is| it)|the (?:\w+ )?(?:is|are|has|have|will|new|parcel|file)|i(?:'ll|'m going to| will| can| could| have (?:now|already|since|it|them|sent|fixed)|'ve (?:now|already|since|got|sent|fixed|put)| would like to| want to (?:make|put)|'d like to| promise| hope to make| should be| am (?:on|free|back|glad))|we(?:'ll| will| can|'ve| have)|let's|let me|please (?:start|go|do)|now|(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|next|there(?:'s| is) (?:a|still|no need)|thank)\b|\bsorry (?:to hear|about your|for your loss|to bother|to trouble|you(?:'re| are) (?:ill|unwell|leaving|not well)|(?:i|we) (?:can't|cannot|won't|couldn't (?:make|come)|am not (?:able|free)|have to|don't have))|\bsorry,? (?:i|we)(?:'m|'re| am| are)? ?(?:can't|cannot|won't|not (?:able|free|sure)|have to|don't have|away|out|off|busy)\b",
}  # fmt: skip
"""What excuses a wording when it stands in the same sentence."""
