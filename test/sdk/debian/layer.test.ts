import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { differenceLayer, planLayer } from "../../../sdk/debian/layer.ts";
import { indexTar, type TarEntry } from "../../../sdk/debian/tar.ts";
import { suite } from "../../support/suite.ts";

const layer = suite("planLayer");

/** `path:hash`, a directory with a slash at its end, a hard link as `path=target:hash`. */
function entry(text: string): TarEntry {
  const [, path = "", slash, link, hash = "1"] =
    /^([^:/=]*(?:\/[^:/=]+)*)(\/)?(?:=([^:]+))?(?::(.*))?$/.exec(text) ?? [];
  const type = link ? "1" : slash || path === "" ? "5" : "0";
  return {
    path,
    type,
    link: link ?? "",
    hash,
    offset: 0,
    lengthBytes: 0,
    contentOffset: 0,
    contentBytes: 0,
  };
}

const root = [
  "",
  "etc/",
  "usr/",
  "usr/bin/",
  "etc/a",
  "usr/bin/perl",
  "usr/bin/perl5=usr/bin/perl",
];
const cases: readonly [
  name: string,
  base: string[],
  full: string[],
  keep: string[],
  gone: string[],
][] = [
  ["nothing changed: nothing", root, root, [], []],
  [
    "a new file comes with its folders",
    root,
    [...root, "usr/bin/x"],
    ["", "usr/", "usr/bin/", "usr/bin/x"],
    [],
  ],
  [
    "a changed file",
    root,
    root.map((p) => (p === "etc/a" ? "etc/a:2" : p)),
    ["", "etc/", "etc/a"],
    [],
  ],
  [
    "a changed folder comes alone",
    root,
    root.map((p) => (p === "etc/" ? "etc/:2" : p)),
    ["", "etc/"],
    [],
  ],
  [
    "a changed target takes its hard links along",
    root,
    root.map((p) => (p === "usr/bin/perl" ? "usr/bin/perl:2" : p)),
    ["", "usr/", "usr/bin/", "usr/bin/perl", "usr/bin/perl5"],
    [],
  ],
  [
    "a new hard link takes its target along",
    root,
    [...root, "etc/p=usr/bin/perl"],
    ["", "etc/", "usr/", "usr/bin/", "usr/bin/perl", "usr/bin/perl5", "etc/p"],
    [],
  ],
  [
    "a file that is gone is whited out, its folder comes along",
    root,
    root.filter((p) => p !== "etc/a"),
    ["", "etc/"],
    ["etc/a"],
  ],
  ["a folder that is gone is whited out once", [...root, "d/", "d/e/", "d/e/f"], root, [""], ["d"]],
  [
    "a folder that became a link hides what was in it",
    [...root, "d/", "d/f"],
    [...root, "d:2"],
    ["", "d"],
    [],
  ],
];
for (const [name, base, full, keep, gone] of cases) {
  layer(name, () => {
    const plan = planLayer(base.map(entry), full.map(entry));
    assert.equal(
      plan.keep.map(({ path }) => path),
      keep.map((path) => path.replace(/\/$/, "")),
    );
    assert.equal(plan.gone, gone);
  });
}
layer.run();

const bytes = suite("differenceLayer");
bytes("is a readable archive of the size it promised, with whiteouts", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dw-layer-"));
  try {
    const at = (name: string) => join(folder, name);
    const pack = (name: string) =>
      execFileSync("tar", ["-C", at("root"), "--sort=name", "--mtime=@1", "-cf", at(name), "."]);
    mkdirSync(at("root/d"), { recursive: true });
    writeFileSync(at("root/d/old"), "old");
    writeFileSync(at("root/same"), "same");
    pack("base.tar");
    rmSync(at("root/d/old"));
    writeFileSync(at("root/d/new"), "n".repeat(3000));
    pack("full.tar");
    const plan = planLayer(await indexTar(at("base.tar")), await indexTar(at("full.tar")));
    const source = differenceLayer(at("full.tar"), plan, 5);
    const parts: Buffer[] = [];
    for await (const part of source.chunks()) parts.push(part);
    const whole = Buffer.concat(parts);
    assert.is(whole.length, source.sizeBytes);
    writeFileSync(at("layer.tar"), whole);
    const listed = execFileSync("tar", ["-tf", at("layer.tar")])
      .toString()
      .trim()
      .split("\n");
    assert.equal(listed, ["./", "./d/", "./d/new", "d/.wh.old"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
bytes.run();
