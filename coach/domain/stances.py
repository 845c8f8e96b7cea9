"""The stance of a plan in scope: where the user stands in the matter."""

from enum import StrEnum


class Stance(StrEnum):
    """What a plan is mainly for."""

    REPAIR_OWN_HARM = "repair_own_harm"
    ASK_FIRST = "ask_first"
    SET_BOUNDARY = "set_boundary"
    TEND = "tend"
    REACH_OUT = "reach_out"
    WAIT = "wait"
