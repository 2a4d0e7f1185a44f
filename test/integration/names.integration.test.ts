// A name on a bridge that always leads to containers which are ready: a client in the network asks by
// it, again and again, while a release comes, one fails at its gate, and the proxy itself is replaced.

import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { missingDaemon } from "../support/owned.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/processes.ts";
import { makeSite, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/names", {
  long: true,
  timeoutMs: 300_000,
  missing: missingDaemon(),
});

/** Each request looks the name up, and has a connection of its own. One line each. */
const client = `
ask() {
  answer=
  exec 3<>/dev/tcp/shop/8080 || return 1
  printf 'GET / HTTP/1.0\\r\\nHost: shop:8080\\r\\n\\r\\n' >&3
  answer=$(tr -d '\\0' <&3)
  exec 3<&-
  [[ $answer == HTTP/1.?" 200 "* ]] && echo "ok \${answer##*$'\\n'}"
}
while :; do ask || echo "failed \${answer%%$'\\n'*}"; sleep 0.03; done
`;

const program = `
import * as pulumi from "@pulumi/pulumi";
import { Bridge, Container, debianImages, Image, LocalDaemon, Proxy, Service } from "dockwright";
const config = new pulumi.Config();
const on = new LocalDaemon("local");
const front = new Bridge("front", { daemon: on });
const image = new Image("web", { daemon: on, debian: debianImages.webServer });
const proxy = new Proxy("edge", {
  on, networks: [front], port: config.requireNumber("port"), hostIp: "127.0.0.1", aliases: ["shop"],
  accessLog: config.requireBoolean("log"),
});
const text = config.require("text");
const shop = new Service("shop", {
  on, image, networks: [front], port: 8080, replicas: 2,
  health: { http: text === "sick" ? "/nothing" : "/", timeoutMs: 3000 },
  files: { "/srv/www/index.html": { content: text } },
  routes: [{ proxy, host: "shop" }],
});
const asks = { "/ask/ask.sh": { content: ${JSON.stringify(client)} } };
new Container("client", {
  daemon: on, image, networks: [front], files: asks, command: ["bash", "/ask/ask.sh"], init: true, stopSignal: "SIGTERM",
}, { dependsOn: [shop] });
`;

let site: Site;
let project: Project;

test.before(async () => {
  site = await makeSite({ topic: "names", files: { "index.ts": program } });
  project = await site.stack("dev");
  await set({ port: String(await freePort()), text: "one", log: "false" });
});
test.after(() => site.close());

async function set(values: Record<string, string>): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    succeeded(await project.setConfig(key, value));
  }
}

/** What the client has seen: how often each answer. */
async function seen(): Promise<Readonly<Record<string, number>>> {
  const [one] = await site.named("client-");
  if (one === undefined) throw new Error("there is no client");
  const log = await site.docker.containers.logs(one.Id, { tail: 100_000 });
  const counts: Record<string, number> = {};
  for (const line of log.split("\n").filter((text) => /^(ok|failed) /.test(text))) {
    counts[line] = (counts[line] ?? 0) + 1;
  }
  return counts;
}

const answered = (text: string) =>
  until(`the client sees ${text}`, async () => ((await seen())[`ok ${text}`] ?? 0) > 5);

test("a client asks by name while a release comes, one fails, the proxy is replaced: 0 failed", async () => {
  succeeded(await project.up());
  await answered("one");
  await set({ text: "two" });
  succeeded(await project.up());
  await answered("two");
  await set({ text: "sick" });
  const failed = await project.up();
  assert.is.not(failed.code, 0);
  assert.match(said(failed), /did not get ready/);
  await set({ text: "two", log: "true" });
  assert.match(said(succeeded(await project.up())), /edge-proxy/);
  await set({ text: "three" });
  succeeded(await project.up());
  await answered("three");
  const counts = await seen();
  process.stdout.write(`  ${JSON.stringify(counts)}\n`);
  assert.equal(Object.keys(counts).sort(), ["ok one", "ok three", "ok two"]);
});

test.run();
