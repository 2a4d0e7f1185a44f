// What a stack no longer uses, and of what a one-off is made.
import * as assert from "uvu/assert";
import { leftoversOn } from "../../../../sdk/cli/live/leftovers.ts";
import { oneOffInputs, oneOffName } from "../../../../sdk/cli/live/oneoff.ts";
import { chooseRecorded } from "../../../../sdk/cli/live/run.ts";
import { viewOf } from "../../../../sdk/cli/live/view.ts";
import type { ContainerSummary, ImageSummary } from "../../../../sdk/docker/types.ts";
import type { ExportedResource } from "../../../../sdk/engine/index.ts";
import { checkFields } from "../../../../sdk/provider/check.ts";
import { containerInputs } from "../../../../sdk/provider/container/options.ts";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import {
  containerResource,
  containerUrn,
  hostResources,
  listed,
  owner,
  reference,
  stateWith,
  urnOf,
  viewWith,
} from "./state.ts";

const test = suite("cli/live: leftovers");

const nowMs = Date.parse("2026-01-31T12:00:00Z");

const imageResource = (name: string, digits: string, inputs = {}): ExportedResource => ({
  urn: urnOf("dockwright:index:Image", name),
  type: "dockwright:index:Image",
  id: `site/dev/${name}:${digits}`,
  provider: reference("web1"),
  inputs,
});

const recorded = "aaaaaaaaaaaaaaaa";
const former = "bbbbbbbbbbbbbbbb";

const release: ExportedResource = {
  urn: urnOf("dockwright:index:Release", "shop-release"),
  type: "dockwright:index:Release",
  outputs: {
    service: "shop",
    number: 2,
    releases: [
      { number: 2, images: [{ tag: "dockwright-release/site/dev/shop:2" }], containers: [] },
    ],
  },
};

const state = stateWith(
  ...hostResources("web1"),
  containerResource("shop-1", "web1"),
  imageResource("web", recorded),
  imageResource("kept", recorded, { keep: 3 }),
  release,
);
const begun = { type: "creating", resource: containerResource("task-1", "web1") };
const view = viewOf(
  { ...state, deployment: { ...state.deployment, pending_operations: [begun] } },
  "dev",
);

const image = (tag: string | undefined, more: Partial<ImageSummary> = {}): ImageSummary => ({
  Id: `sha256:of-${tag ?? "none"}`,
  ParentId: "",
  RepoTags: [tag ?? "<none>:<none>"],
  RepoDigests: null,
  Created: 0,
  Size: 1000,
  Labels: null,
  ...more,
});

function leftOf(containers: readonly ContainerSummary[], images: readonly ImageSummary[]) {
  const [host] = view.hosts;
  if (host === undefined) throw new Error("no host");
  return leftoversOn(view, host, { containers, images }, nowMs).map(({ name }) => name);
}

const images: readonly [string, ImageSummary, boolean][] = [
  ["of a resource", image(`site/dev/web:${recorded}`), false],
  ["of a former content", image(`site/dev/web:${former}`), true],
  ["of a resource that is gone", image(`site/dev/gone:${former}-found`), true],
  ["of a resource that keeps former contents", image(`site/dev/kept:${former}`), false],
  ["of a kept release", image("dockwright-release/site/dev/shop:2"), false],
  ["of a release that is not kept", image("dockwright-release/site/dev/shop:1"), true],
  ["of another stack", image(`site/qa/web:${former}`), false],
  ["of another project whose name begins so", image(`site/devel/web:${former}`), false],
  ["that a person tagged", image("site/dev/web:latest"), false],
  ["of somebody", image("debian:13"), false],
  [
    "of a build that was cut",
    image(undefined, { Labels: { "dockwright.content": "site/dev/x:1" } }),
    true,
  ],
  ["without a tag", image(undefined), false],
  ["that a container uses", image(`site/dev/web:${former}`, { Id: "sha256:one" }), false],
];
for (const [name, one, want] of images) {
  test(`an image ${name} ${want ? "goes" : "stays"}`, () => {
    assert.is(leftOf([listed("shop-1")], [one]).length, want ? 1 : 0);
  });
}

test("where a stack of the same name in another backend has something, all images stay", () => {
  const urn = listed("shop-1").Labels["dockwright.urn"] ?? "";
  const other = listed("x", { Labels: { "dockwright.urn": urn, "dockwright.owner": "another" } });
  assert.equal(leftOf([other], [image(`site/dev/web:${former}`)]), []);
});

const oneOff = (State: string, ageMs: number, labels: Readonly<Record<string, string>> = {}) =>
  listed("run", {
    State,
    Created: (nowMs - ageMs) / 1000,
    Labels: { ...listed("shop-1").Labels, "dockwright.run": "shop", ...labels },
  });
const oneOffs: readonly [string, ContainerSummary, boolean][] = [
  ["has ended", oneOff("exited", 0), true],
  ["runs", oneOff("running", 3_600_000), false],
  ["is being made", oneOff("created", 1000), false],
  ["was made and never started", oneOff("created", 3_600_000), true],
  ["is of a stack in another backend", oneOff("exited", 0, { "dockwright.owner": "x" }), false],
];
for (const [name, one, want] of oneOffs) {
  test(`a one-off that ${name} ${want ? "goes" : "stays"}`, () => {
    assert.is(leftOf([one], []).length, want ? 1 : 0);
  });
}

const old = { Created: (nowMs - 3_600_000) / 1000 };
const unmarked = { "dockwright.urn": containerUrn("shop-9") };
const orphans: readonly [string, ContainerSummary, boolean][] = [
  ["of a resource that the state does not have", listed("shop-9", old), true],
  ["of one that an update has just made", listed("shop-9", { Created: nowMs / 1000 }), false],
  ["of one that a killed update had begun", listed("task-1", old), false],
  ["of one that the state has, under another id", listed("shop-1", { ...old, Id: "x" }), false],
  ["without the word of its backend", listed("shop-9", { ...old, Labels: unmarked }), false],
  [
    "of a stack in another backend",
    listed("shop-9", { ...old, Labels: { ...unmarked, "dockwright.owner": "x" } }),
    false,
  ],
];
for (const [name, one, want] of orphans) {
  test(`a container ${name} ${want ? "goes" : "stays"}`, () => {
    assert.is(leftOf([one], []).length, want ? 1 : 0);
  });
}

const inputs = {
  name: "shop-1-aaaa",
  image: "shop:1",
  env: { A: "b" },
  secrets: { token: "hush" },
  mounts: [{ source: "data", target: "/data" }],
  networks: [{ network: "front", aliases: ["shop"], ipv4Address: "172.30.0.9" }],
  ports: [{ containerPort: 80, hostPort: 8080 }],
  labels: { mine: "yes" },
  restart: "unless-stopped",
  ready: { http: { port: 80 } },
  start: false,
  healthCheck: { test: ["CMD", "true"] },
  readOnly: true,
  memoryBytes: 64 * 1024 * 1024,
};

function made(options: Parameters<typeof oneOffInputs>[2] = { tty: false }): ValueMap {
  const [one] = viewWith(
    ...hostResources("web1"),
    containerResource("shop-1", "web1", { inputs }),
  ).recorded;
  if (one === undefined) throw new Error("nothing is recorded");
  return oneOffInputs(one, ["ls"], options) as unknown as ValueMap;
}

test("a one-off has what the service has, but for what only one can have and what keeps it up", () => {
  const { image: img, env, secrets, mounts, readOnly, memoryBytes } = inputs;
  const streams = ["attachStdin", "attachStdout", "attachStderr", "openStdin", "stdinOnce"];
  assert.equal(made(), {
    ...{ image: img, env, secrets, mounts, readOnly, memoryBytes },
    networks: [{ network: "front" }],
    labels: { mine: "yes", "dockwright.run": "shop" },
    healthCheck: { test: ["NONE"] },
    command: ["ls"],
    tty: false,
    ...Object.fromEntries(streams.map((name) => [name, true])),
  });
});

test("a one-off is a container by the provider's own check", () => {
  const options = { tty: true, entrypoint: "sh", user: "0:0", workdir: "/srv" };
  const all = made(options);
  const failures = checkFields(containerInputs, all, new Set());
  // The label is ours: no program may give it.
  assert.equal(
    failures.map(({ property }) => property),
    ["labels"],
  );
  assert.equal([all["entrypoint"], all["user"], all["workingDir"]], [["sh"], "0:0", "/srv"]);
  assert.match(oneOffName("My Shop", "ab12"), /^my-shop-run-ab12$/);
});

test("the record is that of the service, on the host that is named, and no lost one", () => {
  const two = viewWith(
    ...hostResources("web1", { lost: true }),
    ...hostResources("web2", { __owner: owner }),
    containerResource("shop-1", "web1"),
    containerResource("shop-2", "web2"),
  );
  assert.is(chooseRecorded(two, "shop", undefined).name, "shop-2");
  assert.is(chooseRecorded(two, "shop", "web1").name, "shop-1");
  assert.throws(() => chooseRecorded(two, "shop", "web3"), /not on a host "web3"/);
  assert.throws(() => chooseRecorded(two, "blog", undefined), /"blog"; there are shop/);
});

test.run();
