"""Runs two verifiers in turn against one provider and prints what each took. See verify-speed.sh."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

PROVIDER = """
const body = JSON.stringify({ id: 7, name: "Joe", orders: [{ id: 7, total: 1.5 }] });
const server = require("node:http").createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(request.method === "POST" ? "{}" : body);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
"""


def pact(size, has_states):
    def interaction(number):
        states = [{"name": f"user {number} exists"}] if has_states else []
        rules = {"body": {"$": {"combine": "AND", "matchers": [{"match": "type"}]}}}
        content = {"id": 42, "name": "Jane", "orders": [{"id": 1, "total": 9.5}]}
        body = {"contentType": "application/json", "encoded": False, "content": content}
        headers = {"Content-Type": ["application/json"]}
        return {
            "type": "Synchronous/HTTP",
            "description": f"a request for user {number}",
            "providerStates": states,
            "request": {"method": "GET", "path": f"/users/{number}"},
            "response": {"status": 200, "headers": headers, "body": body, "matchingRules": rules},
        }

    return {
        "consumer": {"name": "BenchConsumer"},
        "provider": {"name": "BenchProvider"},
        "interactions": [interaction(number) for number in range(size)],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }


def run(command):
    """Seconds, CPU seconds, and the largest memory in MiB."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.monotonic() - started
    if status != 0:
        sys.exit(f"FAILED: {' '.join(command)} ends with {status}: {error.decode()}")
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    treaty, peer, size, runs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    provider = subprocess.Popen(["node", "-e", PROVIDER], stdout=subprocess.PIPE, text=True)
    try:
        port = provider.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as directory:
            for has_states in [False, True]:
                path = os.path.join(directory, "pact.json")
                with open(path, "w") as file:
                    json.dump(pact(size, has_states), file)
                common = ["-f", path, "-h", "127.0.0.1", "-p", port, "-n", "BenchProvider"]
                states = ["-s", f"http://127.0.0.1:{port}/states"] if has_states else []
                lines = {
                    "treaty, 1 job": [treaty, "verify", *common, *states, "--jobs", "1"],
                    "treaty, 8 jobs": [treaty, "verify", *common, *states, "--jobs", "8"],
                    "peer": [peer, "verifier", *common, *states],
                }
                told = {name: [] for name in lines}
                for _ in range(runs):
                    for name, command in lines.items():
                        told[name].append(run(command))
                medians = {
                    name: [statistics.median(column) for column in zip(*runs)]
                    for name, runs in told.items()
                }
                print(f"{size} interactions, {'a state each' if has_states else 'no states'}")
                for name, (took, cpu, memory) in medians.items():
                    times, cpus = (medians["peer"][i] / max(own, 0.001) for i, own in enumerate([took, cpu]))
                    print(
                        f"  {name:<15} {took:8.3f} s  {cpu:8.3f} CPU s  {memory:6.0f} MiB"
                        f"   peer takes {times:6.1f}x the time, {cpus:6.1f}x the CPU time"
                    )
    finally:
        provider.kill()


main()
