// Every option of dockerd that can be declared, a row each, in tables by group. Where the daemon listens
// and its TLS files are not here: they belong to the connection, and files.ts writes them.
// Specification: dockerd(8); https://docs.docker.com/reference/cli/dockerd/.

import { element, f, type Plain } from "../../provider/fields.ts";
import { DaemonChange, fieldsOfRows, isJsonMap, type Json, memberOfInfo, row } from "./option.ts";
import { networkRows } from "./options-network.ts";
import { runtimeRows } from "./options-runtime.ts";

const { Reload, Restart } = DaemonChange;

const urls = (list: readonly string[]) => {
  const bad = list.find((text) => !/^https?:\/\/[^/]+/.test(text));
  return bad === undefined
    ? undefined
    : `"${bad}" is no address; write such as https://mirror.example.com`;
};
const withoutSlash = (text: string) => text.replace(/\/$/, "");

function registries(info: unknown): readonly string[] {
  const ranges = memberOfInfo(info, "RegistryConfig", "InsecureRegistryCIDRs");
  const named = memberOfInfo(info, "RegistryConfig", "IndexConfigs");
  const insecure = Object.entries((named ?? {}) as Record<string, unknown>)
    .filter(([, index]) => memberOfInfo(index, "Secure") === false)
    .map(([name]) => name);
  return [...((ranges ?? []) as readonly string[]), ...insecure];
}

const registryRows = {
  registryMirrors: row(
    "registry-mirrors",
    Reload,
    f.list(f.string(element), {
      doc: "Mirrors of Docker Hub, as addresses.",
      default: "none",
      check: urls,
    }),
    {
      live: (info, declared) => {
        const said = memberOfInfo(info, "RegistryConfig", "Mirrors");
        const mirrors = ((said ?? []) as readonly string[]).map(withoutSlash);
        return mirrors.join() === declared.map(withoutSlash).join() ? declared : mirrors;
      },
    },
  ),
  insecureRegistries: row(
    "insecure-registries",
    Reload,
    f.list(f.string(element), {
      doc: "Registries that are spoken to without a checked certificate: HOST:PORT, or a range as CIDR.",
      default: "none",
    }),
    {
      // The daemon always adds its own loopback.
      live: (info, declared) => {
        const there = registries(info);
        return declared.filter((one) => there.includes(one));
      },
    },
  ),
} as const;

const proxy = (doc: string) => f.string({ doc, default: "the daemon's environment", secret: true });
/** The daemon masks what could be a password, so only that there is one can be compared. */
const proxyRow = (key: string, doc: string) =>
  row(`proxies.${key}`, Restart, proxy(doc), { since: "23.0" });

const proxyRows = {
  httpProxy: proxyRow("http-proxy", "The proxy through which the daemon itself uses HTTP."),
  httpsProxy: proxyRow("https-proxy", "The proxy through which the daemon itself uses HTTPS."),
  noProxy: row(
    "proxies.no-proxy",
    Restart,
    f.string({ doc: "Hosts that it asks directly, with commas.", default: "none" }),
    { since: "23.0" },
  ),
} as const;

const gc = f.object(
  "BuilderGc",
  {
    enabled: f.boolean({ doc: "Whether old build results go by themselves.", default: "true" }),
    keepStorage: f.string({
      doc: "How much may stay, such as `10GB`.",
      default: "a tenth of the disk",
    }),
  },
  { doc: "How much of the build cache is kept.", default: "the daemon's" },
);

const serviceRows = {
  execRoot: row(
    "exec-root",
    Restart,
    f.string({ doc: "Where the state of running containers is.", default: "/var/run/docker" }),
  ),
  metricsAddress: row(
    "metrics-addr",
    Restart,
    f.string({
      doc: "Where metrics are served in Prometheus's form, as ADDRESS:PORT.",
      default: "nowhere",
      check: (value) =>
        /^\S+:\d+$/.test(value) ? undefined : "write ADDRESS:PORT, such as 127.0.0.1:9323",
    }),
    { since: "23.0", experimentalSince: "17.04" },
  ),
  features: row(
    "features",
    Reload,
    f.map(f.boolean(element), { doc: "Features by name.", default: "the daemon's" }),
  ),
  builderGc: row("builder.gc", Restart, gc, {
    toJson: ({ enabled, keepStorage }) => ({
      ...(enabled === undefined ? {} : { enabled }),
      ...(keepStorage === undefined ? {} : { defaultKeepStorage: keepStorage }),
    }),
    fromJson: (json: Json) => {
      if (!isJsonMap(json)) return undefined;
      const { enabled, defaultKeepStorage: keep } = json;
      return {
        ...(typeof enabled === "boolean" ? { enabled } : {}),
        ...(keep === undefined ? {} : { keepStorage: String(keep as string) }),
      };
    },
  }),
  authorizationPlugins: row(
    "authorization-plugins",
    Reload,
    f.list(f.string(element), {
      doc: "Plugins that are asked about every call, in order.",
      default: "none",
    }),
  ),
  containerd: row(
    "containerd",
    Restart,
    f.string({
      doc: "The socket of the containerd that is used.",
      default:
        "that of the service containerd where systemd runs one, else one of the daemon's own",
      check: (value) => (value.startsWith("/") ? undefined : "write an absolute path"),
    }),
  ),
  experimental: row(
    "experimental",
    Restart,
    f.boolean({ doc: "Whether what is not finished can be used.", default: "false" }),
    { live: (info) => info["ExperimentalBuild"] === true },
  ),
} as const;

/** All rows by their names. */
export const daemonOptions = {
  ...networkRows,
  ...runtimeRows,
  ...registryRows,
  ...proxyRows,
  ...serviceRows,
} as const;

/** The descriptions of all options. */
export const daemonFields = fieldsOfRows(daemonOptions);
export type DaemonOptions = Plain<typeof daemonFields>;
export type DaemonOptionName = keyof typeof daemonOptions;

const swarm = "Docker has dropped it with its classic Swarm; use a Swarm or another cluster";
const listens = "where it listens is said by listen, beside options";
const certificates = "its certificates are said by tlsCa, tlsCert and tlsKey, beside options";

/** By their own names, and as Chef writes them. */
function bothForms(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const chef = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const entries = Object.entries(names);
  return Object.fromEntries([...entries, ...entries.map(([name, hint]) => [chef(name), hint])]);
}

/** Names of other tools, of Docker's own file, or of what Docker no longer has: what to write instead. */
export const retiredOptions: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(daemonOptions).flatMap(([name, { key }]) => {
      const docker = key.at(-1) ?? name;
      const forms = new Set([docker, docker.replaceAll("-", "_")]);
      return [...forms].filter((form) => form !== name).map((form) => [form, `write ${name}`]);
    }),
  ),
  ...bothForms({
    apiCorsHeader: "Docker has dropped it; put a proxy in front of the API that sets the header",
    clusterStore: swarm,
    clusterAdvertise: swarm,
    clusterStoreOpts: swarm,
    execDriver: "Docker has dropped it; runtimes and defaultRuntime choose how containers are run",
    disableLegacyRegistry: "Docker has dropped it; it never speaks to such registries",
    graph: "Docker calls it data-root; write dataRoot",
    kernelMemory: "Docker has dropped it; memoryBytes of a container limits both",
  }),
  hosts: listens,
  host: listens,
  tls: certificates,
  tlsverify: "it is on wherever the daemon listens on TCP",
  tlscacert: certificates,
  tlscert: certificates,
  tlskey: certificates,
  proxies: "write httpProxy, httpsProxy and noProxy",
  builder: "write builderGc",
};
