"""Members of a group: who may sign in, and what opens each one's journal. Imported only when COACH_MEMBERS is set.

::

    codes      the recovery code: 130 random bits and two characters that find a slip
    wraps      a data key sealed under a password, a recovery code or a token; the pair of keys for sharing
    peppers    the file without which a stolen database cannot even be guessed at
    entry      signing in and out: password, code or token → a member and their key
    roster     who belongs to the group: invitations, roles, locking out, leaving, claiming a folder
    feeds      calendars that answer while the journal is locked
    caretaker  what one process of all does: sweeping, digests that hold counts alone
    handouts   what hosts hand out to all members, at every worker;  ``archives`` unpacks it
    numbers    numbers of the whole group, in fives, none under five
    identities who members are at a single sign-on
    passkeys   what opens beside password and code, where an authenticator can
    shared_sheets  sheets that one member sends to another
    ledger     members, slots, invitations and the audit, as rows;  ``doors`` and tries
    row_forms  rows ⇄ records;  ``columns`` declares the tables

Nobody but a member can open their journal while it is locked: the data key is nowhere but in slots, sealed under what
the member knows, and in doors, sealed under what their browser or program holds. Knows nothing of what a journal holds.
"""
