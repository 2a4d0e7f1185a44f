// `dockwright deploy`: new images, by digest, for services of a stack: preview, policies, question,
// update, report. The exit code says how it ended. What has not succeeded leaves the configuration as
// it was, so that the next `pulumi up` is about what serves.
import { writeFile } from "node:fs/promises";
import type { DeployedImages } from "../../deployed.ts";
import {
  type EngineEvents,
  lockedBy,
  type Project,
  readManifest,
  withEvents,
} from "../../engine/index.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { confirmed, isAttended } from "../confirm.ts";
import { complain, say } from "../output.ts";
import { pulumi } from "../passthrough.ts";
import { openStack, releasesOf } from "../releases.ts";
import { undisturbed } from "../undisturbed.ts";
import { type Changes, changesOf, isNothing, isUsed, servicesOf } from "./changes.ts";
import { DeployConfig, parseDeploys } from "./images.ts";
import { exitCodeOf, type Failure, failuresOf, type Outcome, whyFailed } from "./outcome.ts";
import { packArguments } from "./pack.ts";
import { type DeployReport, findingOf, renderMarkdown, type Serving } from "./report.ts";

export interface DeployOptions {
  readonly stack?: string;
  /** `SERVICE=REF@sha256:DIGEST` of each. */
  readonly image: readonly string[];
  /** Folders of policy packs; true is the one of this package. */
  readonly policyPack?: true | readonly (string | true)[];
  readonly policyPackConfig?: string;
  readonly yes?: boolean;
  readonly preview?: boolean;
  /** The file for the report; `-` is standard output. */
  readonly markdown?: string;
  readonly json?: boolean;
  readonly detailedExitcode?: boolean;
}

/** How far it came. */
interface Ended {
  readonly outcome: Outcome;
  readonly applied?: boolean;
  readonly events?: EngineEvents;
  readonly changes?: Changes;
  readonly errors?: readonly Failure[];
}

interface Run {
  readonly code: number;
  readonly output: string;
  readonly events: EngineEvents;
}

const noEvents: EngineEvents = { steps: [], policies: [], diagnostics: [], failed: [] };
const noChanges: Changes = { services: [], others: [] };

/** A deploy under way. */
class Deploy {
  readonly #project: Project;
  readonly #images: DeployedImages;
  readonly #options: DeployOptions;
  readonly #packs: readonly string[];

  constructor(project: Project, images: DeployedImages, options: DeployOptions) {
    this.#project = project;
    this.#images = images;
    this.#options = options;
    this.#packs = packArguments(options);
  }

  /** Standard output is the report's, where a program reads it. */
  get #isPiped(): boolean {
    return this.#options.json === true || this.#options.markdown === "-";
  }

  async #pulumi(...args: readonly string[]): Promise<Run> {
    const { result, events } = await withEvents((log) =>
      pulumi([...args, "--stack", this.#project.stack, ...this.#packs, ...log.args], {
        env: log.env,
        toStderr: this.#isPiped,
      }),
    );
    return { code: result.code, output: result.stderr, events };
  }

  /** A service that is not there, or a program that does not read the key, would deploy nothing. */
  #faults(events: EngineEvents): readonly Failure[] {
    const services = servicesOf(events);
    return Object.entries(this.#images).flatMap(([service, ref]) => {
      if (!services.includes(service)) {
        const there = services.length === 0 ? "it has none" : `there are ${services.join(", ")}`;
        return [
          { resource: service, message: `the program has no service "${service}"; ${there}` },
        ];
      }
      if (isUsed(events, ref)) return [];
      const message = `the program does not use the image that is deployed\nfix: write \`pull: { ref: deployedImage("${service}") }\` in its Image`;
      return [{ resource: service, message }];
    });
  }

  async #agreed(): Promise<boolean> {
    const { yes = false, preview = false } = this.#options;
    if (yes || preview) return yes && !preview;
    if (!this.#isPiped && isAttended()) return await confirmed("deploy this?");
    complain(new Error("nothing was changed; --yes deploys it"));
    return false;
  }

  async run(): Promise<Ended> {
    const preview = await this.#pulumi("preview");
    const { events } = preview;
    if (preview.code !== 0) {
      const outcome = whyFailed(events, preview.code, preview.output);
      return { outcome, events, errors: failuresOf(events), changes: changesOf(events) };
    }
    const faults = this.#faults(events);
    if (faults.length > 0) return { outcome: "bad-input", events, errors: faults };
    const changes = changesOf(events);
    if (isNothing(changes) && !this.#options.preview) return { outcome: "unchanged", events };
    if (!(await this.#agreed())) return { outcome: "previewed", events, changes };
    const up = await this.#pulumi("up", "--yes", "--skip-preview");
    // Where it did not come to the end, what was to change is in the preview.
    const whole = up.code === 0 ? changesOf(up.events) : changes;
    const ended = { applied: true, events: up.events, changes: whole };
    if (up.code === 0) return { ...ended, outcome: isNothing(whole) ? "unchanged" : "changed" };
    const outcome = whyFailed(up.events, up.code, up.output);
    return { ...ended, outcome, errors: failuresOf(up.events), applied: outcome !== "locked" };
  }
}

const isDone = (outcome: Outcome): boolean => outcome === "changed" || outcome === "unchanged";

/** With the configuration that the deploy is of; it stays only where the deploy is done. */
async function carryOut(config: DeployConfig, images: DeployedImages, deploy: Deploy) {
  let done = false;
  try {
    await config.set(images);
    const ended = await deploy.run();
    done = isDone(ended.outcome);
    return ended;
  } finally {
    if (!done) await config.restore();
  }
}

async function servingNow(project: Project, images: DeployedImages): Promise<readonly Serving[]> {
  const { deployment } = await project.export();
  const current = [...releasesOf(deployment.resources ?? []).values()].flat();
  return current
    .filter(({ service, current: serves }) => serves && Object.hasOwn(images, service))
    .map(({ service, number, images: ran }) => ({
      service,
      release: number,
      images: [...new Set(ran.map(({ ref }) => ref))],
    }));
}

async function attempt(
  project: Project,
  config: DeployConfig,
  images: DeployedImages,
  options: DeployOptions,
): Promise<Ended> {
  const { stack, dir } = project;
  const deploy = new Deploy(project, images, options);
  const lock = await lockedBy({ projectDir: dir, stack }, { countStale: true });
  if (lock !== undefined) {
    const message = `${lock}\nfix: wait for it; \`dockwright recover --stack ${stack}\` clears a lock whose process is gone`;
    return { outcome: "locked", errors: [{ resource: stack, message }] };
  }
  return await undisturbed(() => carryOut(config, images, deploy));
}

async function tell(report: DeployReport, { json, markdown }: DeployOptions): Promise<void> {
  if (markdown !== undefined && markdown !== "-") await writeFile(markdown, renderMarkdown(report));
  if (json) say(JSON.stringify(report, undefined, 2));
  else if (markdown === undefined || markdown === "-") say(renderMarkdown(report).trimEnd());
  // Where the report went to a file, pulumi has shown the rest; these it has not.
  const ours = report.outcome === "bad-input" || (report.outcome === "locked" && !report.applied);
  if (ours && (json || (markdown !== undefined && markdown !== "-"))) {
    for (const { resource, message } of report.errors)
      complain(new Error(`${resource}: ${message}`));
  }
}

/** What can be known of the input before anything is run; exit code 2 where it will not do. */
function checkedImages({ image, json, markdown }: DeployOptions): DeployedImages {
  if (json && markdown === "-") {
    const message = "--json and --markdown - would both be standard output";
    throw new SdkError(ErrorCode.BadInput, message, { fix: "give --markdown a file" });
  }
  if (image.length > 0) return parseDeploys(image);
  throw new SdkError(ErrorCode.BadInput, "there is no image to deploy", {
    fix: "give --image SERVICE=REPOSITORY@sha256:DIGEST",
  });
}

async function deployed(options: DeployOptions): Promise<number> {
  const started = performance.now();
  const images = checkedImages(options);
  const project = await openStack(options);
  const config = await DeployConfig.read(project);
  for (const [service, ref] of Object.entries(config.kept(images))) {
    const words = `${service} keeps ${ref}, as the last update had it: this checkout's configuration does not say it`;
    complain(new Error(words));
  }
  const ended = await attempt(project, config, images, options);
  const { outcome, events = noEvents, changes = noChanges, errors = [], applied = false } = ended;
  const detailed = options.detailedExitcode === true;
  const report: DeployReport = {
    format: 1,
    project: (await readManifest(project.dir))?.name ?? "",
    stack: project.stack,
    outcome,
    exitCode: exitCodeOf(outcome, { detailed, changes: !isNothing(changes) }),
    applied,
    durationMs: Math.round(performance.now() - started),
    images,
    imagesBefore: Object.fromEntries(
      Object.entries(config.before).filter(([service]) => Object.hasOwn(images, service)),
    ),
    endedRollbacks: config.endedRollbacks(images),
    changes,
    policies: events.policies.map(findingOf),
    errors,
    serving: await servingNow(project, images),
  };
  await tell(report, options);
  return report.exitCode;
}

export async function deploy(options: DeployOptions): Promise<number> {
  try {
    return await deployed(options);
  } catch (error) {
    if (!(error instanceof SdkError && error.code === ErrorCode.BadInput)) throw error;
    complain(error);
    return exitCodeOf("bad-input", { detailed: false, changes: false });
  }
}
