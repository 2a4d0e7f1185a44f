// What a program declares on another daemon: made anew there and taken away where it was, without a
// word of the program but `daemon`. The same daemon by another way: nothing happens.
import * as assert from "uvu/assert";
import { DockerClient } from "../../sdk/docker/client.ts";
import { type Lab, makeHosts, missingForLab } from "../lab/hosts.ts";
import { start } from "../sdk/docker/tlshost.ts";
import { missingDaemon } from "../support/owned.ts";
import { makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const missing = missingDaemon() ?? missingForLab();
const test = suite("integration/moved", { timeoutMs: 300_000, missing, long: true });

const program = `
import { Bridge, Container, debianImages, Image, LocalDaemon, RandomSecret, Volume } from "dockwright";
const daemon = new LocalDaemon(process.env.DWTEST_NAME, { socketPath: process.env.DWTEST_SOCKET });
const image = new Image("web", { daemon, debian: debianImages.webServer });
const front = new Bridge("front", { daemon });
const data = new Volume("data", { daemon });
export const password = new RandomSecret("password", {}).value;
const web = new Container("web", {
  daemon, image, networks: [front], mounts: [{ source: data, target: "/data" }], stopGraceMs: 0,
  ready: { runningMs: 10 },
});
export const name = web.name;
`;

const sockets = ["/var/run/docker.sock", "/run/docker.sock"];
let lab: Lab | undefined;
let site: Site;
let far: DockerClient;
let farSocket = "";

test.before(async () => {
  lab = await makeHosts([{ name: "far", suite: "trixie", docker: "installed" }], {
    log: (line) => process.stdout.write(`${line}\n`),
  });
  const [host] = lab.hosts;
  if (host === undefined) throw new Error("no host");
  await start(host);
  farSocket = host.path("/run/docker.sock");
  far = new DockerClient({ kind: "unix", socketPath: farSocket });
  site = await makeSite({ topic: "moved", files: { "index.ts": program } });
});
test.after(async () => {
  await site.close();
  far.close();
  await lab?.close();
});

const env = (name: string, socket: string) => ({
  DWTEST_NAME: name,
  DWTEST_SOCKET: socket,
});

/** Names of the site's containers, networks and volumes there. */
async function on(docker: DockerClient): Promise<readonly number[]> {
  const filters = { label: ["dockwright.urn"] };
  const isOurs = (labels: Readonly<Record<string, string>> | null | undefined) =>
    labels?.["dockwright.urn"]?.includes(`::${site.name}::`) === true;
  const [containers, networks, volumes] = await Promise.all([
    docker.containers.list({ all: true, filters }),
    docker.networks.list(filters),
    docker.volumes.list(filters),
  ]);
  return [containers, networks, volumes].map(
    (list) => list.filter(({ Labels }) => isOurs(Labels)).length,
  );
}

test("moved to another daemon: anew there, gone here, but for the data; a secret stays", async () => {
  const project = await site.stack("dev");
  succeeded(await project.up({ env: env("here", sockets[0] ?? "") }));
  assert.equal(await on(site.docker), [1, 1, 1]);
  const before = await project.outputs({ showSecrets: true });

  const same = succeeded(await project.up({ env: env("here-again", sockets[1] ?? "") }));
  assert.not.match(rowsOf(same).join("\n"), /:(Container|Volume|Network|Image) /);
  assert.equal(await on(site.docker), [1, 1, 1]);

  const preview = succeeded(await project.preview({ env: env("there", farSocket) }));
  const replaced = rowsOf(preview).filter((row) => /replace/.test(row));
  for (const kind of ["Container", "Volume", "Network", "Image"]) {
    assert.ok(
      replaced.some((row) => row.includes(`:${kind} `)),
      `${kind} is replaced`,
    );
  }
  assert.match(said(preview), "its daemon is another one now");
  assert.equal(await on(far), [0, 0, 0]);

  succeeded(await project.up({ env: env("there", farSocket) }));
  assert.equal(await on(far), [1, 1, 1]);
  assert.equal(await on(site.docker), [0, 0, 1], "the data stays where it was");
  const after = await project.outputs({ showSecrets: true });
  assert.is(after["password"], before["password"]);
  assert.equal(rowsOf(succeeded(await project.up({ env: env("there", farSocket) }))), []);
  succeeded(await project.destroy({ env: env("there", farSocket) }));
});

test.run();
