// WordPress over a pool of hosts of the lab, its database on the last of them: a post that is written
// through one proxy is read through the others, from every replica; containers are replaced under load.
// Half a gigabyte of images goes to each host, so it is in the soak: `DOCKWRIGHT_BLOG_HOSTS=2`.

import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { type Lab, makeHosts, missingForLab } from "../lab/hosts.ts";
import { frontPage, install, logIn, publish } from "../support/blog.ts";
import { startLoad } from "../support/outcomes.ts";
import { fetchPage, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const count = Number(process.env["DOCKWRIGHT_BLOG_HOSTS"] ?? 0);
const test = suite("integration/wordpress-pool", {
  timeoutMs: 900_000,
  missing:
    count < 2 ? "half a gigabyte for each host; DOCKWRIGHT_BLOG_HOSTS=2 runs it" : missingForLab(),
});

const program = `
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { Daemon, Host, HostPool } from "dockwright";
import { WordPress } from "dockwright/stacks/wordpress";
const hosts = JSON.parse(readFileSync("hosts.json", "utf8")).map(({ name, ...login }) => {
  const daemon = new Daemon(name + "-docker", { host: new Host(name, login), adopt: true });
  return [name, { daemon, address: login.address }];
});
const [, { daemon, address }] = hosts.at(-1);
const blog = new WordPress("blog", {
  on: new HostPool("pool", { hosts: Object.fromEntries(hosts) }),
  replicas: hosts.length,
  database: { on: daemon, address },
  labels: { theme: new pulumi.Config().get("theme") ?? "light" },
});
export const urls = blog.urls;
export const webContainers = blog.webContainers;
export const volumes = blog.volumes;
`;

const password = "correct-horse-battery";
const title = "A letter from the harbour";
let lab: Lab;
let site: Site;
let project: Project;

test.before(async () => {
  const specs = Array.from({ length: count }, (_, at) => {
    return { name: `web${at + 1}`, suite: "bookworm", docker: "installed" } as const;
  });
  lab = await makeHosts(specs, { log: (line) => process.stdout.write(`${line}\n`) });
  site = await makeSite({ topic: "blogs", files: { "index.ts": program } });
  const logins = lab.hosts.map(({ name, address, user, privateKey, hostKey }) => {
    return { name, address, user, privateKey, hostKey };
  });
  await site.write("hosts.json", JSON.stringify(logins));
  project = await site.stack("dev");
});
test.after(async () => {
  await lab.close();
  await site.close();
});

const urls = () => lab.hosts.map(({ address }) => `http://${address}:80/`);

/** The front page through a proxy, by the name that the blog was installed under. */
const through = (url: string) => fetchPage(url, new URL(urls()[0] ?? "").host);

test("a post that is written through one proxy is read through all", async () => {
  succeeded(await project.up());
  assert.equal((await project.outputs())["urls"], urls());
  const first = urls()[0] ?? "";
  assert.match(await install(first, password), "Success");
  await publish(first, await logIn(first, password), title);
  assert.match(await frontPage(first), title);
  for (const url of urls()) {
    // Each replica in turn.
    for (let at = 0; at < count; at += 1) assert.match(await through(url), title);
  }
  const again = succeeded(await project.up());
  assert.equal(rowsOf(again), [], said(again));
});

test("each replica has the database's published address from the state", async () => {
  const { address } = lab.hosts.at(-1) ?? { address: "" };
  const ask =
    "docker inspect -f '{{.HostConfig.ExtraHosts}} {{.Config.Env}}' $(docker ps -qf name=blog-web)";
  for (const host of lab.hosts) {
    const { stdout } = await host.run(ask);
    assert.match(stdout, `[db:${address}]`);
    assert.match(stdout, /WORDPRESS_DB_HOST=db:2\d{4}/);
  }
});

test("all replicas replaced under load: no request fails, the post is there", async () => {
  const before = (await project.outputs())["webContainers"];
  const host = new URL(urls()[0] ?? "").host;
  const loads = await Promise.all(urls().map((url) => startLoad({ url, host, rate: 4 })));
  succeeded(await project.setConfig("theme", "dark"));
  const rows = rowsOf(succeeded(await project.up()));
  for (const load of loads) {
    const { total, failed, failures } = await load.stop();
    process.stdout.write(`  ${total} requests\n`);
    assert.is(failed, 0, JSON.stringify(failures));
  }
  assert.is.not(String((await project.outputs())["webContainers"]), String(before));
  assert.is(rows.filter((row) => / blog-db\b/.test(row)).length, 0);
  for (const url of urls()) assert.match(await through(url), title);
});

test.run();
