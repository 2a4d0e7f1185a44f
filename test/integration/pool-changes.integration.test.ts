// What changes around a service on a pool of hosts, under load: a host is added, one is drained,
// certificates change, proxies are replaced, and releases are brought back by the command. No request
// fails, and what is brought back is what ran: image, environment, secrets, mounts and routes.

import * as assert from "uvu/assert";
import type { ContainerInspect } from "../../sdk/docker/types.ts";
import { type LabHost, missingForLab } from "../lab/hosts.ts";
import { dockwright, listedReleases } from "../support/command.ts";
import { chances } from "../support/cutproxy.ts";
import { essence } from "../support/essence.ts";
import { fetchPage, fetchTls, rowsOf, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { makePoolLab, type PoolLab, sure } from "./pool/lab.ts";
import { lossless } from "./pool/loads.ts";

const count = Number(process.env["DOCKWRIGHT_POOL_HOSTS"] ?? 2);
const rollbacks = Number(process.env["DOCKWRIGHT_ROLLBACKS"] ?? 2);
const replacements = Number(process.env["DOCKWRIGHT_PROXY_REPLACEMENTS"] ?? 1);
const seed = Number(process.env["DOCKWRIGHT_SEED"] ?? Date.now() % 100_000);
const timeoutMs = (300 + (rollbacks + replacements) * 60) * 1000;
const test = suite("integration/pool-changes", { long: true, timeoutMs, missing: missingForLab() });
const log = (line: string) => process.stdout.write(`${line}\n`);

let pool: PoolLab;

test.before(async () => {
  pool = await makePoolLab(count, "changes", { log, names: ["shop.test"] });
});
test.after(async () => {
  await pool.close();
});

async function update(settings: Parameters<PoolLab["set"]>[0]): Promise<string> {
  await pool.set(settings);
  return said(succeeded(await pool.project.up()));
}

const tlsPage = (host: LabHost) => fetchTls({ host: host.address, port: 443 }, "shop.test");

/** The one container of the service on a host. */
async function container(host: LabHost): Promise<ContainerInspect> {
  const names = await pool.containers(host);
  assert.is(names.length, 1, `on ${host.name}: ${names.join()}`);
  const [found] = JSON.parse(await sure(host, `docker inspect ${names[0] ?? ""}`)) as [
    ContainerInspect,
  ];
  return found;
}

/** All that a rollback has to bring back, of each host. */
async function whatRuns(): Promise<unknown> {
  return await Promise.all(
    pool.hosts.map(async (host) => {
      const { Name, ...rest } = await container(host);
      const secret = await sure(host, `docker cp ${Name.slice(1)}:/run/secrets/token - | tar xO`);
      const pages = ["m1", "m2"].map((mark) => fetchPage(pool.url(host), `${mark}.test`));
      const answers = (await Promise.all(pages)).map((page) => page.split(" ").slice(0, 2));
      // At which port other hosts reach a container is chosen for each anew.
      const all = JSON.stringify(essence({ Name, ...rest }));
      return { essence: all.replaceAll(/"HostPort":"\d+"/g, ""), secret, answers };
    }),
  );
}

test("a host is added under load: it gets its share, and nobody notices", async () => {
  const [last] = pool.hosts.slice(-1);
  const names = pool.hosts.map(({ name }) => name);
  await update({ hosts: names.slice(0, -1) });
  await lossless(pool, "a host added", async () => {
    await update({ hosts: names });
  });
  for (const host of pool.hosts) assert.is((await pool.containers(host)).length, 1);
  assert.match(await fetchPage(pool.url(last as LabHost), "shop.test"), /^200 v1 /);
});

test("a host that drains gives its containers away, and takes them back when it no longer does", async () => {
  const [first] = pool.hosts;
  if (first === undefined) throw new Error("no host");
  await lossless(pool, "a host drained and taken back", async () => {
    const words = await update({ drain: [first.name] });
    assert.match(words, `moves from ${first.name} to`);
    assert.equal(await pool.containers(first), []);
    assert.match(await fetchPage(pool.url(first), "shop.test"), /^200 v1 /);
    await update({ drain: [] });
    for (const host of pool.hosts) assert.is((await pool.containers(host)).length, 1);
  });
});

test(`certificates change and all proxies are replaced, ${replacements} times`, async () => {
  const proxies = () =>
    Promise.all(pool.hosts.map((host) => sure(host, "docker ps -q --filter name=edge-.*-proxy-")));
  await lossless(pool, "certificates and proxies", async () => {
    for (let round = 1; round <= replacements; round += 1) {
      const before = await proxies();
      const proxy = { maxConnections: 2000 + round };
      await update({ names: ["shop.test", `r${round}.shop.test`], proxy });
      for (const [at, id] of (await proxies()).entries()) {
        assert.ok(id !== "" && id !== before[at], "another container");
      }
      for (const host of pool.hosts) {
        assert.match((await tlsPage(host)).names, `r${round}.shop.test`);
      }
    }
  });
});

test(`${rollbacks} rollbacks by the command under load bring back what ran`, async () => {
  const random = chances(seed);
  log(`  seed ${seed}`);
  await lossless(pool, `${rollbacks} rollbacks`, async () => {
    const ran = new Map<number, unknown>();
    const note = async () => {
      const [current] = await listedReleases(pool.site);
      ran.set(current?.number ?? 0, await whatRuns());
    };
    await note();
    await update({ version: "v2", mark: "m2" });
    await note();
    const [first, second] = [...ran.values()];
    assert.not.equal(first, second);
    for (let left = rollbacks; left > 0; left -= 1) {
      const others = (await listedReleases(pool.site)).filter(({ current }) => !current);
      const kept = others.filter(({ number }) => ran.has(number));
      const { number } = kept[Math.floor(random() * kept.length)] ?? { number: 0 };
      const { code, text } = await dockwright(pool.site, "rollback", String(number), "--yes");
      assert.is(code, 0, text);
      assert.match(text, `shop runs release ${number} by a rollback`);
      await note();
      const [current] = await listedReleases(pool.site);
      assert.is(current?.rollbackOf, number);
      assert.equal(ran.get(current?.number ?? 0), ran.get(number), `release ${number} is back`);
    }
    const { code, text } = await dockwright(pool.site, "rollback", "--clear", "--yes");
    assert.is(code, 0, text);
    assert.equal(await whatRuns(), second, "what the program says");
  });
  assert.equal(rowsOf(succeeded(await pool.project.up())), []);
});

test.run();
