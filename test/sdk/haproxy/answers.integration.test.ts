// What a route does besides passing requests on: redirects, maintenance, limits, headers, and lines of
// HAProxy's own. Each is asked of a real HAProxy.

import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { Agent, request as tlsRequest } from "node:https";
import * as assert from "uvu/assert";
import { ensureCertificate } from "../../../sdk/haproxy/certificates.ts";
import { ensureRoute } from "../../../sdk/haproxy/route.ts";
import type { Agent as ProxyAgent, RouteSpec } from "../../../sdk/haproxy/types.ts";
import { issueServer } from "../../../sdk/pki/issue.ts";
import { newKeyPair, serialBytes, serialNumber } from "../../../sdk/pki/keys.ts";
import { freePort } from "../../support/ports.ts";
import { suite } from "../../support/suite.ts";
import { authority } from "./authority.ts";
import { type Backend, failure, type Lab, missingHaproxy, routeSpec, startLab } from "./lab.ts";

const test = suite("answers", { timeoutMs: 30_000, missing: missingHaproxy() });
let lab: Lab;
let agent: ProxyAgent;
let backend: Backend;
let tlsPort: number;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

const ask = (path: string, secure = false): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const host = "shop.test";
    const tls = { servername: host, rejectUnauthorized: false, agent: new Agent() };
    const sent = (secure ? tlsRequest : request)(
      {
        ...(secure ? tls : { agent: false as const }),
        ...{ host: "127.0.0.1", port: secure ? tlsPort : lab.port, path, headers: { host } },
      },
      (answer) => {
        let body = "";
        answer.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
        );
      },
    );
    sent.on("error", reject).end();
  });

const shop = (more: Partial<RouteSpec> = {}, servers = [backend.spec]) =>
  ensureRoute(agent, routeSpec("shop", servers, more));

test.before(async () => {
  tlsPort = await freePort();
  lab = await startLab({ tls: { binds: [{ address: "127.0.0.1", port: tlsPort }] } });
  agent = await lab.agent();
  backend = await lab.backend("v1");
  const { publicKey, privateKey } = await newKeyPair();
  const certificate = await issueServer({
    ...{ issuer: await authority(), publicKey, names: ["shop.test"], addresses: [] },
    ...{ now: new Date(), serial: serialNumber(randomBytes(serialBytes)) },
  });
  await ensureCertificate(agent, { entry: "shop", certificate, key: privateKey });
});
test.after(async () => {
  await backend.close();
  await lab.close();
});

test("who comes by HTTP is sent to HTTPS, and told to stay there", async () => {
  await shop({ redirectToHttps: true, hstsSeconds: 3600 });
  const plainAnswer = await ask("/a?b=1");
  assert.is(plainAnswer.status, 308);
  assert.is(plainAnswer.headers["location"], "https://shop.test/a?b=1");
  assert.is(plainAnswer.headers["strict-transport-security"], undefined);
  const secure = await ask("/a", true);
  assert.is(secure.status, 200);
  assert.is(secure.headers["strict-transport-security"], "max-age=3600");
});

test("a redirect keeps the path, unless it is exact, and needs no server", async () => {
  await shop({ redirect: { to: "https://new.test/50%" } }, []);
  assert.equal(
    [(await ask("/a?b")).status, (await ask("/a?b")).headers["location"]],
    [308, "https://new.test/50%/a?b"],
  );
  await shop({ redirect: { to: "/bye", code: 302, exact: true } }, []);
  assert.equal([(await ask("/a")).status, (await ask("/a")).headers["location"]], [302, "/bye"]);
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: HAProxy would put a variable in its place
const page = '<p class="x">\n\tBack at 5\\6 o\'clock, $HOME ${PATH} %[src] ü # 100%\n</p>\n';

test("maintenance is answered with the page, byte for byte, and ends without a trace", async () => {
  await shop({ maintenance: true, unavailablePage: page });
  const answer = await ask("/any");
  assert.is(answer.status, 503);
  assert.is(answer.body, page);
  assert.is(answer.headers["cache-control"], "no-store");
  await shop({ unavailablePage: page });
  assert.is((await ask("/any")).body, "v1 /any\n");
});

test("without a server that is well the page is the answer", async () => {
  const sick = await lab.backend("sick");
  await shop({ unavailablePage: page, check: { path: "/healthz", intervalMs: 100 } }, [sick.spec]);
  assert.is((await ask("/")).status, 200);
  await sick.close();
  let last = await ask("/");
  for (let tries = 0; tries < 40 && last.body !== page; tries += 1) last = await ask("/");
  assert.equal([last.status, last.body], [503, page]);
});

test("headers are set as they are written, both ways", async () => {
  await shop({
    requestHeaders: { "X-To-Server": 'a "b" %[src] $HOME' },
    responseHeaders: { "X-To-Client": "50% \\ off" },
  });
  const answer = await ask("/headers");
  const seen = JSON.parse(answer.body) as Record<string, string>;
  assert.is(seen["x-to-server"], 'a "b" %[src] $HOME');
  assert.is(answer.headers["x-to-client"], "50% \\ off");
});

test("a client that asks too often is told so, and others wait for a server's room", async () => {
  await shop({ limits: { requestsPerSecond: 1 } });
  const first = await Promise.all(Array.from({ length: 10 }, () => ask("/")));
  assert.equal([...new Set(first.map((one) => one.status))], [200]);
  assert.is((await ask("/")).status, 429);
  await shop({ limits: { connectionsPerServer: 1 }, timeouts: { queueMs: 300 } });
  const slow = ask("/slow/1500");
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.is((await ask("/")).status, 503, "its wait has a limit");
  assert.is((await slow).status, 200);
});

test("a line of HAProxy's own works, and one that it refuses is named and changes nothing", async () => {
  await shop({ directives: ["http-response set-header x-own yes"] });
  assert.is((await ask("/")).headers["x-own"], "yes");
  const words = await failure(
    shop({ directives: ["http-response set-header x-own no", "http-request frobnicate"] }),
  );
  assert.match(words, "directives[1]: haproxy refuses");
  assert.match(words, "frobnicate");
  assert.is((await ask("/")).headers["x-own"], "yes");
});

const refusals: readonly [string, Partial<RouteSpec>, string][] = [
  ["another section", { directives: ["backend x"] }, 'directives[0] has "backend"'],
  ["a bind", { directives: ["bind :1"] }, 'directives[0] has "bind"'],
  ["two lines in one", { directives: ["a\nbind :1"] }, "directives[0] is more than one line"],
  ["a redirect to nowhere", { redirect: { to: "shop" } }, 'redirect.to is "shop"'],
  ["a redirect with a line", { redirect: { to: "/a\nb" } }, "redirect.to is"],
  ["a header with a line end", { responseHeaders: { a: "b\nc" } }, 'responseHeaders["a"] has'],
  ["a page that is too long", { unavailablePage: "x".repeat(13_000) }, "unavailablePage has 13000"],
];
for (const [name, more, words] of refusals) {
  test(`${name} is refused`, async () => {
    const { checkRoute } = await import("../../../sdk/haproxy/check.ts");
    const server = { name: "a", host: "127.0.0.1", address: "127.0.0.1", port: 80 };
    const faults = checkRoute(routeSpec("shop", [server], more));
    assert.match(faults.map((one) => `${one.property} ${one.reason}`).join("; "), words);
  });
}

test.run();
