// What a real container tells: what image and daemon fill in by themselves is no drift, what left
// its declaration is.
import * as assert from "uvu/assert";
import type { ContainerInspect } from "../../../../sdk/docker/types.ts";
import { observeInputs } from "../../../../sdk/provider/container/observe.ts";
import { type Body, writeOptions } from "../../../../sdk/provider/container/option.ts";
import {
  type ContainerInputs,
  containerInputs,
  containerOptions,
} from "../../../../sdk/provider/container/options.ts";
import { diffFields } from "../../../../sdk/provider/diff.ts";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { id, image, inspectOf } from "./inspect.ts";

const test = suite("provider/container/observe");

/** A container that was made from these inputs, with all that its image gives. */
function live(
  inputs: ValueMap,
  more: (made: ContainerInspect) => object = () => ({}),
): ContainerInspect {
  const body: Body = { HostConfig: {} };
  writeOptions(containerOptions, body, { image: "shop:1", ...inputs });
  const { Env = [], Labels, ...own } = body;
  const { Env: given, Labels: labels, ...rest } = image.Config ?? {};
  const all = { ...rest, ...own, Labels: { ...labels, ...Labels, "dockwright.urn": "urn" } };
  const names = (Env ?? []).map((line) => line.split("=")[0]);
  const kept = (given ?? []).filter((line) => !names.includes(line.split("=")[0]));
  const made = inspectOf({ ...all, Env: [...(Env ?? []), ...kept] });
  return { ...made, ...more(made) };
}

function observe(container: ContainerInspect, declared?: ValueMap): ValueMap {
  const known = declared && { image: "shop:1", ...declared };
  return observeInputs(
    container,
    image,
    known as ContainerInputs | undefined,
  ) as unknown as ValueMap;
}

test("an import does not tell what the image gives by itself", () => {
  assert.equal(observe(live({})), { name: "web", image: "shop:1" });
});

test("an import tells what goes beyond the image", () => {
  const own = { env: { A: "1" }, labels: { mine: "1" }, user: "root", stopSignal: "SIGTERM" };
  assert.equal(observe(live(own)), { name: "web", image: "shop:1", ...own });
});

/** The places that a refresh, and then the same program, would show as changed. */
function drift(container: ContainerInspect, declared: ValueMap): readonly string[] {
  const program = { image: "shop:1", ...declared };
  return diffFields(containerInputs, observe(container, declared), program).map(
    ({ property }) => property,
  );
}

const quiet: readonly [string, ValueMap, ((made: ContainerInspect) => object)?][] = [
  ["nothing declared", {}],
  [
    "what the image gives, declared too",
    {
      command: ["serve"],
      entrypoint: ["/entry"],
      env: { PATH: "/bin" },
      workingDir: "/srv",
      user: "www-data",
      stopSignal: "SIGQUIT",
      labels: { "org.example.image": "yes" },
      healthCheck: { test: ["CMD", "check"], intervalMs: 5000 },
    },
  ],
  [
    "empty lists and maps",
    { env: {}, labels: {}, ports: [], mounts: [], networks: [], capAdd: [], files: {}, tmpfs: {} },
  ],
  ["false, and no restart", { privileged: false, readOnly: false, restart: "no" }],
  ["an empty list of aliases", { networks: [{ network: "front", aliases: [] }] }],
  ["zeroes in a health check", { healthCheck: { test: ["NONE"], retries: 0, startPeriodMs: 0 } }],
  ["a part of a processor that no number of billionths is", { cpus: 1 / 3 }],
  ["a protocol said as it is by default", { ports: [{ containerPort: 80, protocol: "tcp" }] }],
  [
    "a mount's type and mode said as they are by default",
    {
      mounts: [{ type: "volume", source: "a", target: "/a", readOnly: false }],
    },
  ],
  [
    "capabilities in another order, and with CAP_",
    { capAdd: ["NET_ADMIN", "CHOWN"] },
    (made) => ({
      HostConfig: { ...made.HostConfig, CapAdd: ["CAP_CHOWN", "CAP_NET_ADMIN"] },
    }),
  ],
  [
    "ports in another order",
    {
      ports: [
        { containerPort: 80, hostPort: 1 },
        { containerPort: 53, protocol: "udp" },
      ],
    },
    (made) => ({
      HostConfig: {
        ...made.HostConfig,
        PortBindings: {
          "53/udp": [{ HostIp: "", HostPort: "" }],
          "80/tcp": [{ HostIp: "", HostPort: "1" }],
        },
      },
    }),
  ],
  [
    "an alias that begins the container's id",
    { networks: [{ network: "front", aliases: ["db"] }] },
  ],
  ["an alias that is the container's name", { networks: [{ network: "front", aliases: ["web"] }] }],
  [
    "a host name, which the Engine adds to the aliases",
    { hostname: "shop", networks: [{ network: "front", aliases: ["x"] }] },
    (made) => ({
      NetworkSettings: { Networks: { front: { Aliases: ["x", id.slice(0, 12), "shop"] } } },
      HostConfig: made.HostConfig,
    }),
  ],
  ["a host name that begins the container's id", { hostname: "db" }],
  [
    "networks in the order of the declaration",
    { networks: [{ network: "b" }, { network: "a" }] },
    (made) => ({
      HostConfig: made.HostConfig,
      NetworkSettings: { Networks: { a: {}, b: {} } },
    }),
  ],
  [
    "a shared network, told by id",
    { networkMode: "container:holder" },
    (made) => ({
      HostConfig: { ...made.HostConfig, NetworkMode: `container:${id}` },
      Config: { ...made.Config, Hostname: "holder" },
    }),
  ],
  [
    "an anonymous volume that holds files",
    { files: { "/etc/a/b": { content: "x" } }, readOnly: true },
    (made) => ({
      HostConfig: { ...made.HostConfig, Mounts: [{ Type: "volume", Target: "/etc/a" }] },
    }),
  ],
];
for (const [name, declared, more] of quiet) {
  test(`no drift: ${name}`, () => {
    assert.equal(drift(live(declared, more), declared), []);
  });
}

const seen: readonly [string, ValueMap, (made: ContainerInspect) => object, readonly string[]][] = [
  [
    "a network was left by hand",
    { networks: [{ network: "a" }, { network: "b" }] },
    () => ({
      NetworkSettings: { Networks: { a: {} } },
    }),
    ["networks[1]"],
  ],
  [
    "a network was joined by hand",
    { networks: [{ network: "a" }] },
    () => ({
      NetworkSettings: { Networks: { a: {}, zoo: {} } },
    }),
    ["networks[1]"],
  ],
  [
    "the restart policy was changed by hand",
    { restart: "always" },
    (made) => ({
      HostConfig: { ...made.HostConfig, RestartPolicy: { Name: "on-failure" } },
    }),
    ["restart"],
  ],
  [
    "the limit of memory was changed by hand",
    { memoryBytes: 8_000_000 },
    (made) => ({
      HostConfig: { ...made.HostConfig, Memory: 9_000_000 },
    }),
    ["memoryBytes"],
  ],
  [
    "a variable is another",
    { env: { A: "1", B: "2" } },
    (made) => ({
      Config: { ...made.Config, Env: ["A=1", "B=3"] },
    }),
    ["env.B"],
  ],
  [
    "privileges that were taken back in the declaration",
    { privileged: false },
    (made) => ({
      HostConfig: { ...made.HostConfig, Privileged: true },
    }),
    ["privileged"],
  ],
];
for (const [name, declared, more, want] of seen) {
  test(`drift: ${name}`, () => {
    assert.equal(drift(live(declared, more), declared), want);
  });
}

const imports: readonly [string, (made: ContainerInspect) => object, ValueMap][] = [
  [
    "the network it was created on comes first",
    (made) => ({
      HostConfig: { ...made.HostConfig, NetworkMode: "front" },
      NetworkSettings: { Networks: { back: {}, front: { Aliases: [id.slice(0, 12)] } } },
    }),
    { networks: [{ network: "front" }, { network: "back" }] },
  ],
  ["the default bridge is not told", () => ({ NetworkSettings: { Networks: { bridge: {} } } }), {}],
  [
    "on the host's network, its host name is the host's",
    (made) => ({
      HostConfig: { ...made.HostConfig, NetworkMode: "host" },
      Config: { ...made.Config, Hostname: "machine" },
    }),
    { networkMode: "host" },
  ],
  [
    "what comes with privileges is not told besides",
    (made) => ({
      HostConfig: { ...made.HostConfig, Privileged: true, SecurityOpt: ["label=disable"] },
    }),
    { privileged: true },
  ],
];
for (const [name, more, want] of imports) {
  test(`import: ${name}`, () => {
    assert.equal(observe(live({}, more)), { name: "web", image: "shop:1", ...want });
  });
}

test.run();
