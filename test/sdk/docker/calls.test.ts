// No changing call of the client is without an answer to the question what a kill around it leaves.
import * as assert from "uvu/assert";
import { swarmRows } from "../../integration/kill/swarm-table.ts";
import { harmless, killRows, unused } from "../../integration/kill/table.ts";
import { suite } from "../../support/suite.ts";
import { callersOf, callsIn, clientCalls, otherHttp } from "./calls.ts";

const test = suite("docker: calls");

const calls = clientCalls().map(({ name, method, path }) => `${name} ${method} ${path}`);
const answered = new Set([
  ...[...killRows, ...swarmRows].map(({ call }) => call),
  ...Object.keys(harmless),
  ...unused,
]);

test("each changing call has a row in the kill table, or a reason to have none", () => {
  assert.equal(
    calls.filter((call) => !answered.has(call)),
    [],
  );
});

test("each row is of a call that the client makes", () => {
  assert.equal(
    [...answered].filter((call) => !calls.includes(call)),
    [],
  );
});

for (const call of unused) {
  const method = /\.(\w+) /.exec(call)?.[1] ?? "";
  test(`no resource calls ${method}`, () => {
    assert.equal(callersOf(method), []);
  });
}

test("nothing else opens connections of HTTP, but for reading", () => {
  const known = [
    "sdk/cli/docker.ts",
    "sdk/docker/connector.ts",
    "sdk/docker/transport.ts",
    "sdk/docker/wait-net.ts",
  ];
  assert.equal(otherHttp(), known);
});

const call = (rest: string) => `function sink() { return { doing: "x", ${rest} }; }`;
for (const [what, text] of [
  ["a method that is computed", call('method: chosen, path: "/a"')],
  ["a path that is computed", call('method: "POST", path: join("a")')],
  ["a value in a path that is no parameter", call('method: "POST", path: `/a/$' + "{where}`")],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(() => callsIn("sdk/docker/x.ts", text));
  });
}

test("what a private function is given for its path counts as a call each", () => {
  const text = `class A {
    a(id) { return this.#post(id, "go"); }
    b(id) { return this.#post(id, "halt"); }
    #post(id, verb) { return send({ doing: "x", method: "POST", path: \`/a/\${encode(id)}/\${verb}\` }); }
  }`;
  assert.equal(callsIn("sdk/docker/x.ts", text), [
    { name: "x.a", method: "POST", path: "/a/*/go" },
    { name: "x.b", method: "POST", path: "/a/*/halt" },
  ]);
});

test("what reads is left out", () => {
  assert.equal(callsIn("sdk/docker/x.ts", call('method: "GET", path: "/a"')), []);
});

test.run();
