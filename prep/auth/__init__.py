"""Accounts: who may sign in, how they show who they are, and what they may see and do.

Everything takes a session for writing (``prep.db.write_session``) unless it says that it only reads. What a
stranger can cause (a wrong password, too many attempts) comes back as a value, not as an error: an error would
roll back the transaction, and the failure with it.
"""
