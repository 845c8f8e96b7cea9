"""Backups: everything that is kept here in one file sealed by a passphrase, and the way back.

Knows the database, the key file and the folders of the user's own packs; must not know what is in a row.

::

    envelope   a file sealed by a passphrase: how it is written, checked and opened
    contents   the files inside, with their hashes
    passphrases  where the passphrase is from when nobody is asked
    snapshot   the database as one SQLite file, from SQLite or PostgreSQL, while it is written to; and back
    backup     a backup: copied, sealed, verified, then given its name
    restore    everything is checked, then the present is put aside and the backup takes its place, also when killed
    rotation   a backup a day in COACH_BACKUPS, older ones thinned out
    before     a copy before the tables are changed
    folder     who is using a data folder, and folders of its own for work that may be cut short
"""
