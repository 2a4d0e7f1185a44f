import * as assert from "uvu/assert";
import { checkRoute, siteKey } from "../../../sdk/haproxy/check.ts";
import type { RouteSpec } from "../../../sdk/haproxy/types.ts";
import { suite } from "../../support/suite.ts";

const test = suite("checkRoute");

const server = { name: "web-1", host: "web-1", address: "172.30.0.2", port: 8080 };
const good: RouteSpec = {
  key: "shop",
  sites: [{ host: "shop.example.com", path: "/" }],
  servers: [server],
  check: { path: "/healthz", intervalMs: 1000 },
};

const accepted: readonly [string, Partial<RouteSpec>][] = [
  ["a plain route", {}],
  ["any host", { sites: [{ host: "*", path: "/" }] }],
  ["an IPv6 host in brackets", { sites: [{ host: "[::1]", path: "/" }] }],
  ["a server by address", { servers: [{ ...server, host: "172.30.0.2" }] }],
  ["one host on two ports", { servers: [server, { ...server, name: "web-2", port: 8081 }] }],
  ["a TCP check", { check: { intervalMs: 500 } }],
  ["status ranges", { check: { path: "/", expectStatus: "200-299,304", intervalMs: 500 } }],
];
for (const [name, part] of accepted) {
  test(`accepts ${name}`, () => assert.equal(checkRoute({ ...good, ...part }), []));
}

const refused: readonly [string, Partial<RouteSpec>, readonly string[]][] = [
  ["a key with a slash", { key: "a/b" }, ["key"]],
  ["a key that leaves its folder", { key: "../x" }, ["key"]],
  ["no site", { sites: [] }, ["sites"]],
  ["a host with a port", { sites: [{ host: "a.test:80", path: "/" }] }, ["sites[0].host"]],
  ["a host with a line end", { sites: [{ host: "a.test\nb", path: "/" }] }, ["sites[0].host"]],
  ["a path without a slash", { sites: [{ host: "a.test", path: "api" }] }, ["sites[0].path"]],
  ["a path with a query", { sites: [{ host: "a.test", path: "/a?b" }] }, ["sites[0].path"]],
  ["a path with a space", { sites: [{ host: "a.test", path: "/a b" }] }, ["sites[0].path"]],
  [
    "one site twice, however it is written",
    {
      sites: [
        { host: "a.test", path: "/api" },
        { host: "A.test", path: "/api/" },
      ],
    },
    ["sites[1]"],
  ],
  [
    "a server's name and place twice",
    { servers: [server, { ...server }] },
    ["servers[1].name", "servers[1].host"],
  ],
  ["a port out of range", { servers: [{ ...server, port: 0 }] }, ["servers[0].port"]],
  ["a name for an address", { servers: [{ ...server, address: "web" }] }, ["servers[0].address"]],
  ["a check's path with a quote", { check: { path: "/'", intervalMs: 500 } }, ["check.path"]],
  ["a check in no time", { check: { intervalMs: 0 } }, ["check.intervalMs"]],
  [
    "a status of a TCP check",
    { check: { expectStatus: "200", intervalMs: 500 } },
    ["check.expectStatus"],
  ],
  ["a limit of no time", { timeouts: { serverMs: -1 } }, ["timeouts.serverMs"]],
];
for (const [name, part, want] of refused) {
  test(`refuses ${name}`, () => {
    assert.equal(
      checkRoute({ ...good, ...part }).map((fault) => fault.property),
      want,
    );
  });
}

test("tells all faults at once", () => {
  const faults = checkRoute({ ...good, key: "", sites: [], servers: [] });
  assert.equal(
    faults.map((fault) => fault.property),
    ["key", "sites"],
  );
});

test("a site's key is lower case and ends in one slash", () => {
  assert.is(siteKey({ host: "A.Test", path: "/" }), "a.test/");
  assert.is(siteKey({ host: "a.test", path: "/Api//" }), "a.test/Api/");
});

test.run();
