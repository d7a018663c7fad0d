"""SQLFluff's command line, with fewer garbage collections.

Belongs here: what makes the linter quicker without changing what it finds. Does not
belong here: rules (.sqlfluff).

    python tests/lint_sql.py lint models
"""

import gc

# A syntax tree is a million objects that live until its file is done. As often as
# Python collects by itself, a quarter of the time goes into looking through them. The
# processes that SQLFluff starts run this line too.
gc.set_threshold(100_000, 50, 100)

if __name__ == "__main__":
    from sqlfluff.cli.commands import cli

    cli()
