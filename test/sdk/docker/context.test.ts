import { createHash } from "node:crypto";
import { chmod, lutimes, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { extract } from "tar-stream";
import * as assert from "uvu/assert";
import { packFiles, unpackFiles } from "../../../sdk/docker/archive.ts";
import { type ContextOptions, hashContext, packContext } from "../../../sdk/docker/context.ts";
import { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";

const test = suite("docker: build contexts");
type Files = Readonly<Record<string, string>>;

async function write(dir: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
    await chmod(join(dir, path), 0o644);
  }
}

async function withContext<T>(files: Files, run: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "dwtest-context-"));
  try {
    await write(dir, { Dockerfile: "FROM scratch\n", ...files });
    return await run(dir);
  } finally {
    await rm(dir, { recursive: true });
  }
}

interface Packed {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly link: string;
  readonly text: string;
}

async function unpack(dir: string, options?: ContextOptions): Promise<readonly Packed[]> {
  const entries: Packed[] = [];
  const reader = extract();
  packContext(dir, options).pipe(reader);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const { name, type, mode, linkname, mtime, uid, gid } = entry.header;
    assert.equal([mtime.getTime(), uid, gid], [0, 0, 0]);
    const text = Buffer.concat(chunks).toString();
    entries.push({ name, type, mode, link: linkname, text });
  }
  return entries;
}

const names = async (dir: string, options?: ContextOptions) =>
  (await unpack(dir, options)).map(({ name }) => name.replace(/\/$/, ""));

async function failure(work: Promise<unknown>): Promise<SdkError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SdkError) return error;
    throw error;
  }
  throw new Error("it passed");
}

test("everything is sent, sorted, with its modes and links", () =>
  withContext({ "b/z": "z", "b.x": "x", a: "a", "b/é": "e" }, async (dir) => {
    await chmod(join(dir, "a"), 0o755);
    await symlink("../nowhere", join(dir, "b/link"));
    assert.equal(await names(dir), ["Dockerfile", "a", "b", "b/link", "b/z", "b/é", "b.x"]);
    const entries = await unpack(dir);
    assert.is(entries.find(({ name }) => name === "a")?.mode, 0o755);
    const link = entries.find(({ name }) => name === "b/link");
    assert.equal([link?.type, link?.link], ["symlink", "../nowhere"]);
    assert.is(entries.find(({ name }) => name === "b/z")?.text, "z");
  }));

const tree = {
  "a.log": "",
  "keep.log": "",
  "src/a.ts": "",
  "src/a.log": "",
  "src/deep/b.log": "",
  "node_modules/m/index.js": "",
  "node_modules/m/keep/x": "",
  "docs/readme.md": "",
};
const all = Object.keys(tree);
const but = (...gone: string[]) => all.filter((path) => !gone.some((one) => path.startsWith(one)));

// What the Docker CLI sends for each (moby, pkg/fileutils and pkg/archive).
for (const [rule, patterns, kept] of [
  ["no pattern takes nothing away", "", all],
  ["comments and empty lines say nothing", "# *\n\n   \n", all],
  ["a pattern is for the root only", "*.log", but("a.log", "keep.log")],
  [
    "** is for every depth",
    "**/*.log",
    ["src/a.ts", "node_modules/m/index.js", "node_modules/m/keep/x", "docs/readme.md"],
  ],
  ["a folder takes what is in it", "node_modules", but("node_modules")],
  ["slashes around a folder do not count", "/node_modules/", but("node_modules")],
  ["./ in front does not count", "./docs", but("docs")],
  ["? is one character", "?.log", but("a.log")],
  ["a range", "[a-j]*.log", but("a.log")],
  ["a negation takes back", "*.log\n!keep.log", but("a.log")],
  ["the last pattern that fits decides", "!keep.log\n*.log", but("a.log", "keep.log")],
  [
    "a negation reaches into a folder",
    "node_modules\n!node_modules/m/keep",
    but("node_modules/m/index.js"),
  ],
  ["everything but one folder", "*\n!src", ["src/a.ts", "src/a.log", "src/deep/b.log"]],
  ["case counts", "DOCS", all],
  ["white space around a pattern does not count", "  docs  ", but("docs")],
  ["Windows line ends do not count", "docs\r\n*.log\r\n", but("docs", "a.log", "keep.log")],
  ["a byte order mark does not count", "\uFEFFdocs", but("docs")],
] as const) {
  test(`.dockerignore: ${rule}`, () =>
    withContext({ ...tree, ".dockerignore": patterns }, async (dir) => {
      const files = (await unpack(dir)).filter(({ type }) => type === "file");
      const sent = files.map(({ name }) => name);
      const given = sent.filter((name) => name !== "Dockerfile" && name !== ".dockerignore");
      assert.equal(given.sort(), [...kept].sort());
    }));
}

test("the Dockerfile is sent even where it is ignored, also from an ignored folder", () =>
  withContext({ ".dockerignore": "*\n", "ops/Dockerfile": "x", "ops/other": "" }, async (dir) => {
    assert.equal(await names(dir), ["Dockerfile"]);
    assert.equal(await names(dir, { dockerfile: "ops/Dockerfile" }), ["ops/Dockerfile"]);
    assert.equal(await names(dir, { dockerfile: "./ops/Dockerfile" }), ["ops/Dockerfile"]);
  }));

test("a Dockerfile's own ignore file goes before the common one, which is then not sent", () =>
  withContext(
    { ".dockerignore": "a\n", "Dockerfile.dockerignore": "b\n", a: "", b: "" },
    async (dir) => {
      assert.equal(await names(dir), ["Dockerfile", "Dockerfile.dockerignore", "a"]);
    },
  ));

test("no Dockerfile is told before anything is sent", () =>
  withContext({}, async (dir) => {
    const missing = await failure(hashContext(dir, { dockerfile: "Other" }));
    assert.match(missing.message, /has no file "Other"/);
    await failure(unpackAll(dir, { dockerfile: "Other" }));
    await mkdir(join(dir, "folder"));
    await failure(hashContext(dir, { dockerfile: "folder" }));
  }));

async function unpackAll(dir: string, options: ContextOptions): Promise<void> {
  for await (const _ of packContext(dir, options));
}

test("a FIFO is refused by name unless it is ignored; a socket is left out", () =>
  withContext({ ".dockerignore": "" }, async (dir) => {
    const server = createServer().listen(join(dir, "s.sock"));
    await new Promise((resolve) => server.once("listening", resolve));
    assert.equal(await names(dir), [".dockerignore", "Dockerfile"]);
    server.close();
    const { execFileSync } = await import("node:child_process");
    execFileSync("mkfifo", [join(dir, "pipe")]);
    assert.match((await failure(hashContext(dir))).message, /holds "pipe"/);
    await writeFile(join(dir, ".dockerignore"), "pipe\n");
    await hashContext(dir);
  }));

test("the hash is of paths, modes, link targets and bytes", () =>
  withContext({ a: "1", "b/c": "2" }, async (dir) => {
    await symlink("a", join(dir, "l"));
    const hashes = [await hashContext(dir)];
    assert.match(hashes[0] ?? "", /^sha256:[0-9a-f]{64}$/);
    const changes: (() => Promise<unknown>)[] = [
      () => writeFile(join(dir, "a"), "3"),
      () => chmod(join(dir, "a"), 0o755),
      () => mkdir(join(dir, "empty")),
      () => chmod(join(dir, "b"), 0o700),
      async () => {
        await rm(join(dir, "l"));
        await symlink("b", join(dir, "l"));
      },
      () => writeFile(join(dir, "Dockerfile"), "FROM scratch\nLABEL a=b\n"),
      () => rm(join(dir, "b/c")),
    ];
    for (const change of changes) {
      await change();
      hashes.push(await hashContext(dir));
    }
    assert.is(new Set(hashes).size, hashes.length);
  }));

test("the hash and the bytes do not depend on times, or on what is ignored", () =>
  withContext({ a: "1", ".dockerignore": "ignored\n", ignored: "1" }, async (dir) => {
    await symlink("a", join(dir, "l"));
    const digest = async () => {
      const hash = createHash("sha256");
      for await (const chunk of packContext(dir)) hash.update(chunk as Buffer);
      return `${await hashContext(dir)} ${hash.digest("hex")}`;
    };
    const before = await digest();
    await utimes(join(dir, "a"), 1, 1);
    await lutimes(join(dir, "l"), 1, 1);
    await writeFile(join(dir, "ignored"), "2");
    assert.is(await digest(), before);
  }));

test("the same content in another folder, written in another order, has the same hash", async () => {
  const files = { a: "1", "b/c": "2", ".dockerignore": "# nothing\n" };
  const other = Object.fromEntries(Object.entries(files).reverse());
  const one = await withContext(files, (dir) => hashContext(dir));
  const two = await withContext(other, (dir) => hashContext(dir));
  assert.is(one, two);
});

test("what .dockerignore takes back in is part of the hash", () =>
  withContext({ ".dockerignore": "*\n!keep\n", keep: "1", gone: "1" }, async (dir) => {
    const before = await hashContext(dir);
    await writeFile(join(dir, "gone"), "2");
    assert.is(await hashContext(dir), before);
    await writeFile(join(dir, "keep"), "2");
    assert.is.not(await hashContext(dir), before);
  }));

test("names that differ only by where they are cut do not share a hash", async () => {
  const one = await withContext({ "ab/c": "" }, (dir) => hashContext(dir));
  const two = await withContext({ "a/bc": "" }, (dir) => hashContext(dir));
  assert.is.not(one, two);
});

test("long names and large files arrive whole", () =>
  withContext({ [`${"d".repeat(90)}/${"f".repeat(150)}`]: "deep" }, async (dir) => {
    await writeFile(join(dir, "large"), Buffer.alloc(20 * 2 ** 20, "x"));
    const entries = await unpack(dir);
    assert.is(entries.find(({ name }) => name.endsWith("f"))?.text, "deep");
    assert.is(entries.find(({ name }) => name === "large")?.text.length, 20 * 2 ** 20);
  }));

test("a reader that leaves early leaves nothing open", () =>
  withContext({}, async (dir) => {
    await writeFile(join(dir, "large"), Buffer.alloc(20 * 2 ** 20, "x"));
    const stream = packContext(dir);
    for await (const _ of stream) break;
    assert.is(stream.destroyed, true);
  }));

test("files are packed for a container and unpacked again", async () => {
  const tar = await packFiles([
    { path: "/etc/a", content: "é", mode: 0o600, uid: 3, gid: 4 },
    { path: "b", content: Buffer.from([0, 255]) },
  ]);
  const files = await unpackFiles(Readable.from([tar]));
  assert.equal([...files.keys()], ["etc/a", "b"]);
  assert.is(files.get("etc/a")?.toString(), "é");
  assert.equal(files.get("b"), Buffer.from([0, 255]));
});
test.run();
