// The images of a deploy, and the stack's configuration that gets them. What is written is taken back
// byte by byte, unless the update has succeeded: a failed deploy leaves the configuration as it was.
import { readFile, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { type DeployedImages, hasDigest, imagesKey, parseImages } from "../../deployed.ts";
import { parseReference } from "../../docker/reference.ts";
import { type Project, type PulumiResult, readManifest } from "../../engine/index.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { decodeRollbacks, encodeRollbacks, type Rollbacks, rollbackKey } from "../../rollback.ts";
import { lacking, recordedImages } from "./recorded.ts";

function faultOf(service: string, ref: string): string | undefined {
  if (service === "") return "names no service; write SERVICE=REPOSITORY@sha256:DIGEST";
  try {
    parseReference(ref);
  } catch (error) {
    return `is no reference: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (hasDigest(ref)) return undefined;
  return "has no digest, and a tag may be another image tomorrow; write REPOSITORY@sha256:DIGEST, as `docker push` prints it";
}

/** `SERVICE=REF@sha256:DIGEST` of each; all that is wrong with them at once. */
export function parseDeploys(given: readonly string[]): DeployedImages {
  const pairs = given.map((text) => {
    const at = text.indexOf("=");
    return { text, service: text.slice(0, Math.max(at, 0)), ref: text.slice(at + 1) };
  });
  const faults = pairs.flatMap(({ text, service, ref }, index) => {
    const twice = pairs.findIndex((one) => one.service === service) < index;
    const fault = twice ? `names ${service} a second time` : faultOf(service, ref);
    return fault === undefined ? [] : [`--image ${text} ${fault}`];
  });
  if (faults.length === 0) {
    return Object.fromEntries(pairs.map(({ service, ref }) => [service, ref]));
  }
  throw new SdkError(ErrorCode.BadInput, faults.join("\n"));
}

/** The file that has a stack's configuration. */
async function configFile(project: Project): Promise<string> {
  const manifest = await readManifest(project.dir);
  const stack = project.stack.split("/").at(-1) ?? project.stack;
  const folder = path.resolve(manifest?.directory ?? project.dir, manifest?.configFolder ?? ".");
  return path.join(folder, `Pulumi.${stack}.yaml`);
}

function wrote(result: PulumiResult): void {
  if (result.code === 0) return;
  throw new SdkError(ErrorCode.CommandFailed, "the stack's configuration could not be written", {
    cause: new Error(result.stderr.trim()),
  });
}

/** What there was. */
interface Was {
  readonly file: string;
  readonly text: string | undefined;
  readonly configured: DeployedImages;
  readonly recorded: DeployedImages;
  readonly rollbacks: Rollbacks;
}

/** What the configuration says of a service that is deployed, and how it gets there. */
export class DeployConfig {
  /** The images that it had before, those that only the last update knows included. */
  readonly before: DeployedImages;
  readonly #configured: DeployedImages;
  readonly #project: Project;
  readonly #file: string;
  readonly #text: string | undefined;
  readonly #rollbacks: Rollbacks;

  private constructor(project: Project, was: Was) {
    this.#project = project;
    this.#file = was.file;
    this.#text = was.text;
    this.#configured = was.configured;
    this.before = { ...was.recorded, ...was.configured };
    this.#rollbacks = was.rollbacks;
  }

  static async read(project: Project): Promise<DeployConfig> {
    const file = await configFile(project);
    const text = await readFile(file, "utf8").catch(() => undefined);
    const values = await project.configValues();
    const configured = parseImages(values.get(imagesKey));
    const rollbacks = decodeRollbacks(values.get(rollbackKey));
    const recorded = await recordedImages(project);
    return new DeployConfig(project, { file, text, configured, recorded, rollbacks });
  }

  /** Services of which a rollback was asked for, and that a deploy of them ends. */
  endedRollbacks(images: DeployedImages): readonly string[] {
    return Object.keys(this.#rollbacks).filter((service) => Object.hasOwn(images, service));
  }

  /** Images of other services that the configuration lacks, and that the last update ran with. */
  kept(images: DeployedImages): DeployedImages {
    return lacking(this.before, this.#configured, images);
  }

  async set(images: DeployedImages): Promise<void> {
    for (const [service, ref] of Object.entries({ ...this.kept(images), ...images })) {
      if (this.#configured[service] === ref) continue;
      const key = `${imagesKey}[${JSON.stringify(service)}]`;
      wrote(await this.#project.setConfig(key, ref, { path: true }));
    }
    const ended = this.endedRollbacks(images);
    if (ended.length === 0) return;
    const rest = Object.entries(this.#rollbacks).filter(([name]) => !ended.includes(name));
    wrote(
      rest.length === 0
        ? await this.#project.removeConfig(rollbackKey)
        : await this.#project.setConfig(rollbackKey, encodeRollbacks(Object.fromEntries(rest)), {
            secret: true,
          }),
    );
  }

  /** Puts back what was there. */
  async restore(): Promise<void> {
    if (this.#text === undefined) await rm(this.#file, { force: true });
    else await writeFile(this.#file, this.#text);
  }
}
