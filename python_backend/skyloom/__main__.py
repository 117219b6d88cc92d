"""`python -m skyloom`: the command line."""

from skyloom.cli.main import main

if __name__ == "__main__":
    main()
