"""Backups: everything that is kept here in one file sealed by a passphrase, and the way back.

Knows the database, the key file and the folders of the user's own packs; must not know what is in a row.
"""
