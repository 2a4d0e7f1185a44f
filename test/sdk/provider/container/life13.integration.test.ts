// The life of every option on the newest daemon in reach: Debian 13's, on a host of the lab. The
// table is the same as on this machine's own (life.integration.test.ts). Unless DOCKWRIGHT_LIVES is
// "all" (npm run soak), only the options that an older daemon lacks, or tells in another way.
import { existsSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { DockerClient } from "../../../../sdk/docker/client.ts";
import { type Lab, makeHosts, missingForLab } from "../../../lab/hosts.ts";
import { suite } from "../../../support/suite.ts";
import { busyboxRoot } from "../../docker/fixture.ts";
import { bundle, Plugin } from "../plugin.ts";
import { disk, furnish, runLives, type Site } from "./life.ts";
import { table } from "./table/index.ts";

const test = suite("provider/container/life13", { timeoutMs: 400_000 });
const reason =
  missingForLab() ?? (existsSync("/bin/busybox") ? undefined : "there is no busybox-static");
const prefix = `dwtest-life13-${process.pid}`;
const only = process.env["DOCKWRIGHT_OPTION"];
let lab: Lab | undefined;
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let site: Site | undefined;

const log = (line: string) => void process.stdout.write(`${line}\n`);

async function prepare(): Promise<void> {
  built = await bundle();
  lab = await makeHosts([{ name: "life", suite: "trixie", docker: "installed" }], { log });
  const [host] = lab.hosts;
  if (!host) throw new Error("there is no host");
  await host.run("setsid dockerd >/var/log/dockerd.log 2>&1 &");
  // A host's /dev is its own, and has no disk.
  await host.run(`mknod /dev/${disk} b ${statSync(`/dev/${disk}`).rdev >> 8} 0`);
  const socketPath = host.path("/run/docker.sock");
  const docker = new DockerClient({ kind: "unix", socketPath });
  for (let tries = 0; ; tries += 1) {
    const up = await docker.system.ping().then(
      () => true,
      () => false,
    );
    if (up) break;
    if (tries > 300) throw new Error((await host.run("tail -30 /var/log/dockerd.log")).stdout);
    await sleep(200);
  }
  const image = `${prefix}:1`;
  await docker.images.importRoot(Readable.from([await busyboxRoot()]), {
    reference: image,
    changes: ['CMD ["/bin/busybox", "sleep", "600"]', "ENV PATH=/bin"],
  });
  const api = await docker.system.apiVersion();
  log(`Docker ${(await docker.system.version()).version}, API ${api}`);
  const rest = { docker, api, lab: { image, prefix } };
  await furnish(rest);
  const start = () => Plugin.start(built?.path ?? "", { host: `unix://${socketPath}` });
  const [plugin, later] = [await start(), await start()];
  site = { plugin, later, ...rest };
}

function here(): Site {
  if (!site) throw new Error("the set-up failed");
  return site;
}

if (reason !== undefined) test.skip(`lives on Debian 13 (${reason})`);
else {
  const all = process.env["DOCKWRIGHT_LIVES"] === "all";
  const rows = Object.entries(table).filter(([name, { api, differs }]) =>
    only === undefined ? all || api !== undefined || differs === true : name === only,
  );
  const ready = prepare();
  test("the set-up", () => ready);
  test("it is a newer daemon than this machine's", () => {
    assert.ok(Number(here().api.split(".")[1]) >= 45);
  });
  for (const [option, life] of runLives(here, Object.fromEntries(rows), ready)) {
    test(`${option}: made, looked at, adopted, changed, taken away, changed behind its back`, () =>
      life);
  }
}

test.after(async () => {
  await site?.plugin.stop();
  await site?.later.stop();
  site?.docker.close();
  await built?.remove();
  await lab?.close();
});

test.run();
