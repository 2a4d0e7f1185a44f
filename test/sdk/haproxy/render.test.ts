import * as assert from "uvu/assert";
import { renderBase } from "../../../sdk/haproxy/base.ts";
import { mapWith, ownLines } from "../../../sdk/haproxy/observe.ts";
import { proxyCommand } from "../../../sdk/haproxy/paths.ts";
import {
  freshLayout,
  generationOf,
  mapLines,
  placedIn,
  renderRoute,
  structureOf,
} from "../../../sdk/haproxy/render.ts";
import type { RouteSpec } from "../../../sdk/haproxy/types.ts";
import { suite } from "../../support/suite.ts";

const test = suite("render");
const spec: RouteSpec = {
  key: "shop",
  sites: [
    { host: "Shop.test", path: "/api" },
    { host: "*", path: "/" },
  ],
  servers: [{ name: "web-1", host: "web-1", address: "172.30.0.2", port: 8080 }],
  check: { path: "/healthz", intervalMs: 1000 },
};

test("a route's file", () => {
  assert.is(
    renderRoute(freshLayout(spec)),
    [
      '# Route "shop" of Dockwright, which writes this file: edits are lost.',
      "# site */",
      "# site shop.test/api/",
      "backend route_shop",
      "  balance roundrobin",
      "  option httpchk",
      "  http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host shop.test",
      "  http-check expect status 200-399",
      "  http-response set-nice 7 if { status 101 } or { res.hdr(content-type) -i -m beg text/event-stream }",
      "  default-server check inter 1000 fastinter 200 downinter 100 fall 2 rise 1 observe layer4 " +
        "error-limit 2 on-error mark-down resolvers docker resolve-prefer ipv4 resolve-opts " +
        "allow-dup-ip init-addr libc,none",
      "  server s1 web-1:8080 # web-1",
      "  server s2 127.0.0.1:1 disabled",
      "  server s3 127.0.0.1:1 disabled",
      "  server s4 127.0.0.1:1 disabled",
      "",
    ].join("\n"),
  );
});

const options: readonly [string, Partial<RouteSpec>, string][] = [
  ["balance", { balance: "leastconn" }, "  balance leastconn"],
  ["timeouts.serverMs", { timeouts: { serverMs: 5 } }, "  timeout server 5"],
  ["timeouts.connectMs", { timeouts: { connectMs: 6 } }, "  timeout connect 6"],
  ["timeouts.tunnelMs", { timeouts: { tunnelMs: 7 } }, "  timeout tunnel 7"],
  ["check.method", { check: { ...spec.check, method: "HEAD" } }, "meth HEAD uri /healthz"],
  ["check.host", { check: { ...spec.check, host: "x.test" } }, "hdr Host x.test"],
  ["check.expectStatus", { check: { ...spec.check, expectStatus: "204" } }, "expect status 204"],
  ["check.fall", { check: { ...spec.check, fall: 5 } }, " fall 5 rise 1"],
  [
    "check.intervalMs",
    { check: { ...spec.check, intervalMs: 60 } },
    "inter 60 fastinter 60 downinter 60",
  ],
];
for (const [name, part, want] of options) {
  test(`${name} reaches the file, and is structure`, () => {
    const text = renderRoute(freshLayout({ ...spec, ...part }));
    assert.ok(text.includes(want), text);
    assert.is.not(structureOf(text), structureOf(renderRoute(freshLayout(spec))));
  });
}

test("a TCP check has no HTTP lines", () => {
  const text = renderRoute(freshLayout({ ...spec, check: { intervalMs: 1000 } }));
  assert.is(text.includes("httpchk"), false);
});

test("servers are not structure", () => {
  const servers = [...spec.servers, { name: "b", host: "b", address: "172.30.0.3", port: 1 }];
  const more = renderRoute(freshLayout({ ...spec, servers }));
  assert.is(structureOf(more), structureOf(renderRoute(freshLayout(spec))));
});

test("a file's servers are read back", () => {
  const [placed] = placedIn(renderRoute(freshLayout(spec)));
  assert.equal(placed, {
    slot: "s1",
    server: { name: "web-1", host: "web-1", address: "", port: 8080 },
  });
});

test("a map keeps the lines of others", () => {
  const map = "b.test/ route_other\nshop.test/old/ route_shop\n";
  const after = mapWith(map, "shop", mapLines(spec));
  assert.is(after, "*/ route_shop\nb.test/ route_other\nshop.test/api/ route_shop\n");
  assert.equal(ownLines(after, "other"), ["b.test/ route_other"]);
  assert.is(mapWith(after, "shop", []), "b.test/ route_other\n");
});

test("a generation knows structure, not servers, order or itself", () => {
  const file = renderRoute(freshLayout(spec));
  const one = (text: string) => new Map([["500-shop.cfg", text]]);
  const of = (routes: ReadonlyMap<string, string>, map: string, certificates = "") =>
    generationOf({ routes, map, certificates });
  const word = of(one(file), "b x\na y\n");
  const edited = `${file}  server s9 1.2.3.4:5\n`;
  const same = new Map([
    ["500-shop.cfg", edited],
    ["000-generation.cfg", "x"],
  ]);
  assert.is(of(same, "a y\nb x\n\n"), word);
  assert.is.not(of(one(`${file}  retries 1\n`), "b x\na y\n"), word);
  assert.is.not(of(same, "a y\n"), word);
  assert.is.not(of(same, "b x\na y\n", "/c/shop-1.pem shop.test\n"), word, "certificates count");
});

const base: readonly [string, Parameters<typeof renderBase>[0], string][] = [
  ["a port on every address", { binds: [{ port: 80 }] }, "  bind *:80"],
  ["an IPv4 address", { binds: [{ address: "10.0.0.1", port: 80 }] }, "  bind 10.0.0.1:80"],
  ["an IPv6 address", { binds: [{ address: "::1", port: 80 }] }, "  bind [::1]:80"],
  ["connections at once", { binds: [], maxConnections: 7 }, "  maxconn 7"],
  ["an access log", { binds: [], accessLog: true }, "  log stdout format raw local0"],
  ["a name server", { binds: [], nameserver: "10.0.0.1:53" }, "  nameserver dns 10.0.0.1:53"],
  ["clients' silence", { binds: [], timeouts: { clientMs: 5 } }, "  timeout client 5"],
  ["servers' silence", { binds: [], timeouts: { serverMs: 6 } }, "  timeout server 6"],
  ["connecting", { binds: [], timeouts: { connectMs: 7 } }, "  timeout connect 7"],
  ["idle clients", { binds: [], timeouts: { keepAliveMs: 8 } }, "  timeout http-keep-alive 8"],
  ["tunnels", { binds: [], timeouts: { tunnelMs: 9 } }, "  timeout tunnel 9"],
  ["what a reload must not lose", { binds: [] }, "  option idle-close-on-response"],
];
for (const [name, given, want] of base) {
  test(`the proxy's own file has ${name}`, () => {
    assert.ok(renderBase(given).split("\n").includes(want), renderBase(given));
  });
}

test("paths go to the command as arguments, not into its text", () => {
  const command = proxyCommand({ dataFolder: "/data $(x)" });
  assert.is(command[2]?.includes("$(x)"), false);
  assert.ok(command.includes("/data $(x)"));
});

test.run();
