// Real builds with mmdebstrap, and a real dockerd. Everything is made in folders of this run.
import { execFile, spawn } from "node:child_process";
import { access, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { buildDebianImage, debianTag } from "../../../sdk/debian/build.ts";
import { type DebianImageSpec, debianKey } from "../../../sdk/debian/spec.ts";
import { indexTar } from "../../../sdk/debian/tar.ts";
import { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";

const run = promisify(execFile);
const docker = async (...args: string[]): Promise<string> =>
  (await run("docker", args, { maxBuffer: 8 << 20 })).stdout.trim();

const spec: DebianImageSpec = {
  packages: ["media-types", "libcap2-bin", "adduser"],
  extraFiles: { "/opt/tool/hello": { content: "#!/bin/sh\necho hello $NAME\n", mode: 0o755 } },
  // An account has the day it was made in it, and a log of its making.
  setup: ["adduser --system --group dwtest >&2", "setcap cap_net_raw+ep /opt/tool/hello"],
  env: { NAME: "you" },
  cmd: ["/opt/tool/hello"],
  user: "65532:65532",
};

/** Programs that work for builds of a cache. */
async function buildersIn(cache: string): Promise<readonly string[]> {
  const { stdout } = await run("ps", ["-eo", "pid,args"], { maxBuffer: 8 << 20 });
  return stdout.split("\n").filter((line) => line.includes(join(cache, "debian", "work")));
}

const build = suite<{ folder: string; one: string; two: string }>("buildDebianImage", {
  timeoutMs: 480_000,
});
build.before(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "dwtest-debian-"));
  context.one = join(context.folder, "one");
  context.two = join(context.folder, "two");
});
build.after(async ({ folder }) => {
  await docker("image", "rm", "-f", debianTag(spec), "dwtest-debian/tagged:1").catch(() => "");
  await rm(folder, { recursive: true, force: true });
});

build("two builders at once are one build; the second is told that it waits", async ({ one }) => {
  const phases: string[] = [];
  const first = buildDebianImage(spec, { cacheDir: one });
  const second = buildDebianImage(spec, {
    cacheDir: one,
    onProgress: ({ phase }) => phases.push(phase),
  });
  const [a, b] = await Promise.all([first, second]);
  assert.is(a.imageId, b.imageId);
  assert.equal([a.cached, b.cached].sort(), [false, true]);
  assert.match(a.packages["libcap2-bin"] ?? "", /^1:2\./);
});

build("a second build is found in the cache, with no program run", async ({ one }) => {
  const phases: string[] = [];
  const found = await buildDebianImage(
    { ...spec, packages: [...spec.packages].reverse() },
    { cacheDir: one, onProgress: ({ phase }) => phases.push(phase) },
  );
  assert.equal([found.cached, phases], [true, []]);
});

build.long(
  "another cache, umask, time zone and host name give the same image id",
  async ({ one, two }) => {
    const first = await buildDebianImage(spec, { cacheDir: one });
    const module = join(import.meta.dirname, "../../../sdk/debian/build.ts");
    const code = `process.umask(0o077); import(${JSON.stringify(module)}).then(async (m) => {
    const built = await m.buildDebianImage(${JSON.stringify(spec)}, { cacheDir: ${JSON.stringify(two)} });
    console.log(JSON.stringify(built)); })`;
    const script = 'hostname dwtest-other && exec "$0" -e "$1"';
    const { stdout } = await run("unshare", ["-u", "sh", "-c", script, process.execPath, code], {
      env: { ...process.env, TZ: "Pacific/Auckland" },
    });
    const second = JSON.parse(stdout) as { imageId: string; cached: boolean };
    assert.equal(second.cached, false);
    assert.is(second.imageId, first.imageId);
  },
);

build(
  "runs in a container as its user, with its environment, layers as they were made",
  async ({ one }) => {
    const built = await buildDebianImage(spec, { cacheDir: one });
    await docker("load", "-q", "-i", built.archivePath);
    assert.is(await docker("image", "inspect", "-f", "{{.Id}}", debianTag(spec)), built.imageId);
    assert.is(await docker("run", "--rm", "--cap-add", "NET_RAW", debianTag(spec)), "hello you");
    const label = await docker(
      "image",
      "inspect",
      "-f",
      '{{index .Config.Labels "dockwright.packages"}}',
      debianTag(spec),
    );
    assert.match(label, /^adduser=\S+ libcap2-bin=\S+ media-types=\S+$/);
    const script =
      "getcap /opt/tool/hello; stat -c %a / /tmp /opt/tool; id -u dwtest; dpkg --audit; ls /usr/share/doc/libcap2-bin; test ! -e /usr/bin/apt-get";
    const seen = await docker("run", "--rm", debianTag(spec), "sh", "-c", script);
    assert.match(seen, /^\/opt\/tool\/hello cap_net_raw=ep\n755\n1777\n755\n\d+\ncopyright$/);
  },
);

build.long("nothing of the machine, of time or of chance is in the image", async ({ one }) => {
  const { archivePath } = await buildDebianImage(spec, { cacheDir: one });
  const folder = await mkdtemp(join(tmpdir(), "dwtest-debian-"));
  try {
    await run("tar", ["-C", folder, "-xf", archivePath]);
    const paths: string[] = [];
    for (const name of ["layer-0.tar", "layer-1.tar"])
      paths.push(...(await indexTar(join(folder, name))).map(({ path }) => path));
    const unwanted = paths.filter((path) =>
      /^(etc\/(hostname|resolv\.conf|apt\/(sources\.list|.*99mmdebstrap.*|.*\.sources))|var\/log\/.*\.log|var\/lib\/apt\/lists\/.+|var\/cache\/apt\/.*\.(deb|bin)|run\/.+|dev\/.+)$/.test(
        path,
      ),
    );
    assert.equal(unwanted, []);
  } finally {
    await rm(folder, { recursive: true });
  }
});

build("another tag is the same image under another name", async ({ one }) => {
  const built = await buildDebianImage(spec, { cacheDir: one, tag: "dwtest-debian/tagged:1" });
  assert.is(
    await docker("load", "-q", "-i", built.archivePath),
    "Loaded image: dwtest-debian/tagged:1",
  );
  assert.is(
    await docker("image", "inspect", "-f", "{{.Id}}", "dwtest-debian/tagged:1"),
    built.imageId,
  );
});

build.long("a cancelled build leaves no process, no mount and no file behind", async ({ one }) => {
  const other = { packages: ["perl", "media-types"], setup: ["sleep 61"] };
  const stop = new AbortController();
  const work = buildDebianImage(other, {
    cacheDir: one,
    signal: stop.signal,
    onProgress: ({ phase }) => {
      if (phase === "configuring") stop.abort();
    },
  });
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.instance(error, SdkError);
  assert.is((error as SdkError).code, "CANCELLED");
  assert.equal(await readdir(join(one, "debian", "work")), []);
  assert.not.ok((await readFile("/proc/mounts", "utf8")).includes(one));
  assert.equal(await buildersIn(one), []);
  const left = (await readdir(join(one, "debian"))).filter((name) =>
    name.startsWith(debianKey(other)),
  );
  assert.equal(left, [`${debianKey(other)}.lock`]);
});

build(
  "a builder that is killed takes its programs along, and the next build works",
  async ({ one }) => {
    const other: DebianImageSpec = { packages: ["media-types"], setup: ["echo again"] };
    const module = join(import.meta.dirname, "../../../sdk/debian/build.ts");
    const code = `import(${JSON.stringify(module)}).then((m) => m.buildDebianImage(${JSON.stringify(other)}, {
    cacheDir: ${JSON.stringify(one)}, onProgress: ({ phase }) => console.log(phase) }))`;
    const builder = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise<void>((resolve) => {
      builder.stdout.on("data", (data: Buffer) => {
        if (/retrieving|extracting|configuring/.test(data.toString())) resolve();
      });
    });
    builder.kill("SIGKILL");
    for (let i = 0; i < 100 && (await buildersIn(one)).length > 0; i += 1) await sleep(100);
    assert.equal(await buildersIn(one), []);
    const built = await buildDebianImage(other, { cacheDir: one });
    await access(built.archivePath);
    assert.is(built.cached, false);
  },
);

build("a package that is not there is an error that names it", async ({ one }) => {
  const work = buildDebianImage({ packages: ["dwtest-no-such-package"] }, { cacheDir: one });
  const error = await work.catch((reason: unknown) => reason);
  assert.match(
    (error as SdkError).message,
    /cannot install dwtest-no-such-package.*Unable to locate package dwtest-no-such-package/s,
  );
});
build.run();
