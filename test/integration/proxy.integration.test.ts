// The proxy's own life under load, with the real engine: its settings, its container, certificates and
// sites of three stacks change, and no request is lost. What can only be had with an outage is said
// in the preview. DOCKWRIGHT_PROXY_REPLACEMENTS says how often its container is replaced.
import { Agent, request } from "node:https";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { type Load, startLoad } from "../support/outcomes.ts";
import { missingDaemon } from "../support/owned.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/processes.ts";
import { makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const replacements = Number(process.env.DOCKWRIGHT_PROXY_REPLACEMENTS ?? "1");
const test = suite("integration/proxy", {
  timeoutMs: 240_000 + replacements * 60_000,
  missing: missingDaemon(),
});

const edgeProgram = `
import * as pulumi from "@pulumi/pulumi";
import { Bridge, LocalDaemon, Proxy } from "dockwright";
const on = new LocalDaemon("local");
const config = new pulumi.Config();
const front = new Bridge("front", { daemon: on });
const line = config.get("line");
const edge = new Proxy("edge", {
  on, networks: [front], hostIp: "127.0.0.1", drainTimeoutMs: 4000,
  port: config.requireNumber("port"), tls: { port: config.requireNumber("tlsPort") },
  maxConnections: config.getNumber("connections") ?? 2000,
  directives: { frontend: line === undefined ? [] : [line] },
});
export const { containerName, dataVolume, network } = edge;
`;

const siteProgram = `
import * as pulumi from "@pulumi/pulumi";
import {
  CertificateAuthority, debianImages, Image, LocalDaemon, ProxyCertificate, Route, Service,
} from "dockwright";
const config = new pulumi.Config();
const daemon = new LocalDaemon("local");
const network = config.require("network");
const proxy = {
  containerName: config.require("containerName"), dataVolume: config.require("dataVolume"), network,
};
const host = config.require("host");
const ca = new CertificateAuthority("ca", { daemon });
const issued = ca.serverCertificate("web", { names: [host, ...(config.getObject<string[]>("more") ?? [])] });
new ProxyCertificate("web", { daemon, proxy, certificate: issued });
const image = new Image("web", { daemon, debian: debianImages.webServer });
const service = new Service("web", {
  on: daemon, image, port: 8080, networks: [{ networkName: network }], health: { http: "/" },
  files: { "/srv/www/index.html": { content: config.require("text") } },
});
new Route("web", { daemon, service, host, proxy });
`;

let edge: Site;
const sites: Site[] = [];
const projects: Project[] = [];
let edgeProject: Project;
let port: number;
let tlsPort: number;

const names = ["shop", "blog", "docs"] as const;

/** A page over TLS, and the names of the certificate that was shown. */
function fetchTls(host: string): Promise<{ body: string; names: string }> {
  const agent = new Agent({ keepAlive: false });
  return new Promise((resolve, reject) => {
    const at = { host: "127.0.0.1", port: tlsPort, servername: host, rejectUnauthorized: false };
    const sent = request({ ...at, headers: { host }, agent }, (answer) => {
      let body = "";
      const socket = answer.socket as import("node:tls").TLSSocket;
      const shown = socket.getPeerCertificate().subjectaltname ?? "";
      answer.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on("end", () => {
        resolve({ body: `${answer.statusCode ?? 0} ${body.trim()}`, names: shown });
      });
    });
    sent.on("error", reject).end();
  });
}

async function loads(): Promise<readonly Load[]> {
  const secure = `https://127.0.0.1:${tlsPort}/`;
  const of = { version: "^the \\w+", concurrency: 2, pauseMs: 15 };
  return [
    await startLoad({
      url: `http://127.0.0.1:${port}/`,
      host: "shop.test",
      rate: 100,
      version: "^the \\w+",
    }),
    await startLoad({
      url: `http://127.0.0.1:${port}/`,
      host: "blog.test",
      mode: "keepalive",
      ...of,
    }),
    await startLoad({ url: secure, host: "docs.test", ...of }),
    await startLoad({ url: secure, host: "blog.test", mode: "keepalive", ...of }),
    await startLoad({ url: secure, host: "shop.test", mode: "h2", ...of }),
  ];
}

async function assertNoneFailed(running: readonly Load[], what: string): Promise<void> {
  let total = 0;
  for (const load of running) {
    const summary = await load.stop();
    total += summary.total;
    assert.is(summary.failed, 0, JSON.stringify(summary));
    assert.ok(summary.total > 50, JSON.stringify(summary));
  }
  process.stdout.write(`\n  ${what}: ${total} requests, 0 failed\n`);
}

const proxies = async () => (await edge.named("edge-proxy")).map((one) => one.Id);

test.before(async () => {
  port = await freePort();
  tlsPort = await freePort();
  edge = await makeSite({ topic: "edge", files: { "index.ts": edgeProgram } });
  edgeProject = await edge.stack("dev");
  succeeded(await edgeProject.setConfig("port", String(port)));
  succeeded(await edgeProject.setConfig("tlsPort", String(tlsPort)));
  succeeded(await edgeProject.up());
  const shared = (await edgeProject.outputs()) as Record<string, string>;
  for (const name of names) {
    const site = await makeSite({ topic: name, files: { "index.ts": siteProgram } });
    sites.push(site);
    const project = await site.stack("dev");
    projects.push(project);
    const config = { ...shared, host: `${name}.test`, text: `the ${name}` };
    for (const [key, value] of Object.entries(config)) {
      succeeded(await project.setConfig(key, value));
    }
  }
  for (const result of await Promise.all(projects.map((project) => project.up())))
    succeeded(result);
});
test.after(async () => {
  for (const site of [...sites, edge]) await site.close();
});

test("three stacks have their sites and certificates behind one proxy", async () => {
  for (const name of names) {
    assert.equal(await fetchTls(`${name}.test`), {
      body: `200 the ${name}`,
      names: `DNS:${name}.test`,
    });
  }
  const [state] = await Promise.all([projects[0]?.export()]);
  assert.not.match(JSON.stringify(state), "PRIVATE KEY");
});

test(`certificates, settings and the proxy's container change, ${replacements} times`, async () => {
  const running = await loads();
  const [shop, blog] = projects;
  if (!shop || !blog) throw new Error("not open");
  for (let round = 1; round <= replacements; round += 1) {
    const before = await proxies();
    succeeded(await edgeProject.setConfig("connections", String(2000 + round)));
    const preview = succeeded(await edgeProject.preview());
    if (round === 1) {
      assert.match(said(preview), "takes over the listening sockets: no request is lost");
      assert.not.match(said(preview), "interrupted");
    }
    succeeded(await edgeProject.up());
    const after = await proxies();
    assert.is(after.length, 1);
    assert.is(before.includes(after[0] ?? ""), false, "another container");
    succeeded(await blog.setConfig("more", JSON.stringify([`v${round}.blog.test`])));
    // It still names the first container of the proxy, which is gone.
    succeeded(await blog.up());
    assert.match((await fetchTls("blog.test")).names, `DNS:v${round}.blog.test`);
  }
  succeeded(await shop.setConfig("text", "the shoppe"));
  succeeded(await shop.up());
  assert.is((await fetchTls("shop.test")).body, "200 the shoppe");
  await assertNoneFailed(running, `${replacements} replacements and as many certificates`);
});

test("a line that HAProxy refuses changes nothing, and is named", async () => {
  const running = await loads();
  succeeded(await edgeProject.setConfig("line", "http-request frobnicate"));
  const failed = await edgeProject.up();
  assert.is(failed.code, 1);
  assert.match(said(failed), "directives.frontend[0]");
  assert.match(said(failed), "frobnicate");
  succeeded(await edgeProject.setConfig("line", "http-response set-header x-edge yes"));
  succeeded(await edgeProject.up());
  assert.is((await proxies()).length, 1);
  await assertNoneFailed(running, "a refused line and a good one");
  assert.equal(rowsOf(succeeded(await edgeProject.up())), []);
});

test("what only an outage can bring is said in the preview", async () => {
  const other = await freePort();
  succeeded(await edgeProject.setConfig("port", String(other)));
  const preview = said(succeeded(await edgeProject.preview()));
  assert.match(preview, `both want port ${tlsPort}/tcp`);
  assert.match(preview, "what it serves is interrupted until the new one is ready");
  succeeded(await edgeProject.setConfig("port", String(port)));
});

test("the load counts, and a holder that was lost is made again with its proxy", async () => {
  const running = await startLoad({
    url: `http://127.0.0.1:${port}/`,
    host: "shop.test",
    rate: 50,
  });
  const [holder] = await edge.named("edge-holder");
  await edge.docker.containers.remove(holder?.Id ?? "", { force: true });
  const preview = succeeded(await edgeProject.preview({ args: ["--refresh"] }));
  assert.match(said(preview), "its ports answer nothing until the new proxy serves");
  succeeded(await edgeProject.up({ args: ["--refresh"] }));
  await until("the proxy answers again", async () =>
    fetchTls("shop.test").then(
      (one) => one.body === "200 the shoppe",
      () => false,
    ),
  );
  const summary = await running.stop();
  assert.ok(summary.failed > 0, JSON.stringify(summary));
});

test.run();
