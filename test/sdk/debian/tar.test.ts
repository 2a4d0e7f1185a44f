import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import {
  indexTar,
  readTarText,
  tarEnd,
  tarFileHeader,
  tarPadding,
} from "../../../sdk/debian/tar.ts";
import { suite } from "../../support/suite.ts";

const tar = suite<{ folder: string }>("tar");
const long = `${"d".repeat(60)}/${"e".repeat(60)}/${"f".repeat(60)}/name`;

tar.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "dw-tar-"));
  const root = join(context.folder, "root");
  mkdirSync(join(root, long, ".."), { recursive: true });
  writeFileSync(join(root, long), "long");
  writeFileSync(join(root, "ü"), "x".repeat(1_500_000));
  writeFileSync(join(root, "empty"), "");
  linkSync(join(root, "empty"), join(root, "hard"));
  symlinkSync(`/${"t".repeat(150)}`, join(root, "soft"));
});
tar.after(({ folder }) => rmSync(folder, { recursive: true }));

function pack(folder: string, format: string): string {
  const path = join(folder, `${format}.tar`);
  execFileSync("tar", [
    "-C",
    join(folder, "root"),
    `--format=${format}`,
    "--sort=name",
    "-cf",
    path,
    ".",
  ]);
  return path;
}

for (const format of ["pax", "gnu"]) {
  tar(`reads long names, links and sizes of the ${format} format`, async ({ folder }) => {
    const path = pack(folder, format);
    const entries = await indexTar(path);
    const by = new Map(entries.map((entry) => [entry.path, entry]));
    assert.is(by.get("")?.type, "5");
    assert.is(by.get("ü")?.contentBytes, 1_500_000);
    assert.is(by.get("hard")?.type, "1");
    assert.is(by.get("hard")?.link, "empty");
    assert.is(by.get("soft")?.link, `/${"t".repeat(150)}`);
    const entry = by.get(long);
    assert.ok(entry);
    assert.is(await readTarText(path, entry), "long");
  });

  tar(`entries of the ${format} format follow each other without a gap`, async ({ folder }) => {
    const entries = await indexTar(pack(folder, format));
    for (const [index, entry] of entries.entries()) {
      const before = entries[index - 1];
      assert.is(entry.offset, before ? before.offset + before.lengthBytes : 0);
    }
  });
}

tar(
  "an entry's hash changes with a byte of its content, and no other's does",
  async ({ folder }) => {
    const before = await indexTar(pack(folder, "pax"));
    writeFileSync(join(folder, "root", long), "lonG");
    execFileSync("touch", ["-d", "@0", join(folder, "root", long)]);
    const after = await indexTar(pack(folder, "pax"));
    const changed = after.filter((entry, index) => entry.hash !== before[index]?.hash);
    assert.equal(
      changed.map(({ path }) => path),
      [long],
    );
  },
);

tar("what is written is read by tar itself, long names too", ({ folder }) => {
  const names = ["short", "a".repeat(100), "b".repeat(101), `dir/${"ü".repeat(120)}`];
  const body = Buffer.from("content");
  const parts = names.flatMap((path) => [
    tarFileHeader({ path, sizeBytes: body.length, mode: 0o640, mtime: 1_000_000_000 }),
    body,
    tarPadding(body.length),
  ]);
  const path = join(folder, "written.tar");
  writeFileSync(path, Buffer.concat([...parts, tarEnd()]));
  const listed = execFileSync("tar", ["--quoting-style=literal", "-tf", path], {
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });
  assert.equal(listed.toString().trim().split("\n"), names);
  const one = execFileSync("tar", ["--utc", "-tvf", path]).toString().split("\n")[0] ?? "";
  assert.match(one, /^-rw-r----- 0\/0 +7 2001-09-09/);
});

tar("an archive that is cut off is an error", async ({ folder }) => {
  const path = pack(folder, "pax");
  const cut = join(folder, "cut.tar");
  execFileSync("sh", ["-c", `head -c 700000 ${path} > ${cut}`]);
  let message = "";
  try {
    const entries = await indexTar(cut);
    message = `read ${entries.length} entries`;
  } catch (error) {
    message = (error as Error).message;
  }
  assert.match(message, /archive ends within/);
});
tar.run();
