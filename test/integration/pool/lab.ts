// Some hosts with a daemon and a proxy each, reached over SSH, and a service over all of them: what the
// tests of rollouts change again and again. What the program reads is a file, so that a change costs no
// run of the engine.
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Project } from "../../../sdk/engine/project.ts";
import { type Lab, type LabHost, makeHosts } from "../../lab/hosts.ts";
import { makeAnswerer } from "../../support/answerer.ts";
import { makeSite, type Site } from "../../support/site.ts";

/** Longer than the slowest requests of the load: what then is left are WebSockets, which move. */
export const drainTimeoutMs = 7_000;

const program = `
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import {
  Bridge, CertificateAuthority, Daemon, Host, HostPool, Image, Proxy, Service,
} from "dockwright";
const logins = JSON.parse(readFileSync("hosts.json", "utf8"));
const settings = JSON.parse(readFileSync("settings.json", "utf8"));
const { mark, names } = settings;
const hosts = logins.filter(({ name }) => settings.hosts.includes(name)).map(({ name, ...login }) => {
  const host = new Host(name, login);
  const daemon = new Daemon(name + "-docker", { host, adopt: true });
  return [name, { daemon, address: login.address, drain: settings.drain.includes(name) }];
});
const pool = new HostPool("web", { hosts: Object.fromEntries(hosts) });
const front = pool.each((daemon, { name }) => new Bridge("front-" + name, { daemon }));
const image = pool.each((daemon, { name }) =>
  new Image("answerer-" + name, { daemon, build: { context: "answerer", builder: "classic", args: { MARK: mark } } }));
const tls = names.length === 0 ? {} : {
  tls: { certificates: { web: new CertificateAuthority("ca").serverCertificate("web", { names }) } },
};
const proxy = pool.each((daemon, { name }) =>
  new Proxy("edge-" + name, { on: daemon, networks: [front.perHost[name]], drainTimeoutMs: 6000, ...tls, ...settings.proxy }));
const shop = new Service("shop", {
  on: pool, image, networks: [front], port: 8080, replicas: settings.replicas,
  health: { http: "/healthz", timeoutMs: settings.readyMs },
  env: { VERSION: settings.version, MARK: mark },
  secrets: { token: pulumi.secret("hush-" + mark) },
  volumes: ["flags", mark].map((name) => ({ hostPath: "/srv/flags", target: "/" + name, readOnly: true })),
  routes: [{ proxy, host: "shop.test" }, { proxy, host: mark + ".test" }],
  rollout: { drainTimeoutMs: ${drainTimeoutMs}, responseHeaders: { "x-mark": mark }, ...settings.rollout },
});
export const containers = shop.containerNames;
`;

/** What the program reads. */
export interface PoolSettings {
  readonly hosts: readonly string[];
  readonly drain: readonly string[];
  readonly version: string;
  readonly replicas: number;
  /** How long a container may take to be ready, in milliseconds. */
  readonly readyMs: number;
  /** What a release bears besides: in its image, environment, secret, mounts and routes. */
  readonly mark: string;
  /** Names of the proxies' certificate; none is no TLS. */
  readonly names: readonly string[];
  readonly rollout: Readonly<Record<string, unknown>>;
  readonly proxy: Readonly<Record<string, unknown>>;
}

export interface PoolLab {
  readonly lab: Lab;
  readonly site: Site;
  readonly project: Project;
  readonly hosts: readonly LabHost[];
  /** Lays some settings over those of now. */
  set(settings: Partial<PoolSettings>): Promise<void>;
  settings(): PoolSettings;
  /** The URL of a host's proxy, which answers for `shop.test`. */
  url(host: LabHost): string;
  /** The hosts that are in the pool now. */
  members(): readonly LabHost[];
  /** Makes a release sick on a host, or fit again: see answerer/main.go. */
  flag(host: LabHost, name: string, on: boolean): Promise<void>;
  /** The names of containers of the service on a host: all, or those that run. */
  containers(host: LabHost, running?: boolean): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function sure(host: LabHost, line: string): Promise<string> {
  const { code, stdout, stderr } = await host.run(line);
  if (code !== 0) throw new Error(`on ${host.name}: ${line}: ${stderr}`);
  return stdout.trim();
}

export async function makePoolLab(
  count: number,
  topic: string,
  { log, ...first }: Partial<PoolSettings> & { readonly log: (line: string) => void },
): Promise<PoolLab> {
  const specs = Array.from({ length: count }, (_, index) => ({
    name: `web${index + 1}`,
    suite: "bookworm" as const,
    docker: "installed" as const,
  }));
  const lab = await makeHosts(specs, { log });
  const { hosts } = lab;
  const site = await makeSite({ topic, files: { "index.ts": program } });
  await makeAnswerer(path.join(site.dir, "answerer"));
  const logins = hosts.map(({ name, address, port, user, privateKey, hostKey }) => {
    return { name, address, port, user, privateKey, hostKey };
  });
  await site.write("hosts.json", JSON.stringify(logins));
  await Promise.all(hosts.map((host) => sure(host, "mkdir -p /srv/flags")));
  let settings: PoolSettings = {
    hosts: hosts.map(({ name }) => name),
    drain: [],
    version: "v1",
    replicas: count,
    readyMs: 15_000,
    mark: "m1",
    names: [],
    rollout: {},
    proxy: {},
    ...first,
  };
  const write = () => writeFile(path.join(site.dir, "settings.json"), JSON.stringify(settings));
  await write();
  return {
    lab,
    site,
    hosts,
    project: await site.stack("dev"),
    settings: () => settings,
    async set(more) {
      settings = { ...settings, ...more };
      await write();
    },
    members: () => hosts.filter(({ name }) => settings.hosts.includes(name)),
    url: ({ address }) => `http://${address}:80/`,
    async flag(host, name, on) {
      await sure(host, on ? `touch /srv/flags/${name}` : `rm -f /srv/flags/${name}`);
    },
    async containers(host, running = false) {
      const all = running ? "" : "-a ";
      const text = await sure(host, `docker ps ${all}--filter name=shop- --format '{{.Names}}'`);
      return text === "" ? [] : text.split("\n").sort();
    },
    async close() {
      await lab.close();
      await site.close();
    },
  };
}
