"""`python -m excavate` is the `excavate` command."""

from excavate.cli import main

if __name__ == "__main__":
    main()
