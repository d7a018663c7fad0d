"""Settings of Superset, for one analyst on one machine.

Belongs here: what differs from Superset's defaults. Does not belong here: secrets;
the key is made once per installation, in the folder that SUPERSET_HOME names.
"""

import os
import secrets
from pathlib import Path

HOME = Path(os.environ["SUPERSET_HOME"])
_key = HOME / "secret_key"
if not _key.exists():
    _key.touch(mode=0o600)
    _key.write_text(secrets.token_urlsafe(48))

SECRET_KEY = _key.read_text()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}"
