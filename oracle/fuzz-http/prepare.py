#!/usr/bin/env python3
"""Fills a broker with a little of everything, and prints its OpenAPI document made for finding what is there.

    prepare.py BASE

A path parameter is one of the names that exist as often as it is anything else, so that random requests reach past the
first 404.
"""
import json
import sys
import urllib.request

BASE = sys.argv[1]


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else {}


def pact(status):
    request = {"method": "GET", "path": "/"}
    interaction = {"description": "a request", "request": request, "response": {"status": status}}
    return {"consumer": {"name": "Web"}, "provider": {"name": "Orders"}, "interactions": [interaction]}


def main():
    own = "/pacts/provider/Orders/consumer/Web"
    call("PUT", own + "/version/1", pact(200))
    call("PUT", own + "/version/2", pact(201))
    content = call("GET", own + "/version/2")["_links"]["pb:pact-version"]["name"]
    result = {"success": True, "providerApplicationVersion": "7"}
    call("POST", f"{own}/pact-version/{content}/verification-results", result)
    call("PUT", "/pacticipants/Web/branches/main/versions/1", {})
    call("PUT", "/pacticipants/Web/versions/1/tags/dev", {})
    place = call("POST", "/environments", {"name": "prod", "production": True})["uuid"]
    deployed = call("POST", f"/pacticipants/Orders/versions/7/deployed-versions/environment/{place}", {})["uuid"]
    known = {
        "provider": ["Orders"], "consumer": ["Web"], "name": ["Web", "Orders"], "number": ["1", "2", "7"],
        "hash": [content], "uuid": [place, deployed], "branch": ["main"], "tag": ["dev"], "to": ["dev"],
        "environment": ["prod"], "metadata": ["Y3ZuPTE", "cyU1QiU1RA"], "other": ["1", content],
    }
    document = call("GET", "/openapi.json")
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                values = known.get(parameter["name"])
                if parameter["in"] == "path" and values:
                    parameter["schema"] = {"anyOf": [{"type": "string", "enum": values}, parameter["schema"]]}
    json.dump(document, sys.stdout)


if __name__ == "__main__":
    main()
