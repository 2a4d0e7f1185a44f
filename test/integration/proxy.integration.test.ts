// The proxy's own life under load, with the real engine: its settings, its container, certificates and
// sites of three stacks change, and no request is lost. What can only be had with an outage is said
// in the preview. DOCKWRIGHT_PROXY_REPLACEMENTS says how often its container is replaced.
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { type Load, startLoad } from "../support/outcomes.ts";
import { missingDaemon } from "../support/owned.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/processes.ts";
import {
  fetchTls as fetchTlsAt,
  makeSite,
  rowsOf,
  type Site,
  said,
  succeeded,
} from "../support/site.ts";
import { suite } from "../support/suite.ts";

const replacements = Number(process.env.DOCKWRIGHT_PROXY_REPLACEMENTS ?? "1");
const test = suite("integration/proxy", {
  timeoutMs: 240_000 + replacements * 60_000,
  missing: missingDaemon(),
});

const edgeProgram = `
import { readFileSync } from "node:fs";
import { Bridge, LocalDaemon, Proxy } from "dockwright";
const { port, tlsPort, maxConnections, line, memoryBytes } = JSON.parse(readFileSync("settings.json", "utf8"));
const on = new LocalDaemon("local");
const front = new Bridge("front", { daemon: on });
const edge = new Proxy("edge", {
  on, networks: [front], hostIp: "127.0.0.1", drainTimeoutMs: 4000,
  port, tls: { port: tlsPort }, maxConnections, memoryBytes,
  directives: { frontend: line === undefined ? [] : [line] },
});
export const { containerName, dataVolume, network } = edge;
`;

const siteProgram = `
import { readFileSync } from "node:fs";
import {
  CertificateAuthority, debianImages, Image, LocalDaemon, ProxyCertificate, Route, Service,
} from "dockwright";
const { network, containerName, dataVolume, host, text, more } =
  JSON.parse(readFileSync("settings.json", "utf8"));
const daemon = new LocalDaemon("local");
const proxy = { containerName, dataVolume, network };
const ca = new CertificateAuthority("ca", { daemon });
const issued = ca.serverCertificate("web", { names: [host, ...more] });
new ProxyCertificate("web", { daemon, proxy, certificate: issued });
const image = new Image("web", { daemon, debian: debianImages.webServer });
const service = new Service("web", {
  on: daemon, image, port: 8080, networks: [{ networkName: network }], health: { http: "/" },
  files: { "/srv/www/index.html": { content: text } },
});
new Route("web", { daemon, service, host, proxy });
`;

/** Whatever a program reads: a file, so that a change costs no run of the engine. */
const settings = new Map<Site, Readonly<Record<string, unknown>>>();

/** Lays some settings over those of now. */
async function set(site: Site, more: Readonly<Record<string, unknown>>): Promise<void> {
  const all = { ...settings.get(site), ...more };
  settings.set(site, all);
  await site.write("settings.json", JSON.stringify(all));
}

let edge: Site;
const sites: Site[] = [];
const projects: Project[] = [];
let edgeProject: Project;
let port: number;
let tlsPort: number;

const names = ["shop", "blog", "docs"] as const;

const fetchTls = (host: string) => fetchTlsAt({ host: "127.0.0.1", port: tlsPort }, host);

async function loads(): Promise<readonly Load[]> {
  const secure = `https://127.0.0.1:${tlsPort}/`;
  const of = { version: "^the \\w+", concurrency: 2, pauseMs: 50 };
  return [
    await startLoad({
      url: `http://127.0.0.1:${port}/`,
      host: "shop.test",
      rate: 50,
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
  await set(edge, { port, tlsPort, maxConnections: 2000 });
  succeeded(await edgeProject.up());
  const shared = (await edgeProject.outputs()) as Record<string, string>;
  for (const name of names) {
    const site = await makeSite({ topic: name, files: { "index.ts": siteProgram } });
    sites.push(site);
    const project = await site.stack("dev");
    projects.push(project);
    await set(site, { ...shared, host: `${name}.test`, text: `the ${name}`, more: [] });
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
  const [shopSite, blogSite] = sites;
  if (!shop || !blog || !shopSite || !blogSite) throw new Error("not open");
  for (let round = 1; round <= replacements; round += 1) {
    const before = await proxies();
    await set(edge, { maxConnections: 2000 + round });
    const preview = succeeded(await edgeProject.preview());
    if (round === 1) {
      assert.match(said(preview), "takes over the listening sockets: no request is lost");
      assert.not.match(said(preview), "interrupted");
    }
    succeeded(await edgeProject.up());
    const after = await proxies();
    assert.is(after.length, 1);
    assert.is(before.includes(after[0] ?? ""), false, "another container");
    await set(blogSite, { more: [`v${round}.blog.test`] });
    // It still names the first container of the proxy, which is gone.
    succeeded(await blog.up());
    assert.match((await fetchTls("blog.test")).names, `DNS:v${round}.blog.test`);
  }
  await set(shopSite, { text: "the shoppe" });
  succeeded(await shop.up());
  assert.is((await fetchTls("shop.test")).body, "200 the shoppe");
  await assertNoneFailed(running, `${replacements} replacements and as many certificates`);
});

test.long("a line that HAProxy refuses changes nothing, and is named", async () => {
  const running = await loads();
  await set(edge, { line: "http-request frobnicate" });
  const failed = await edgeProject.up();
  assert.is(failed.code, 1);
  assert.match(said(failed), "directives.frontend[0]");
  assert.match(said(failed), "frobnicate");
  await set(edge, { line: "http-response set-header x-edge yes" });
  succeeded(await edgeProject.up());
  assert.is((await proxies()).length, 1);
  await assertNoneFailed(running, "a refused line and a good one");
  assert.equal(rowsOf(succeeded(await edgeProject.up())), []);
});

test.long("limits are there without a word, and change in place", async () => {
  const limits = async () => {
    const [one] = await edge.named("edge-proxy");
    const found = await edge.docker.containers.inspect(one?.Id ?? "");
    const { Memory, CpuShares, PidsLimit } = found?.HostConfig ?? {};
    return { id: found?.Id, Memory, CpuShares, PidsLimit };
  };
  const before = await limits();
  const { id } = before;
  assert.equal(before, { id, Memory: 2 ** 31, CpuShares: 4096, PidsLimit: 4096 });
  await set(edge, { memoryBytes: 2 ** 30 });
  succeeded(await edgeProject.up());
  assert.equal(await limits(), { ...before, Memory: 2 ** 30 });
});

test("what only an outage can bring is said in the preview", async () => {
  const other = await freePort();
  await set(edge, { port: other });
  const preview = said(succeeded(await edgeProject.preview()));
  assert.match(preview, `both want port ${tlsPort}/tcp`);
  assert.match(preview, "what it serves is interrupted until the new one is ready");
  await set(edge, { port });
});

test.long("the load counts, and a holder that was lost is made again with its proxy", async () => {
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
