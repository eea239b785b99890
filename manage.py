#!/usr/bin/env python
"""The switch: brings database, schema and encoder up, then runs the command."""

import os
import sys

from config import bringup


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    bringup.for_command(sys.argv)


if __name__ == "__main__":
    main()
