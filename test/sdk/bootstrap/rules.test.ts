// The small decisions of the set-up: when packages count as installed, what a run of tests counted,
// and when Docker must stay.
import * as assert from "uvu/assert";
import { mountsOf, reasonToKeep } from "../../../sdk/bootstrap/dismantle.mjs";
import { isInstalled, setUpSteps } from "../../../sdk/bootstrap/environment.mjs";
import { readCounts } from "../../../sdk/bootstrap/test.mjs";
import { suite } from "../../support/suite.ts";

const test = suite("bootstrap/rules");

const lock = {
  packages: {
    "": { version: "0" },
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "2.0.0", optional: true },
  },
};
const installs = [
  ["all there", { packages: { "node_modules/a": { version: "1.0.0" } } }, true],
  ["another version", { packages: { "node_modules/a": { version: "1.0.1" } } }, false],
  ["one missing", { packages: {} }, false],
  ["nothing", {}, false],
] as const;
for (const [name, installed, want] of installs) {
  test(`packages: ${name}`, () => assert.is(isInstalled(lock, installed), want));
}

const counts = [
  ["the last line counts", ["1 passed, 1 failed", "x", "12 passed, 0 failed", ""], [12, 0]],
  ["skipped may follow", ["3 passed, 2 failed, 1 skipped"], [3, 2]],
  ["no line is a failure", ["all good"], [0, 1]],
] as const;
for (const [name, lines, [passed, failed]] of counts) {
  test(`counts: ${name}`, () => assert.equal(readCounts(lines), { passed, failed }));
}

test("Docker stays while it holds what is somebody's", () => {
  assert.is(reasonToKeep(undefined), undefined);
  assert.is(reasonToKeep({ containers: 0, volumes: 0 }), undefined);
  assert.match(reasonToKeep({ containers: 1, volumes: 0 }) ?? "", "1 containers");
  assert.match(reasonToKeep({ containers: 0, volumes: 2 }) ?? "", "2 volumes");
});

const mounts = [
  "20 1 8:1 / / rw - ext4 /dev/sda rw",
  "21 20 8:1 /var/lib/docker /var/lib/docker rw shared:4 - ext4 /dev/sda rw",
  "22 20 8:1 / /var/lib/docker-too rw - ext4 /dev/sdb rw",
  "23 21 0:9 / /var/lib/docker/overlay2/a\\040b/merged rw - overlay overlay rw",
].join("\n");

test("before the daemon's folder goes, its mounts are undone, deepest first", () => {
  const want = ["/var/lib/docker/overlay2/a b/merged", "/var/lib/docker"];
  assert.equal(mountsOf("/var/lib/docker", mounts), want);
});

test("a disk that was mounted there stays mounted", () => {
  const disk = "21 20 8:2 / /var/lib/docker rw - ext4 /dev/sdb rw";
  assert.equal(mountsOf("/var/lib/docker", disk), []);
});

test("the engine builds side by side with npm; its installer waits for the build", () => {
  const facts = {
    node: "22.0.0",
    platform: "linux",
    root: true,
    engine: false,
    go: true,
    downloads: false,
    daemon: "answers",
    dockerd: true,
    apt: true,
    mmdebstrap: true,
    npm: true,
  } as const;
  const needs = (more: object) =>
    setUpSteps({ ...facts, ...more }).find(({ name }) => name === "engine")?.needs ?? [];
  assert.equal(needs({}), []);
  assert.equal(needs({ downloads: true }), ["build"]);
  assert.equal(needs({ engine: true, downloads: true }), []);
});

test.run();
