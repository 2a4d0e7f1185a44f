// Where declared files go: which folder each is unpacked in, and which folders become volumes.
import fc from "fast-check";
import * as assert from "uvu/assert";
import { type Files, fileVolumes, planUploads } from "../../../../sdk/provider/container/files.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/container/files");

function filesOf(paths: readonly string[]): Files {
  return Object.fromEntries(paths.map((path) => [path, { content: path }]));
}

type Plan = { readonly [folder: string]: readonly string[] };
const uploads: readonly [string, readonly string[], readonly string[], Plan][] = [
  ["no files, no upload", [], ["/data"], {}],
  [
    "without mounts all go by the root",
    ["/etc/b", "/etc/a", "/c"],
    [],
    { "/": ["c", "etc/a", "etc/b"] },
  ],
  [
    "into the mount that they lie in",
    ["/data/a", "/etc/b"],
    ["/data"],
    { "/data": ["a"], "/": ["etc/b"] },
  ],
  [
    "into the deepest mount",
    ["/data/x/a", "/data/b"],
    ["/data", "/data/x"],
    { "/data/x": ["a"], "/data": ["b"] },
  ],
  [
    "a folder that only begins alike is another",
    ["/database/a"],
    ["/data"],
    { "/": ["database/a"] },
  ],
  [
    "a file in the mount of a single file's folder",
    ["/etc/app/a"],
    ["/etc/app"],
    { "/etc/app": ["a"] },
  ],
];
for (const [name, paths, mounted, want] of uploads) {
  test(`upload: ${name}`, () => {
    const plan = planUploads(filesOf(paths), mounted);
    const got = plan.map(({ folder, files }) => [folder, files.map(({ path }) => path)] as const);
    assert.equal(Object.fromEntries(got), want);
  });
}

test("a file may be read by all unless it says otherwise, and keeps its owner", () => {
  const plan = planUploads(
    { "/a": { content: "1" }, "/b": { content: "2", mode: 0o400, uid: 7, gid: 8 } },
    [],
  );
  assert.equal(plan[0]?.files, [
    { path: "a", content: "1", mode: 0o444 },
    { path: "b", content: "2", mode: 0o400, uid: 7, gid: 8 },
  ]);
});

const volumes: readonly [string, readonly string[], readonly string[], readonly string[]][] = [
  ["the folder of each file", ["/etc/app/a", "/var/b"], [], ["/etc/app", "/var"]],
  ["one for a folder and what is below it", ["/etc/a", "/etc/app/b"], [], ["/etc"]],
  ["none where a mount is already", ["/data/a", "/data/x/b"], ["/data"], []],
  [
    "a folder that only begins alike is another",
    ["/etc/a", "/etcetera/b"],
    [],
    ["/etc", "/etcetera"],
  ],
];
for (const [name, paths, mounted, want] of volumes) {
  test(`volumes of a read-only container: ${name}`, () => {
    const targets = fileVolumes(filesOf(paths), mounted).map(({ Target }) => Target);
    assert.equal(targets, want);
  });
}

const part = fc.constantFrom("a", "b", "ab", "etc");
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`);

test("every file is unpacked once, at its own place, and lies in the root or in one of the mounts", () => {
  fc.assert(
    fc.property(fc.uniqueArray(path), fc.uniqueArray(path), (paths, mounted) => {
      // A mount is a folder: no file has its very path.
      const files = paths.filter((file) => !mounted.includes(file));
      const arrived = planUploads(filesOf(files), mounted).flatMap(({ folder, files: inside }) => {
        assert.ok(folder === "/" || mounted.includes(folder));
        return inside.map((file) => `${folder === "/" ? "" : folder}/${file.path}`);
      });
      assert.equal([...arrived].sort(), [...files].sort());
    }),
  );
});

test("of a read-only container, every file lies in a mount or a new volume, and no volume in another", () => {
  const inside = (file: string, folder: string) =>
    file.startsWith(folder === "/" ? "/" : `${folder}/`);
  fc.assert(
    fc.property(
      fc.uniqueArray(path, { maxLength: 6 }),
      fc.uniqueArray(path, { maxLength: 3 }),
      (paths, mounted) => {
        const made = fileVolumes(filesOf(paths), mounted).map(({ Target = "" }) => Target);
        for (const file of paths)
          assert.ok([...made, ...mounted].some((folder) => inside(file, folder)));
        for (const one of made)
          assert.not.ok(made.some((other) => other !== one && inside(one, other)));
      },
    ),
  );
});

test.run();
