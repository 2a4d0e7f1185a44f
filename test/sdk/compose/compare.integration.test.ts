// What `ComposeStack` makes of a Compose file is what Debian 13's docker-compose makes of it: ten files
// in the shapes of real ones, made by both on this machine's daemon, compared by inspect, field by
// field. Containers are created and not started: what they would run is not there.
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { planCompose } from "../../../sdk/compose/compose.ts";
import type { ContainerInspect } from "../../../sdk/docker/types.ts";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { dockerCompose } from "../../support/dockercompose.ts";
import { makeSite, type Site, succeeded } from "../../support/site.ts";
import { suite } from "../../support/suite.ts";
import { Fixture, missing } from "../docker/fixture.ts";

const run = promisify(execFile);
const plain = suite("compose/compare", { timeoutMs: 5 * 60_000 });
let reason = missing();
const folder = path.join(import.meta.dirname, "files");
const names = readdirSync(folder).sort();
const profiles = ["tools"];

const fixture = new Fixture("compose");
const prefix = `${fixture.prefix}/`;
let program = "";
let site: Site | undefined;

function fileOf(name: string): string {
  const file = path.join(folder, name, "compose.yaml");
  return existsSync(file) ? file : path.join(folder, name, "docker-compose.yml");
}

const variables = { PREFIX: prefix };
const plans = new Map(
  names.map((name) => [name, planCompose(fileOf(name), { profiles, variables })]),
);

/** Every image that a file names is the small one of this run, by another tag. */
function imageNames(): readonly string[] {
  const all = [...plans.values()].flatMap(({ services }) =>
    services.map(({ image }) => image.ref ?? ""),
  );
  return [...new Set(all)];
}

const stacks = `
import { ComposeStack, LocalDaemon } from "dockwright";
import { readFileSync } from "node:fs";
const { files, variables, profiles, images } = JSON.parse(readFileSync("files.json", "utf8"));
const daemon = new LocalDaemon("local");
const unstarted = ({ type, props, opts }) =>
  type === "dockwright:index:Container" ? { props: { ...props, start: false }, opts } : undefined;
export const containers = {};
for (const [name, file] of Object.entries(files)) {
  const own = { daemon, file, variables, profiles, images: images[name] };
  containers[name] = new ComposeStack(name, own, { transforms: [unstarted] }).containers;
}
`;

let ours: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {};

const project = (name: string) => `${fixture.prefix}-${name}`;

/** The file for docker-compose, which no longer reads a root that is all services. */
async function theirFile(name: string): Promise<string> {
  const text = await readFile(fileOf(name), "utf8");
  if (site === undefined || /^services:/m.test(text)) return fileOf(name);
  const file = path.join(site.dir, `${name}.yml`);
  await writeFile(file, `services:\n${text.replace(/^/gm, "  ")}`);
  return file;
}

async function compose(name: string, ...args: readonly string[]) {
  const flags = profiles.flatMap((one) => ["--profile", one]);
  const from = ["--project-directory", path.join(folder, name), "-f", await theirFile(name)];
  const whole = ["-p", project(name), ...from, ...flags, ...args];
  // Two networks of one daemon cannot have the same addresses.
  const env = { ...process.env, PREFIX: prefix, SUBNET: "10.213.8" };
  return run(program, whole, { env, maxBuffer: 8 << 20 });
}

plain.before(async () => {
  if (reason !== undefined) return;
  try {
    program = await dockerCompose();
  } catch (error) {
    reason = `no mirror has docker-compose: ${String(error)}`;
    return;
  }
  const id = await fixture.makeImage();
  for (const name of imageNames()) {
    const [repository = "", tag = "latest"] = name.split(":");
    await fixture.client.images.tag(id, repository, tag);
  }
  const built = Object.fromEntries(
    [...plans].map(([name, { services }]) => [
      name,
      Object.fromEntries(
        services.flatMap(({ key, image }) => (image.build ? [[key, { ref: image.ref }]] : [])),
      ),
    ]),
  );
  const files = Object.fromEntries(names.map((name) => [name, fileOf(name)]));
  const given = JSON.stringify({ files, variables, profiles, images: built });
  site = await makeSite({ topic: "compose", files: { "index.ts": stacks, "files.json": given } });
  const project = await site.stack("dev");
  succeeded(await project.up());
  ours = (await project.outputs())["containers"] as typeof ours;
});
plain.after(async () => {
  for (const name of names) await compose(name, "down", "--volumes").catch(() => {});
  await site?.close();
  await fixture.clean();
});

/** Names of Compose's own, and of the two projects, taken out. */
function plainKey(name: string, key: string): string {
  return name.replace(/^.*?[-_](?=[^-_]*$)/, "") === key ? key : name;
}

function sorted(list: readonly string[] | null | undefined): readonly string[] {
  return [...(list ?? [])].sort();
}

function labelsOf(container: ContainerInspect): object {
  const own = Object.entries(container.Config.Labels ?? {}).filter(
    ([key]) => !/^(com\.docker\.compose|dockwright)\./.test(key),
  );
  return Object.fromEntries(own.sort());
}

/** Secrets and configurations are mounts of Compose's, and files of ours. */
const given = /^\/(run\/secrets\/|app_config|etc\/app\.ini)/;

function mountsOf({ Mounts, HostConfig }: ContainerInspect): readonly string[] {
  const tmpfs = (HostConfig.Mounts ?? []).filter(({ Type }) => Type === "tmpfs");
  return [
    ...Mounts.filter(
      ({ Destination }) => !given.test(Destination ?? "") && Destination !== "/run/secrets",
    ).map(
      ({ Type, Source, Destination, RW, Propagation }) =>
        `${Type} ${Type === "bind" ? Source : ""} ${Destination} ${RW ? "rw" : "ro"} ${Propagation ?? ""}`,
    ),
    ...tmpfs.map(({ Target, TmpfsOptions }) => `tmpfs ${Target} ${TmpfsOptions?.SizeBytes ?? 0}`),
  ].sort();
}

interface Networked {
  readonly [network: string]: { readonly aliases: readonly string[]; readonly ip: string };
}

function networksOf(
  container: ContainerInspect,
  keys: readonly string[],
  own: readonly string[],
): Networked {
  const pairs = Object.entries(container.NetworkSettings.Networks).map(([name, endpoint]) => {
    const key = keys.find((one) => name === one || name.includes(one)) ?? plainKey(name, name);
    const aliases = sorted(endpoint.Aliases).filter(
      (alias) => !own.includes(alias) && !container.Id.startsWith(alias),
    );
    return [
      key,
      { aliases, ip: endpoint.IPAMConfig?.IPv4Address?.split(".").at(-1) ?? "" },
    ] as const;
  });
  return Object.fromEntries(pairs.sort(([a], [b]) => a.localeCompare(b)));
}

/** What is compared of a container, in a form that both have. */
function told(container: ContainerInspect, keys: readonly string[], own: readonly string[]) {
  const { Config, HostConfig } = container;
  const mode = HostConfig.NetworkMode ?? "";
  const fields = [
    ...["Privileged", "ReadonlyRootfs", "PidMode", "UTSMode", "UsernsMode", "CgroupParent"],
    ...["Memory", "MemoryReservation", "MemorySwap", "MemorySwappiness", "NanoCpus", "CpuShares"],
    ...["CpuQuota", "CpuPeriod", "CpusetCpus", "PidsLimit", "OomScoreAdj", "OomKillDisable"],
    ...["ShmSize", "RestartPolicy", "Sysctls", "Devices", "DeviceCgroupRules", "Tmpfs"],
    ...["IpcMode", "Init", "Runtime", "PublishAllPorts", "AutoRemove", "Dns", "DnsOptions"],
    ...["DnsSearch", "GroupAdd", "PortBindings", "LogConfig", "StorageOpt", "CgroupnsMode"],
  ] as const;
  const orNone = (value: unknown): unknown => {
    if (typeof value !== "object") return value;
    return Object.keys(value ?? {}).length === 0 ? undefined : value;
  };
  const host = HostConfig as Readonly<Record<string, unknown>>;
  return {
    image: Config.Image,
    cmd: Config.Cmd,
    entrypoint: Config.Entrypoint,
    env: sorted(Config.Env),
    user: Config.User,
    workingDir: Config.WorkingDir,
    hostname: Config.Hostname && container.Id.startsWith(Config.Hostname) ? "" : Config.Hostname,
    domainname: Config.Domainname,
    tty: Config.Tty,
    openStdin: Config.OpenStdin,
    stopSignal: Config.StopSignal,
    stopTimeout: Config.StopTimeout,
    healthcheck: Config.Healthcheck,
    exposed: sorted(Object.keys(Config.ExposedPorts ?? {}).map((one) => one.replace("/tcp", ""))),
    ulimits: sorted((HostConfig.Ulimits ?? []).map((one) => JSON.stringify(one))),
    labels: labelsOf(container),
    mounts: mountsOf(container),
    extraHosts: sorted(HostConfig.ExtraHosts),
    capAdd: sorted(HostConfig.CapAdd),
    capDrop: sorted(HostConfig.CapDrop),
    securityOpt: sorted(HostConfig.SecurityOpt),
    mode: /^(host|none|container)/.exec(mode)?.[0] ?? "",
    networks: networksOf(container, keys, own),
    ...Object.fromEntries(fields.map((name) => [name, orNone(host[name])])),
  };
}

async function inspected(name: string): Promise<ContainerInspect> {
  const found = await fixture.client.containers.inspect(name);
  if (found === undefined) throw new Error(`there is no container ${name}`);
  return found;
}

for (const name of names) {
  plain(`${name}: each container is as docker-compose makes it`, async () => {
    if (reason !== undefined) {
      process.stdout.write(`\nSKIP compose/compare: ${name}: ${reason}\n`);
      return;
    }
    await compose(name, "up", "--no-start", "--no-build", "--quiet-pull");
    const plan = plans.get(name);
    const keys = (plan?.networks ?? []).map(({ key }) => key);
    let compared = 0;
    for (const { key, once, replicas } of plan?.services ?? []) {
      if (once) continue;
      const own = ours[name]?.[key] ?? [];
      assert.is(own.length, replicas, key);
      const filters = {
        label: [`com.docker.compose.project=${project(name)}`, `com.docker.compose.service=${key}`],
      };
      const theirs = await fixture.client.containers.list({ all: true, filters });
      assert.is(theirs.length, replicas, key);
      const [mine] = own;
      const [other] = theirs;
      if (mine === undefined || other === undefined) continue;
      const made = await inspected(mine);
      const wanted = await inspected(other.Id);
      const skipped = [mine, wanted.Name.slice(1)];
      assert.equal(told(made, keys, skipped), told(wanted, keys, skipped), key);
      compared += 1;
    }
    assert.ok(compared > 0);
    await compose(name, "down", "--volumes");
  });
}

plain("the program that `import compose` writes previews what the file says", async () => {
  if (site === undefined) return;
  const file = path.join(folder, "migrate", "compose.yaml");
  const main = path.join(packageRoot(), "sdk", "cli", "main.ts");
  const own = await makeSite({ topic: "compose-import" });
  try {
    const env = { ...process.env, PREFIX: prefix };
    const args = [main, "import", "compose", file, "--json"];
    const { stdout } = await run(process.execPath, args, { cwd: own.dir, env });
    assert.equal(JSON.parse(stdout), { program: "index.ts", services: 4, left: [], secrets: [] });
    const again = await run(process.execPath, args, { cwd: own.dir, env }).catch(
      (error: Error) => error.message,
    );
    assert.match(JSON.stringify(again), "index.ts is there already");
    const preview = succeeded(await (await own.stack("dev")).preview());
    for (const row of [
      "Task migrate",
      "Container web",
      "Container worker-2",
      "Volume pg",
      "Network backend",
    ]) {
      assert.match(preview.stdout, `dockwright:index:${row} create`);
    }
  } finally {
    await own.close();
  }
});

plain("a second preview is silent", async () => {
  if (site === undefined) return;
  const project = await site.stack("dev");
  succeeded(await project.preview({ args: ["--expect-no-changes"] }));
});

plain.run();
