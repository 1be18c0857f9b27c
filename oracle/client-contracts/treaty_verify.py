#!/usr/bin/env python3
"""`treaty verify`, with its report written in the form that the official verifier writes.

    treaty_verify.py TREATY [ARGUMENTS of treaty verify, with -f FILE and --json REPORT]

An interaction that did not pass, whatever else became of it, is an error of the report; so is one that the report
does not mention.
"""
import json
import subprocess
import sys


def after(arguments, flag):
    return arguments[arguments.index(flag) + 1]


def main():
    treaty, arguments = sys.argv[1], sys.argv[2:]
    done = subprocess.run([treaty, "verify", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with open(after(arguments, "--json")) as file:
        report = json.load(file)
    with open(after(arguments, "-f")) as file:
        expected = [one["description"] for one in json.load(file)["interactions"]]
    outcomes = {one["description"]: one for pact in report["pacts"] for one in pact["interactions"]}
    errors = []
    for description in expected:
        one = outcomes.get(description, {"outcome": "not in the report"})
        if one["outcome"] != "passed" or not one.get("replayed"):
            why = {key: one[key] for key in ("outcome", "cause", "mismatches") if key in one}
            errors.append({"interaction": description, "mismatch": {"message": json.dumps(why)[:600]}})
    with open(after(arguments, "--json"), "w") as file:
        json.dump({"errors": errors}, file)
    sys.stdout.write(done.stdout)
    return 1 if errors else done.returncode


if __name__ == "__main__":
    sys.exit(main())
