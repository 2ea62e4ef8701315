"""What the clients in Python share: checks that all run, and one report of them."""

import os
import sys
import traceback

CHECKS = []


def check(function):
    """Marks a function as a check: it raises when something is not as it must be."""
    CHECKS.append(function)
    return function


def need(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in what))


def same(got, want, *what):
    need(got == want, *what, f"\n  got  {got!r:.600}\n  want {want!r:.600}")


class Facts:
    """What the site is known to hold, as the environment says it."""

    def __getattr__(self, name):
        return os.environ.get("FACT_" + name.upper(), "")


FACTS = Facts()


def run():
    """Runs all checks and ends the program: 0 when all passed."""
    failed = 0
    for function in CHECKS:
        try:
            function()
        except Exception as error:  # the others still have something to say
            failed += 1
            where = traceback.extract_tb(error.__traceback__)[-1].line if not isinstance(error, AssertionError) else ""
            print(f"FAIL {function.__name__}: {type(error).__name__}: {error} {where}")
    print(f"{len(CHECKS)} checks, {failed} failed")
    sys.exit(1 if failed else 0)
