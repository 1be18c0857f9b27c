"""The commands of `side-by-side.sh`: how long each takes, median of several runs."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

treaty, rust, ruby, runs = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
treaty, rust, ruby = (os.path.abspath(tool) for tool in (treaty, rust, ruby))
TOOLS = {"treaty": [treaty], "pact broker": [rust, "broker"], "pact-broker": [ruby]}
STARTS = {"treaty": [treaty, "--help"], "pact broker": [rust, "broker", "--help"], "pact-broker": [ruby, "help"]}


def pact(number):
    interaction = {
        "description": "a ping",
        "request": {"method": "GET", "path": f"/{number}"},
        "response": {"status": 200},
    }
    return {
        "consumer": {"name": "Web"},
        "provider": {"name": f"Provider{number}"},
        "interactions": [interaction],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }


def run(words, ends_with=(0,)):
    """The seconds that the command takes; it must end as it should."""
    begin = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True)
    seconds = time.perf_counter() - begin
    if done.returncode not in ends_with:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return seconds


def told(what, measure):
    """Prints a line: a median for each tool, and how many times ours each peer takes. The tools take turns."""
    seconds = {tool: [] for tool in TOOLS}
    for number in range(runs):
        for tool in TOOLS:
            seconds[tool].append(measure(tool, number))
    medians = {tool: statistics.median(times) for tool, times in seconds.items()}
    figures = ", ".join(f"{tool} {median * 1000:.0f} ms" for tool, median in medians.items())
    ratios = ", ".join(
        f"{median / medians['treaty']:.1f} times ours" for tool, median in medians.items() if tool != "treaty"
    )
    print(f"{what + ':':22}{figures}; the peers take {ratios}", flush=True)


with tempfile.TemporaryDirectory() as work:
    for count in (1, 100):
        os.mkdir(f"{work}/{count}")
        for number in range(count):
            with open(f"{work}/{count}/{number}.json", "w") as file:
                json.dump(pact(number), file)
    serve = [treaty, "broker", "serve", "--port", "0", "--database-url", f"sqlite:{work}/broker.sqlite"]
    server = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().removeprefix("listening on ").strip()
        broker = ["--broker-base-url", url]
        versions = iter(range(1_000_000))

        def publish(count):
            def measure(tool, _):
                version = ["--consumer-app-version", f"{count}-{next(versions)}"]
                return run(TOOLS[tool] + ["publish", f"{work}/{count}"] + version + broker)

            return measure

        def can_i_deploy(tool, _):
            question = ["can-i-deploy", "--pacticipant", "Web", "--version", "asked"]
            # Nothing is verified: the answer is no, and every tool says so.
            return run(TOOLS[tool] + question + broker, ends_with=(1,))

        told("start-up (help)", lambda tool, _: run(STARTS[tool]))
        told("publish 1 pact", publish(1))
        told("publish 100 pacts", publish(100))
        run([treaty, "publish", f"{work}/100", "--consumer-app-version", "asked"] + broker)
        told("can-i-deploy", can_i_deploy)
    finally:
        server.kill()
        server.wait()
