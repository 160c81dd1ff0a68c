"""Let ``python -m rtm`` do what the command ``rtm`` does."""

from rtm.cli import main

if __name__ == "__main__":
    main()
