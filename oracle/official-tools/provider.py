"""A user service in another language, with a state-change URL: what the official tools and ours both verify.

    python3 provider.py [--without-email]

Prints `listening on http://127.0.0.1:PORT`. Python 3 standard library only.
"""

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USERS = {}
WITHOUT_EMAIL = "--without-email" in sys.argv


def person(number, name, email):
    user = {"id": number, "name": name, "email": email}
    if WITHOUT_EMAIL:
        user["mail"] = user.pop("email")
    return user


def change_state(change):
    state = change.get("state") or ""
    if change.get("action") == "teardown":
        return
    if match := re.fullmatch(r"a user with ID (\d+) exists", state):
        USERS[int(match[1])] = person(int(match[1]), "Jane", "jane@example.com")
    elif match := re.fullmatch(r"no user with ID (\d+) exists", state):
        USERS.pop(int(match[1]), None)
    elif state == "no users exist":
        USERS.clear()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/users":
            return self.answer(200, list(USERS.values()))
        number = int(path.rsplit("/", 1)[1])
        if number in USERS:
            return self.answer(200, USERS[number])
        return self.answer(404, {"error": f"no user {number}"})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        if self.path.startswith("/_pact/provider_states"):
            change_state(body)
            return self.answer(200, {})
        number = max(USERS, default=0) + 1
        USERS[number] = person(number, body["name"], body["email"])
        return self.answer(201, USERS[number])

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"listening on http://127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
