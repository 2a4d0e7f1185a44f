// Which route a request goes to, asked of the real HAProxy.
import * as assert from "uvu/assert";
import { ensureRoute, removeRoute } from "../../../sdk/haproxy/route.ts";
import { suite } from "../../support/suite.ts";
import {
  type Backend,
  failure,
  get,
  type Lab,
  missingHaproxy,
  routeSpec,
  startBackend,
  startLab,
} from "./lab.ts";

const test = suite("matching", { missing: missingHaproxy() });

const routes: Readonly<Record<string, readonly { host: string; path: string }[]>> = {
  // Longer prefixes first, last and in the middle of the alphabet and of the writing order.
  root: [{ host: "a.test", path: "/" }],
  deepest: [{ host: "a.test", path: "/api/v1/x" }],
  api: [{ host: "a.test", path: "/api/" }],
  deep: [{ host: "A.test", path: "/api/v1" }],
  other: [
    { host: "b.test", path: "/only" },
    { host: "b.test", path: "/also" },
  ],
  any: [{ host: "*", path: "/any" }],
};

const cases: readonly [host: string, path: string, want: string][] = [
  ["a.test", "/", "root"],
  ["a.test", "/x", "root"],
  ["a.test", "/api", "api"],
  ["a.test", "/api/", "api"],
  ["a.test", "/api?q=/v1", "api"],
  ["a.test", "/api/x", "api"],
  ["a.test", "/apix", "root"],
  ["a.test", "/api/v1", "deep"],
  ["a.test", "/api/v1x", "api"],
  ["a.test", "/api/v1/y/z", "deep"],
  ["a.test", "/api/v1/x", "deepest"],
  ["a.test", "/api/v1/x/y", "deepest"],
  ["a.test", "/API", "root"],
  ["A.TEST", "/api", "api"],
  ["a.test:8080", "/api", "api"],
  ["sub.a.test", "/api", "404"],
  ["b.test", "/only/x", "other"],
  ["b.test", "/also", "other"],
  ["b.test", "/", "404"],
  ["b.test", "/any", "any"],
  ["a.test", "/any", "root"],
  ["c.test", "/any/x", "any"],
  ["c.test", "/anyx", "404"],
  ["*", "/x", "404"],
];

let lab: Lab;
const backends: Backend[] = [];

test.before(async () => {
  lab = await startLab();
  const agent = await lab.agent();
  for (const [key, sites] of Object.entries(routes)) {
    const backend = await startBackend(key);
    backends.push(backend);
    await ensureRoute(agent, routeSpec(key, [backend.spec], { sites }));
  }
});

test.after(async () => {
  for (const backend of backends) await backend.close();
  await lab.close();
});

for (const [host, path, want] of cases) {
  test(`${host} ${path} goes to ${want}`, async () => {
    const { status, body } = await get(lab, { host, path });
    assert.is(status === 404 ? "404" : body.split(" ")[0], want);
  });
}

test("what no route answers says so, with the host and path", async () => {
  const { body } = await get(lab, { host: "c.test", path: "/none" });
  assert.is(body, "no route for c.test/none/\n");
});

test("another route's site is refused, by that route's name, and changes nothing", async () => {
  const agent = await lab.agent();
  const sites = [
    { host: "a.test", path: "/new" },
    { host: "A.test", path: "/api" },
  ];
  const [backend] = backends;
  if (backend === undefined) throw new Error("no backend");
  const error = await failure(ensureRoute(agent, routeSpec("thief", [backend.spec], { sites })));
  assert.match(error, /sites\[1\]: A\.test\/api belongs to the route "api"/);
  assert.is((await get(lab, { host: "a.test", path: "/new" })).body, "root /new\n");
});

test("a route that was taken away leaves the others, and its sites free", async () => {
  const agent = await lab.agent();
  await removeRoute(agent, "api");
  assert.is((await get(lab, { host: "a.test", path: "/api/x" })).body, "root /api/x\n");
  assert.is((await get(lab, { host: "a.test", path: "/api/v1" })).body, "deep /api/v1\n");
  const again = await removeRoute(agent, "api");
  assert.is(again.reloaded, false);
});

test("a server is told the client's address, host and scheme, whatever the client says", async () => {
  const headers = { "x-forwarded-for": "6.6.6.6", "x-forwarded-proto": "https" };
  const { body } = await get(lab, { host: "a.test:81", path: "/headers", headers });
  const told = JSON.parse(body) as Record<string, string>;
  assert.is(told["x-forwarded-for"], "127.0.0.1");
  assert.is(told["x-forwarded-proto"], "http");
  assert.is(told["x-forwarded-host"], "a.test:81");
  assert.is(told.host, "a.test:81");
});

test.run();
