import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import * as assert from "uvu/assert";
import { unpackFiles } from "../../../sdk/docker/archive.ts";
import { DockerApiError } from "../../../sdk/docker/client.ts";
import { packContext } from "../../../sdk/docker/context.ts";
import type { BuildOptions } from "../../../sdk/docker/types.ts";
import { suite } from "../../support/suite.ts";
import { busyboxRoot, Fixture, missing } from "./fixture.ts";

const fixture = new Fixture("images");
const { client } = fixture;
const { images } = client;

async function failure(work: Promise<unknown>): Promise<DockerApiError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DockerApiError) return error;
    throw error;
  }
  throw new Error("it passed");
}

async function build(
  dockerfile: string,
  options: Partial<BuildOptions>,
): Promise<{ readonly imageId: string; readonly progress: readonly string[] }> {
  const dir = await mkdtemp(join(tmpdir(), "dwtest-docker-"));
  const progress: string[] = [];
  try {
    await writeFile(join(dir, "Dockerfile"), dockerfile);
    await writeFile(join(dir, "page.html"), "<p>hello");
    const made = await images.build({
      context: () => packContext(dir),
      onProgress: ({ text }) => progress.push(text),
      ...options,
    });
    return { ...made, progress };
  } finally {
    await rm(dir, { recursive: true });
  }
}

const test = suite("docker: images, against the daemon");
const absent = missing();
if (absent) {
  test.skip(`skipped: ${absent}`);
} else {
  test.before(async () => {
    await fixture.makeImage();
  });
  test.after(() => fixture.clean());

  test("a root becomes an image with its configuration", async () => {
    const found = await images.inspect(fixture.image);
    assert.match(found?.Id ?? "", /^sha256:[0-9a-f]{64}$/);
    assert.equal(found?.Config?.Cmd, ["/bin/busybox", "sleep", "600"]);
    assert.ok((await images.history(fixture.image)).length > 0);
  });

  test("tags are given and taken; what is not there is undefined or false", async () => {
    const repo = fixture.name();
    await images.tag(fixture.image, repo, "two");
    const [first, second] = await Promise.all([
      images.inspect(fixture.image),
      images.inspect(`${repo}:two`),
    ]);
    assert.is(first?.Id, second?.Id);
    assert.is((await images.list({ reference: [`${repo}:two`] })).length, 1);
    assert.is(await images.remove(`${repo}:two`), true);
    assert.is(await images.remove(`${repo}:two`), false);
    assert.is(await images.inspect(`${repo}:two`), undefined);
  });

  test("an image is saved and loaded again", async () => {
    const ref = `${fixture.name()}:s`;
    await images.importRoot(Readable.from([await busyboxRoot()]), { reference: ref });
    const id = (await images.inspect(ref))?.Id;
    const chunks: Buffer[] = [];
    for await (const chunk of await images.save([ref])) chunks.push(chunk as Buffer);
    await images.remove(ref);
    assert.equal(await images.load(Readable.from(chunks)), [ref]);
    assert.is((await images.inspect(ref))?.Id, id);
  });

  test("a tar that is none is refused", async () => {
    const error = await failure(images.load(Readable.from([Buffer.from("no tar")])));
    assert.match(error.message, /^cannot load images on unix:/);
  });

  test("a pull that cannot reach its registry fails with the daemon's words", async () => {
    const error = await failure(images.pull("127.0.0.1:1/dwtest/none:1"));
    assert.match(error.message, /cannot pull the image "127\.0\.0\.1:1\/dwtest\/none:1"/);
    assert.match(error.message, /refused/);
  });

  for (const version of ["classic", "buildkit"] as const) {
    test(`${version}: builds from an image of the daemon, with arguments, target and labels`, async () => {
      const tag = `${fixture.name()}:b`;
      const { imageId, progress } = await build(
        [
          `FROM ${fixture.image} AS first`,
          "ARG WHO=nobody",
          "COPY page.html /www/page.html",
          'RUN echo "made for $WHO" | cat - >/www/who',
          "FROM first AS second",
          "RUN false",
        ].join("\n"),
        { version, tags: [tag], args: { WHO: "me" }, target: "first", labels: { l: "v" } },
      );
      const found = await images.inspect(tag);
      assert.is(found?.Id, imageId);
      assert.is(found?.Config?.Labels?.l, "v");
      assert.ok(
        progress.some((line) => line.includes("COPY page.html")),
        progress.join("\n"),
      );
      const id = await client.containers.create(fixture.name(), { Image: tag });
      const files = await unpackFiles(await client.containers.getArchive(id, "/www"));
      assert.is(files.get("www/page.html")?.toString(), "<p>hello");
      assert.is(files.get("www/who")?.toString(), "made for me\n");
    });

    test(`${version}: a failed step is named with the end of its output`, async () => {
      const error = await failure(
        build(`FROM ${fixture.image}\nRUN echo first; echo the reason >&2; exit 4\n`, {
          version,
          noCache: true,
        }),
      );
      assert.match(error.message, /RUN echo first/);
      assert.match(error.message, /\n {2}the reason/);
      assert.match(error.message, /\b4\b/);
    });

    test(`${version}: a Dockerfile that is none, and a base that is none, are told`, async () => {
      const bad = await failure(build("NONSENSE here\n", { version }));
      assert.match(bad.message, /unknown instruction/i);
      const none = await failure(build("FROM 127.0.0.1:1/dwtest/none:1\n", { version }));
      assert.match(none.message, /127\.0\.0\.1:1/);
    });

    test(`${version}: a signal ends the build`, async () => {
      const signal = AbortSignal.timeout(1500);
      const work = build(`FROM ${fixture.image}\nRUN sleep 30\n`, {
        version,
        signal,
        noCache: true,
      });
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown as { readonly code: string },
      );
      assert.is(error?.code, "CANCELLED");
    });
  }
}
test.run();
