// The rules about containers on services of a swarm, of Dockwright and of @pulumi/docker: the same
// fault in the words of each.
import { of, type Row, unknown } from "./row.ts";

type Inputs = Readonly<Record<string, unknown>>;

const ours = of("dockwright:index:SwarmService");
const whole = of("docker:index/service:Service");
const theirs = (containerSpec: Inputs, taskSpec: Inputs = {}, more: Inputs = {}, at?: string) =>
  whole({ ...more, taskSpec: { ...taskSpec, containerSpec } }, at === undefined ? {} : { at });

const bind = (source: string, more: Inputs = {}) => ({
  mounts: [{ type: "bind", source, target: "/data", ...more }],
});

/** A rule about one capability. */
function capability(name: string): Row {
  return {
    fails: [
      ours({ capAdd: [`CAP_${name}`] }, { at: "capAdd" }),
      theirs({ capAdds: [name] }, {}, {}, "taskSpec.containerSpec.capAdds"),
    ],
    passes: [ours({ capAdd: ["CHOWN"] }), ours({ capAdd: unknown })],
  };
}

export const serviceRows: Readonly<Record<string, Row>> = {
  "selinux-not-disabled": {
    fails: [theirs({ privileges: { seLinuxContext: { disable: true } } })],
    passes: [theirs({ privileges: { seLinuxContext: { disable: false } } })],
  },
  "capabilities-dropped": {
    fails: [
      ours({}, { at: "capDrop" }),
      ours({ capDrop: ["ALL"], capAdd: ["NET_ADMIN"] }, { at: "capAdd" }),
      theirs({ capDrops: ["NET_RAW"] }),
    ],
    passes: [ours({ capDrop: ["ALL"] })],
  },
  "no-dac-read-search": capability("DAC_READ_SEARCH"),
  "no-sys-module": capability("SYS_MODULE"),
  "no-sys-admin": capability("SYS_ADMIN"),
  "no-sys-ptrace": capability("SYS_PTRACE"),
  "no-sensitive-host-folders": {
    fails: [ours(bind("/etc"), { at: "mounts[0].source" }), theirs(bind("/usr/"))],
    passes: [
      ours(bind("/srv/data")),
      ours(bind(unknown)),
      ours({ mounts: [{ type: "volume", source: "etc", target: "/etc" }] }),
    ],
  },
  "no-docker-socket": {
    fails: [
      ours(bind("/var/run/docker.sock"), { at: "mounts[0].source" }),
      theirs(bind("/run/docker.sock")),
    ],
    passes: [ours(bind("/srv/docker.socket"))],
  },
  "no-shared-propagation": {
    fails: [
      ours(bind("/srv", { bindOptions: { propagation: "rshared" } })),
      theirs(bind("/srv", { bindOptions: { propagation: "shared" } })),
    ],
    passes: [ours(bind("/srv", { bindOptions: { propagation: "rslave" } }))],
  },
  "no-privileged-host-ports": {
    fails: [
      ours({ ports: [{ port: 25, publishedPort: 25 }] }, { at: "ports[0].publishedPort" }),
      theirs({}, {}, { endpointSpec: { ports: [{ targetPort: 25, publishedPort: 25 }] } }),
    ],
    passes: [
      ours({ ports: [{ port: 25 }, { port: 80, publishedPort: 80 }] }),
      ours({ ports: [{ port: 25, publishedPort: unknown }] }),
    ],
  },
  "no-host-network": {
    fails: [
      ours({ networks: [{ network: "host" }] }, { at: "networks[0].network" }),
      theirs({}, { networksAdvanceds: [{ name: "host" }] }),
    ],
    passes: [
      ours({}),
      ours({ networks: [{ network: "front" }] }),
      ours({ networks: [{ network: unknown }] }),
      ours({ networks: unknown }),
    ],
  },
  "ports-on-one-address": {
    // No word of Swarm says an address.
    fails: [],
    passes: [
      ours({ ports: [{ port: 80, publishedPort: 80 }] }),
      theirs({}, {}, { endpointSpec: { ports: [{ targetPort: 80, publishedPort: 80 }] } }),
    ],
  },
  "not-on-default-bridge": { fails: [], passes: [ours({}), theirs({})] },
  "memory-limited": {
    fails: [ours({ limits: { cpus: 1 } }, { at: "limits.memoryBytes" }), theirs({})],
    passes: [ours({ limits: { memoryBytes: unknown } }), ours({ limits: unknown })],
  },
  "cpu-limited": {
    fails: [ours({}, { at: "limits.cpus" }), theirs({})],
    passes: [ours({ limits: { cpus: 0.5 } })],
  },
  "pids-limited": {
    fails: [ours({}, { at: "limits.pids" })],
    passes: [ours({ limits: { pids: 100 } }), theirs({})],
  },
  "read-only-root": {
    fails: [ours({ readOnly: false }, { at: "readOnly" })],
    passes: [ours({ readOnly: unknown })],
  },
  "restart-is-bounded": {
    fails: [],
    // Keeping tasks up is what Swarm is for.
    passes: [ours({ restart: { condition: "any" } })],
  },
  "health-checked": {
    fails: [ours({}, { at: "healthCheck" }), theirs({})],
    passes: [ours({ healthCheck: { test: ["CMD", "true"] } })],
  },
  "image-has-a-version": {
    fails: [ours({ image: "shop:latest" }, { at: "image" }), theirs({ image: "shop" })],
    passes: [ours({ image: `sha256:${"a".repeat(64)}` })],
  },
  "image-by-digest": {
    fails: [
      ours({ image: "registry.example.com/shop:1" }, { at: "image" }),
      theirs({ image: "registry.example.com/shop:1" }),
    ],
    passes: [ours({ image: `registry.example.com/shop@sha256:${"a".repeat(64)}` })],
  },
  "trusted-registry": {
    fails: [ours, (inputs: Inputs, more: object) => ({ ...theirs(inputs), ...more })].map((make) =>
      make({ image: "evil.example.com/shop:1" }, { options: { registries: ["docker.io"] } }),
    ),
    passes: [ours({ image: "evil.example.com/shop:1" })],
  },
  "not-root": {
    fails: [ours({}, { at: "user" }), ours({ user: "0" }), theirs({ user: "root" })],
    passes: [ours({ user: "1000" })],
  },
  "no-secrets-in-env": {
    fails: [ours({ env: { DB_PASSWORD: "hush" } }, { at: "env.DB_PASSWORD" })],
    passes: [ours({ env: { DB_PASSWORD_FILE: "/run/secrets/db" } })],
  },
  "logs-rotated": {
    fails: [
      ours({ logDriver: "json-file" }, { at: "logDriver" }),
      theirs({}, { logDriver: { name: "json-file" } }),
    ],
    passes: [ours({ logDriver: "json-file", logOptions: { "max-size": "10m" } })],
  },
  "overlay-encrypted": {
    fails: [of("dockwright:index:Network")({ driver: "overlay" }, { at: "encrypted" })],
    passes: [
      of("dockwright:index:Network")({}),
      of("dockwright:index:Network")({ driver: "overlay", encrypted: true }),
    ],
  },
  "no-secrets-in-build-args": {
    fails: [
      of("docker-build:index:Image")({ buildArgs: { TOKEN: "x" } }, { at: "buildArgs.TOKEN" }),
    ],
    passes: [of("docker-build:index:Image")({ buildArgs: { VERSION: "1" } })],
  },
};
