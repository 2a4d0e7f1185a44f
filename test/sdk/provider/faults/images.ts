// The faults about images, absent. Those that need a registry are where one runs; their names are here.
import { mkdir, mkdtemp, readFile, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { packageRoot } from "../../../../sdk/engine/package.ts";
import { refusal, textOf } from "../plugin.ts";
import type { FaultRow, FaultSite } from "./site.ts";

/** Tested there, under this name. */
function elsewhere(kind: number, file: string, name: string): FaultRow {
  return {
    kind,
    rule: `${name} (${file})`,
    run: async () => {
      const text = await readFile(join(packageRoot(), "test/sdk/provider", file), "utf8");
      assert.ok(text.includes(`"${name}"`), `there is no such test in ${file}`);
    },
  };
}

/** Where the contexts of a run are. */
export async function contextsOf(prefix: string): Promise<string> {
  const folder = join(tmpdir(), prefix);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** A folder with a Dockerfile below it and one page. */
async function context(site: FaultSite, dockerfile: string): Promise<string> {
  const folder = await mkdtemp(join(await contextsOf(site.lab.prefix), "context-"));
  await mkdir(join(folder, "docker"));
  await writeFile(join(folder, dockerfile), "FROM scratch\nCOPY page /page\n");
  await writeFile(join(folder, "page"), folder);
  return folder;
}

async function builtOnce(site: FaultSite): Promise<void> {
  const folder = await context(site, "Dockerfile");
  await writeFile(join(folder, ".dockerignore"), "notes\n");
  const urn = site.urn("Image");
  const program = { build: { context: folder } };
  const made = await site.plugin.make(urn, program);
  await utimes(join(folder, "page"), new Date(0), new Date(0));
  await writeFile(join(folder, "notes"), "not part of it");
  assert.equal(await site.places(urn, made, program), {}, "times and ignored files are no change");
  await writeFile(join(folder, "page"), "new");
  assert.is.not(Object.keys(await site.places(urn, made, program)).length, 0);
  await site.removed(urn, made);
}

async function besideTheContext(site: FaultSite): Promise<void> {
  const folder = await context(site, "docker/Dockerfile");
  const urn = site.urn("Image");
  const program = { build: { context: folder, dockerfile: "docker/Dockerfile" } };
  await site.removed(urn, await site.plugin.make(urn, program));
  const wrong = { build: { context: folder, dockerfile: join(folder, "none") } };
  await refusal(site.plugin.make(site.urn("Image"), wrong));
}

async function goneIsNoticed(site: FaultSite): Promise<void> {
  const urn = site.urn("Image");
  const program = { build: { context: await context(site, "Dockerfile") } };
  const made = await site.plugin.make(urn, program);
  await site.lab.client.images.remove(textOf(made.outputs.values, "ref"));
  assert.is(await site.plugin.read(urn, made.id, made), undefined);
  const again = await site.plugin.make(urn, program);
  await site.removed(urn, again);
  assert.is(await site.lab.client.images.inspect(textOf(again.outputs.values, "ref")), undefined);
}

async function movedTag(site: FaultSite): Promise<void> {
  const urn = site.urn("Image");
  const program = { build: { context: await context(site, "Dockerfile") } };
  const made = await site.plugin.make(urn, program);
  const ref = textOf(made.outputs.values, "ref");
  const [repository = "", tag = ""] = ref.split(":");
  await site.lab.client.images.tag(site.lab.image, repository, tag);
  assert.is(await site.plugin.read(urn, made.id, made), undefined, "another image by its name");
  await site.lab.client.images.remove(ref);
  await site.lab.client.images.remove(textOf(made.outputs.values, "imageId"));
}

export const imageRows: readonly FaultRow[] = [
  { kind: 4, rule: "a name that leads to another image is not what was made", run: movedTag },
  elsewhere(
    4,
    "resources/image.integration.test.ts",
    "by digest, a tag that moved changes nothing",
  ),
  elsewhere(
    5,
    "resources/image.integration.test.ts",
    "a tag that moved is a new digest in the preview, and replaces",
  ),
  elsewhere(
    6,
    "resources/imagework.integration.test.ts",
    "keep 0: the former one goes; while a container uses it, it stays, and goes later",
  ),
  elsewhere(
    16,
    "resources/image.integration.test.ts",
    "Docker's own configuration is used without being asked for",
  ),
  elsewhere(
    17,
    "resources/image.integration.test.ts",
    "a credential helper is asked at each use: no token is stale, a refresh needs none",
  ),
  { kind: 18, rule: "the same content is built once, whatever its times", run: builtOnce },
  elsewhere(
    19,
    "resources/imagework.integration.test.ts",
    "build: secrets are mounted, and in no layer, log, name or plain state",
  ),
  { kind: 20, rule: "a Dockerfile is relative to its context", run: besideTheContext },
  elsewhere(
    20,
    "resources/imagework.integration.test.ts",
    "build: a Dockerfile that is not there is told before anything starts",
  ),
  { kind: 21, rule: "one that is gone is noticed, and made again", run: goneIsNoticed },
];
