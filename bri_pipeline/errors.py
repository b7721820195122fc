"""The one exception whose text is written for the person who typed the command."""


class UserError(Exception):
    """Something the user can mend: one or two plain sentences saying what, where and what to do.

    The command line prints the text on stderr and exits with status 2, without a traceback.
    """
