// A user service in JavaScript, with a state-change URL: what the README verifies in another language.
//
//     node provider.mjs [--without-email]
//
// Prints `listening on http://127.0.0.1:PORT`. No packages.

import { createServer } from "node:http";

const users = new Map();
const withoutEmail = process.argv.includes("--without-email");

function person(id, name, email) {
  return withoutEmail ? { id, name, mail: email } : { id, name, email };
}

function changeState({ state, action }) {
  if (action === "teardown") return;
  const exists = /^(a|no) user with ID (\d+) exists$/.exec(state ?? "");
  if (exists?.[1] === "a") users.set(Number(exists[2]), person(Number(exists[2]), "Jane", "jane@example.com"));
  if (exists?.[1] === "no") users.delete(Number(exists[2]));
  if (state === "no users exist") users.clear();
}

function answer(method, path, body) {
  if (path === "/_pact/provider_states") {
    changeState(body);
    return [200, {}];
  }
  if (method === "POST") {
    const id = Math.max(0, ...users.keys()) + 1;
    users.set(id, person(id, body.name, body.email));
    return [201, users.get(id)];
  }
  if (path === "/users") return [200, [...users.values()]];
  const id = Number(path.split("/").pop());
  return users.has(id) ? [200, users.get(id)] : [404, { error: `no user ${id}` }];
}

const server = createServer(async (request, response) => {
  const chunks = await request.toArray();
  const text = Buffer.concat(chunks).toString();
  const path = new URL(request.url, "http://localhost").pathname;
  const [status, body] = answer(request.method, path, text ? JSON.parse(text) : {});
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
