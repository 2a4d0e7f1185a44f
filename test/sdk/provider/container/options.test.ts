// Each container option: how it enters the create body, and that it reads back as it was declared.
// An option without a row in the table fails: an option that nobody tests is a lie.
import * as assert from "uvu/assert";
import { checkFields } from "../../../../sdk/provider/check.ts";
import { observeInputs } from "../../../../sdk/provider/container/observe.ts";
import {
  type Body,
  type Options,
  writeOptions,
} from "../../../../sdk/provider/container/option.ts";
import { containerOptions } from "../../../../sdk/provider/container/options.ts";
import {
  type ContainerInputs,
  containerInputs,
} from "../../../../sdk/provider/resources/container.ts";
import type { Value, ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { inspectOf } from "./inspect.ts";

const test = suite("provider/container/options");
const rows: Options = containerOptions;

interface Row {
  readonly value: Value;
  /** What it adds to the create body. Absent: it acts elsewhere. */
  readonly body?: object;
}

const second = 1e9;
const table: { readonly [name: string]: Row } = {
  name: { value: "web" },
  image: { value: "shop:1", body: { Image: "shop:1" } },
  command: { value: ["serve", "--fast"], body: { Cmd: ["serve", "--fast"] } },
  entrypoint: { value: ["/entry"], body: { Entrypoint: ["/entry"] } },
  env: { value: { B: "a=b", A: "" }, body: { Env: ["A=", "B=a=b"] } },
  workingDir: { value: "/srv", body: { WorkingDir: "/srv" } },
  user: { value: "33:33", body: { User: "33:33" } },
  hostname: { value: "shop", body: { Hostname: "shop" } },
  init: { value: true, body: { HostConfig: { Init: true } } },
  stopSignal: { value: "SIGQUIT", body: { StopSignal: "SIGQUIT" } },
  stopGraceMs: { value: 1500 },
  labels: { value: { "a.b": "1" }, body: { Labels: { "a.b": "1" } } },
  networks: {
    value: [{ network: "front", aliases: ["shop", "api"], ipv4Address: "172.30.0.9" }],
    body: {
      HostConfig: { NetworkMode: "front" },
      NetworkingConfig: {
        EndpointsConfig: {
          front: { Aliases: ["shop", "api"], IPAMConfig: { IPv4Address: "172.30.0.9" } },
        },
      },
    },
  },
  networkMode: { value: "host", body: { HostConfig: { NetworkMode: "host" } } },
  ports: {
    value: [
      { containerPort: 80, hostPort: 8080 },
      { containerPort: 80, hostPort: 8081, hostIp: "127.0.0.1" },
      { containerPort: 53, protocol: "udp" },
    ],
    body: {
      HostConfig: {
        PortBindings: {
          "80/tcp": [
            { HostIp: "", HostPort: "8080" },
            { HostIp: "127.0.0.1", HostPort: "8081" },
          ],
          "53/udp": [{ HostIp: "", HostPort: "" }],
        },
      },
      ExposedPorts: { "80/tcp": {}, "53/udp": {} },
    },
  },
  extraHosts: {
    value: { db: "10.0.0.5", six: "fd00::1" },
    body: { HostConfig: { ExtraHosts: ["db:10.0.0.5", "six:fd00::1"] } },
  },
  dns: { value: ["10.0.0.53"], body: { HostConfig: { Dns: ["10.0.0.53"] } } },
  mounts: {
    value: [
      { source: "data", target: "/data" },
      { type: "bind", source: "/srv", target: "/host", readOnly: true },
    ],
    body: {
      HostConfig: {
        Mounts: [
          { Type: "volume", Source: "data", Target: "/data", ReadOnly: false },
          { Type: "bind", Source: "/srv", Target: "/host", ReadOnly: true },
        ],
      },
    },
  },
  tmpfs: { value: { "/run": "size=16m" }, body: { HostConfig: { Tmpfs: { "/run": "size=16m" } } } },
  files: { value: { "/etc/app.conf": { content: "x", mode: 0o400 } } },
  healthCheck: {
    value: {
      test: ["CMD", "true"],
      intervalMs: 1000,
      timeoutMs: 2000,
      retries: 4,
      startPeriodMs: 500,
    },
    body: {
      Healthcheck: {
        Test: ["CMD", "true"],
        Interval: second,
        Timeout: 2 * second,
        Retries: 4,
        StartPeriod: second / 2,
      },
    },
  },
  ready: { value: { http: { port: 80 }, timeoutMs: 5000 } },
  memoryBytes: {
    value: 64 * 1024 * 1024,
    body: { HostConfig: { Memory: 64 * 1024 * 1024, MemorySwap: 64 * 1024 * 1024 } },
  },
  cpus: { value: 0.3, body: { HostConfig: { NanoCpus: 0.3 * second } } },
  pidsLimit: { value: 50, body: { HostConfig: { PidsLimit: 50 } } },
  ulimits: {
    value: { nofile: { soft: 1000, hard: 2000 } },
    body: { HostConfig: { Ulimits: [{ Name: "nofile", Soft: 1000, Hard: 2000 }] } },
  },
  capAdd: {
    value: ["NET_ADMIN", "CHOWN"],
    body: { HostConfig: { CapAdd: ["NET_ADMIN", "CHOWN"] } },
  },
  capDrop: { value: ["ALL"], body: { HostConfig: { CapDrop: ["ALL"] } } },
  privileged: { value: true, body: { HostConfig: { Privileged: true } } },
  securityOpt: {
    value: ["no-new-privileges:true"],
    body: { HostConfig: { SecurityOpt: ["no-new-privileges:true"] } },
  },
  readOnly: { value: true, body: { HostConfig: { ReadonlyRootfs: true } } },
  sysctls: {
    value: { "net.core.somaxconn": "1024" },
    body: { HostConfig: { Sysctls: { "net.core.somaxconn": "1024" } } },
  },
  restart: { value: "always", body: { HostConfig: { RestartPolicy: { Name: "always" } } } },
};

test("every option has its row here", () => {
  assert.equal(Object.keys(table).sort(), Object.keys(rows).sort());
});

function bodyOf(values: ValueMap): Body {
  const body: Body = { HostConfig: {} };
  writeOptions(rows, body, values);
  return body;
}

for (const [name, { value, body }] of Object.entries(table)) {
  test(`${name}: passes the checks`, () => {
    assert.equal(checkFields(containerInputs, { image: "shop:1", [name]: value }), []);
  });

  test(`${name}: enters the create body ${body ? "as the Engine has it" : "not at all"}`, () => {
    assert.equal(bodyOf({ [name]: value }), { HostConfig: {}, ...body });
  });

  test(`${name}: reads back as it was declared`, () => {
    const declared: ValueMap = { image: "shop:1", [name]: value };
    const live = inspectOf(bodyOf(declared));
    const seen = observeInputs(live, undefined, declared as unknown as ContainerInputs);
    assert.equal(seen, declared);
  });

  if (!body) continue;
  test(`${name}: is told in an import`, () => {
    const live = inspectOf(bodyOf({ image: "shop:1", [name]: value }));
    const seen = observeInputs(live, undefined, undefined) as unknown as ValueMap;
    assert.equal(seen, { name: "web", image: "shop:1", [name]: value });
  });

  test(`${name}: that another value is there is seen`, () => {
    const declared = { image: "shop:1", [name]: value };
    const live = inspectOf(bodyOf({ image: "other:1" }));
    const seen = observeInputs(live, undefined, declared as unknown as ContainerInputs);
    assert.not.equal((seen as unknown as ValueMap)[name], value);
  });
}

const refused: readonly [string, Value, string][] = [
  ["name", "-web", "name"],
  ["env", { "A B": "1" }, "env"],
  ["stopSignal", "TERM", "stopSignal"],
  ["stopGraceMs", -1, "stopGraceMs"],
  ["labels", { "dockwright.urn": "x" }, "labels"],
  ["networkMode", "front", "networkMode"],
  ["ports", [{ containerPort: 0 }], "ports[0].containerPort"],
  ["ports", [{ containerPort: 80, hostPort: 65536 }], "ports[0].hostPort"],
  ["mounts", [{ source: "a", target: "data" }], "mounts[0].target"],
  [
    "mounts",
    [
      { source: "a", target: "/d" },
      { source: "b", target: "/d" },
    ],
    "mounts",
  ],
  ["tmpfs", { run: "" }, "tmpfs"],
  ["files", { "/etc/": { content: "" } }, "files"],
  ["files", { "etc/a": { content: "" } }, "files"],
  ["files", { "/etc/a": { content: "", mode: 0o10000 } }, 'files["/etc/a"].mode'],
  ["healthCheck", { test: ["true"] }, "healthCheck.test"],
  ["healthCheck", { test: ["NONE"], intervalMs: 0 }, "healthCheck.intervalMs"],
  ["ready", { timeoutMs: 0 }, "ready.timeoutMs"],
  ["memoryBytes", 1024, "memoryBytes"],
  ["cpus", 0, "cpus"],
  ["pidsLimit", 0, "pidsLimit"],
  ["capAdd", ["CAP_CHOWN"], "capAdd"],
  ["capDrop", ["all"], "capDrop"],
  ["restart", "sometimes", "restart"],
];
for (const [name, value, property] of refused) {
  test(`${name}: ${JSON.stringify(value)} is refused at ${property}`, () => {
    const failures = checkFields(containerInputs, { image: "x", [name]: value });
    assert.equal(
      failures.map((failure) => failure.property),
      [property],
    );
  });
}

test.run();
