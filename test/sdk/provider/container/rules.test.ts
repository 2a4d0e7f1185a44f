// Combinations that Docker refuses late, or takes and ignores: each is a check failure at its place,
// and all come at once. Options of newer daemons are refused with the versions.
import * as assert from "uvu/assert";
import type { ContainerInputs } from "../../../../sdk/provider/container/options.ts";
import { checkTogether } from "../../../../sdk/provider/container/rules.ts";
import {
  lackingVersions,
  neededVersions,
  needs,
} from "../../../../sdk/provider/container/versions.ts";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/container/rules");

function failuresOf(inputs: object) {
  return checkTogether({ image: "x", ...inputs } as ContainerInputs);
}

const mib = 1024 * 1024;
const refused: readonly [string, object, readonly string[]][] = [
  [
    "networks beside networkMode",
    { networkMode: "host", networks: [{ network: "a" }] },
    ["networkMode"],
  ],
  [
    "published ports on the host's network",
    { networkMode: "host", ports: [{ containerPort: 80 }], publish: ["81"], publishAllPorts: true },
    ["ports", "publish", "publishAllPorts"],
  ],
  ["published ports without a network", { networkMode: "none", publish: ["80"] }, ["publish"]],
  [
    "names and ports in a shared network",
    { networkMode: "container:a", ports: [{ containerPort: 80 }], hostname: "b", dns: ["1.1.1.1"] },
    ["ports", "hostname", "dns"],
  ],
  [
    "links or a MAC address with another's network",
    { networkMode: "host", links: ["a:b"], macAddress: "02:42:0a:d5:01:77" },
    ["links", "macAddress"],
  ],
  ["links on networks of one's own", { networks: [{ network: "a" }], links: ["a:b"] }, ["links"]],
  [
    "anything about networks where they are off",
    { networkDisabled: true, networks: [{ network: "a" }], publish: ["80"] },
    ["publish", "networks"],
  ],
  [
    "the same host port twice",
    {
      ports: [
        { containerPort: 80, hostPort: 8080 },
        { containerPort: 81, hostPort: 8080 },
      ],
    },
    ["ports[1]"],
  ],
  [
    "the same host port in both forms",
    { ports: [{ containerPort: 80, hostPort: 8080 }], publish: ["127.0.0.1:8080:81"] },
    ["publish"],
  ],
  ["swap without memory", { memorySwapBytes: 64 * mib }, ["memorySwapBytes"]],
  ["swap below memory", { memoryBytes: 64 * mib, memorySwapBytes: 32 * mib }, ["memorySwapBytes"]],
  [
    "a reservation above memory",
    { memoryBytes: 8 * mib, memoryReservationBytes: 9 * mib },
    ["memoryReservationBytes"],
  ],
  ["no killing without a limit", { oomKillDisable: true }, ["oomKillDisable"]],
  [
    "cpus beside period and quota",
    { cpus: 1, cpuPeriodUs: 1000, cpuQuotaUs: 1000 },
    ["cpuPeriodUs", "cpuQuotaUs"],
  ],
  [
    "retries without on-failure",
    { restart: "always", restartMaxRetries: 2 },
    ["restartMaxRetries"],
  ],
  ["autoRemove and a restart", { autoRemove: true, restart: "always" }, ["autoRemove"]],
  ["autoRemove and secrets", { autoRemove: true, secrets: { A: "1" } }, ["autoRemove"]],
  [
    "autoRemove and volumes that stay",
    { autoRemove: true, removeVolumes: false },
    ["removeVolumes"],
  ],
  ["stdinOnce alone", { stdinOnce: true }, ["stdinOnce"]],
  [
    "a name where it is the host's",
    { utsMode: "host", hostname: "a", domainname: "b" },
    ["hostname", "domainname"],
  ],
  [
    "net. parameters of the host",
    { networkMode: "host", sysctls: { "net.core.somaxconn": "1" } },
    ["sysctls"],
  ],
  [
    "times of no health check",
    { healthCheck: { test: ["NONE"], intervalMs: 5 } },
    ["healthCheck.intervalMs"],
  ],
  [
    "devices by count and by id",
    { deviceRequests: [{ count: 1, deviceIds: ["a"] }] },
    ["deviceRequests[0]"],
  ],
  [
    "two mounts at one place",
    { mounts: [{ source: "a", target: "/a" }], binds: ["b:/a/"], tmpfs: { "/a": "" } },
    ["binds[0]", 'tmpfs["/a"]'],
  ],
  [
    "a mount where secrets are",
    { mounts: [{ source: "a", target: "/run/secrets" }], secrets: { A: "1" } },
    ["secrets"],
  ],
  [
    "a file in memory",
    { tmpfs: { "/run": "" }, files: { "/run/a": { content: "" } } },
    ['files["/run/a"]'],
  ],
  [
    "a file in a tmpfs mount",
    { mounts: [{ type: "tmpfs", target: "/m" }], files: { "/m/a": { content: "" } } },
    ['files["/m/a"]'],
  ],
  [
    "a file in a read-only mount",
    { mounts: [{ source: "a", target: "/m", readOnly: true }], files: { "/m/a": { content: "" } } },
    ['files["/m/a"]'],
  ],
  [
    "a file among the secrets",
    { secrets: { A: "1" }, files: { "/run/secrets/B": { content: "" } } },
    ['files["/run/secrets/B"]'],
  ],
  [
    "a file in a read-only root itself",
    { readOnly: true, files: { "/a": { content: "" } } },
    ['files["/a"]'],
  ],
];
for (const [name, inputs, properties] of refused) {
  test(`refused: ${name}`, () => {
    assert.equal(
      failuresOf(inputs).map(({ property }) => property),
      properties,
    );
  });
}

const allowed: readonly [string, object][] = [
  ["one port for tcp and udp", { publish: ["53:53/tcp", "53:53/udp"] }],
  ["one port on two addresses", { publish: ["127.0.0.1:80:80", "127.0.0.2:80:80"] }],
  ["one range for two ports", { publish: ["8000-8010:80", "8000-8010:81"] }],
  ["swap without a limit", { memoryBytes: 8 * mib, memorySwapBytes: -1 }],
  ["secrets below a tmpfs", { tmpfs: { "/run": "" }, secrets: { A: "1" } }],
  [
    "a file in a writable mount",
    { mounts: [{ source: "a", target: "/m" }], files: { "/m/a": { content: "" } } },
  ],
  ["the host's network, and a host name of one's own", { networkMode: "host", hostname: "a" }],
];
for (const [name, inputs] of allowed) {
  test(`allowed: ${name}`, () => {
    assert.equal(failuresOf(inputs), []);
  });
}

test("all that is wrong comes at once", () => {
  const all = Object.assign({}, ...[0, 9, 13, 15].map((at) => refused[at]?.[1] ?? {})) as object;
  assert.ok(failuresOf(all).length >= 4);
});

test("each option of a newer daemon is refused with both versions; a newer one takes it", () => {
  for (const { path, api, docker, value = 1 } of needs) {
    const inputs = path.reduceRight<unknown>(
      (inner, step) => (step === "*" ? [inner] : { [step]: inner }),
      value,
    ) as ValueMap;
    const needed = neededVersions(inputs);
    const [failure] = lackingVersions(needed, { api: "1.41", docker: "20.10.24" });
    assert.is(failure?.property, path.join(".").replaceAll(".*", "[0]"));
    assert.match(failure?.reason ?? "", `needs API ${api} (Docker ${docker})`);
    assert.match(failure?.reason ?? "", "Docker 20.10.24, API 1.41");
    assert.equal(lackingVersions(needed, { api, docker }), []);
  }
  assert.equal(neededVersions({ mounts: [{ type: "bind" }], networks: [{ network: "a" }] }), []);
});

test.run();
