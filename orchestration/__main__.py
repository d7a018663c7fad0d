"""`python -m orchestration`: see cli.py."""

from orchestration.cli import main

if __name__ == "__main__":
    main()
