import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { imageConfig, retagArchive, writeArchive } from "../../../sdk/debian/archive.ts";
import { goArch } from "../../../sdk/debian/build.ts";
import type { LayerSource } from "../../../sdk/debian/layer.ts";
import type { DebianImageSpec } from "../../../sdk/debian/spec.ts";
import { suite } from "../../support/suite.ts";

const spec: DebianImageSpec = {
  packages: [],
  env: { B: "2", A: "1" },
  entrypoint: ["/e"],
  cmd: ["c"],
  user: "7:8",
  workingDir: "/w",
  exposedPorts: ["80", "53/udp"],
  stopSignal: "SIGQUIT",
};
const about = { spec, architecture: "amd64", labels: { z: "1", a: "2" }, mtime: 1_704_067_200 };
const text = (content: string): LayerSource => ({
  sizeBytes: content.length,
  chunks: async function* () {
    yield Buffer.from(content);
  },
});
const sha = (content: string) => createHash("sha256").update(content).digest("hex");

const config = suite("imageConfig");
config("every setting of the specification is in it", () => {
  const parsed = JSON.parse(imageConfig(about, ["sha256:x"]));
  assert.equal(parsed.config, {
    Cmd: ["c"],
    Entrypoint: ["/e"],
    Env: ["A=1", "B=2", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    ExposedPorts: { "53/udp": {}, "80/tcp": {} },
    Labels: { a: "2", z: "1" },
    StopSignal: "SIGQUIT",
    User: "7:8",
    WorkingDir: "/w",
  });
  assert.is(parsed.created, "2024-01-01T00:00:00Z");
  assert.equal(parsed.rootfs, { diff_ids: ["sha256:x"], type: "layers" });
});
config("the order of labels and environment is of no account", () => {
  const turned = {
    ...about,
    labels: { a: "2", z: "1" },
    spec: { ...spec, env: { A: "1", B: "2" } },
  };
  assert.is(imageConfig(turned, []), imageConfig(about, []));
});
config("a processor has Go's name", () => {
  assert.equal(["amd64", "arm64", "armhf", "ppc64el", "i386"].map(goArch), [
    "amd64",
    "arm64",
    "arm",
    "ppc64le",
    "386",
  ]);
});
config.run();

const archive = suite("writeArchive");
archive("layers, configuration and manifest agree; another tag is the same image", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dw-archive-"));
  try {
    const at = (name: string) => join(folder, name);
    const extract = (name: string) => execFileSync("tar", ["-C", folder, "-xf", at(name)]);
    const written = await writeArchive(at("one.tar"), [text("first"), text("second")], {
      about,
      tag: "a:1",
    });
    assert.equal(readdirSync(folder), ["one.tar"]);
    extract("one.tar");
    const [manifest] = JSON.parse(readFileSync(at("manifest.json"), "utf8"));
    assert.equal(manifest.RepoTags, ["a:1"]);
    assert.equal(
      manifest.Layers.map((name: string) => readFileSync(at(name), "utf8")),
      ["first", "second"],
    );
    const image = readFileSync(at(manifest.Config), "utf8");
    assert.is(written.imageId, `sha256:${sha(image)}`);
    assert.equal(JSON.parse(image).rootfs.diff_ids, [
      `sha256:${sha("first")}`,
      `sha256:${sha("second")}`,
    ]);

    await retagArchive(at("one.tar"), at("two.tar"), { written, tag: "b/c:2" });
    extract("two.tar");
    const [other] = JSON.parse(readFileSync(at("manifest.json"), "utf8"));
    assert.equal(other, { ...manifest, RepoTags: ["b/c:2"] });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
archive.run();
