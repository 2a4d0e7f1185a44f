// `dockwright releases`: what each service of a stack ran, the newest first, from the state alone.
import { type ExportedResource, Project } from "../engine/index.ts";
import { ErrorCode, SdkError } from "../errors.ts";
import { renderTable, say } from "./output.ts";
import { selectedStack } from "./recover.ts";

/** A release, as the state has it. */
export interface Release {
  readonly service: string;
  readonly number: number;
  /** Whether it is the one that runs. */
  readonly current: boolean;
  /** When it was made, as ISO 8601, and by whom. */
  readonly at: string;
  readonly by: string;
  readonly hash: string;
  readonly rollbackOf?: number;
  readonly images: readonly {
    readonly host?: string;
    readonly ref: string;
    readonly imageId: string;
    /** The tag that keeps it. */
    readonly tag?: string;
  }[];
  readonly containers: readonly { readonly name: string; readonly host?: string }[];
  readonly rollout?: {
    readonly durationMs: number;
    readonly drained: number;
    readonly cut: number;
    readonly moved?: number;
    readonly steps: readonly string[];
  };
  /** What it ran: there where the state was read with its secrets. */
  readonly spec?: unknown;
}

export interface StackOptions {
  readonly stack?: string;
  readonly service?: string;
}

export interface ReleasesOptions extends StackOptions {
  readonly json?: boolean;
}

const token = "dockwright:index:Release";

function releasesIn({ outputs = {} }: ExportedResource): readonly Release[] {
  const service = String(outputs["service"]);
  const releases = (outputs["releases"] ?? []) as readonly Release[];
  return releases.map((one) => ({
    ...one,
    service,
    current: one.number === outputs["number"],
  }));
}

/** The releases of the services of a stack, by service. */
export function releasesOf(
  resources: readonly ExportedResource[],
  service?: string,
): ReadonlyMap<string, readonly Release[]> {
  const found = resources
    .filter((one) => one.type === token && one.delete !== true)
    .flatMap((one) => {
      const releases = releasesIn(one);
      const [first] = releases;
      return first === undefined ? [] : [[first.service, releases] as const];
    });
  const names = found.map(([name]) => name).sort();
  const twice = names.find((name, index) => names[index + 1] === name);
  if (twice !== undefined) {
    throw new SdkError(ErrorCode.BadInput, `the stack has more than one service "${twice}"`, {
      fix: "give each service of the program a name of its own",
    });
  }
  if (service !== undefined && !names.includes(service)) {
    const there = names.length === 0 ? "no service has a release" : `there are ${names.join(", ")}`;
    throw new SdkError(ErrorCode.BadInput, `no release of a service "${service}"; ${there}`);
  }
  return new Map(found.filter(([name]) => service === undefined || name === service));
}

/** The project in this folder, with the stack that is named, or selected. */
export async function openStack({ stack }: StackOptions): Promise<Project> {
  const dir = process.cwd();
  return Project.open(dir, { stack: stack ?? (await selectedStack(dir)) });
}

const shortId = (id: string): string => id.replace(/^sha256:/, "").slice(0, 12);

function imageWords({ images }: Release): string {
  const each = images.map(({ ref, imageId }) =>
    ref === imageId || ref.startsWith("sha256:") ? shortId(imageId) : ref,
  );
  return [...new Set(each)].join("\n");
}

function rolloutWords({ rollout }: Release): string {
  if (rollout === undefined) return "";
  const { durationMs, drained, cut, moved = 0 } = rollout;
  const long = moved === 0 ? "" : `, ${moved} moved`;
  return `${(durationMs / 1000).toFixed(1)} s, ${drained} drained${long}, ${cut} cut`;
}

function hostsOf({ containers }: Release): string {
  const hosts = [...new Set(containers.flatMap(({ host }) => (host === undefined ? [] : [host])))];
  return hosts.length === 0
    ? `${containers.length}`
    : `${containers.length} on ${hosts.join(", ")}`;
}

/** A row a release, the newest first. */
export function renderReleases(releases: readonly Release[]): string {
  const rows = releases.map((one) => [
    one.service,
    `${one.number}${one.current ? " *" : ""}`,
    one.at.replace(/\.\d+Z$/, "Z"),
    one.by,
    imageWords(one),
    one.hash,
    hostsOf(one),
    rolloutWords(one),
    one.rollbackOf === undefined ? "" : `of ${one.rollbackOf}`,
  ]);
  const head = ["service", "release", "at", "by", "image", "hash", "containers", "rollout"];
  return renderTable([...head, "rollback"], rows);
}

/** What `--json` prints of one: members in this order, none that is secret. */
function shown({ spec: _, ...one }: Release) {
  const { service, number, current, at, by, hash, rollbackOf, images, containers, rollout } = one;
  const back = rollbackOf === undefined ? {} : { rollbackOf };
  const went = rollout === undefined ? {} : { rollout };
  return { service, number, current, at, by, hash, ...back, images, containers, ...went };
}

export async function releases(options: ReleasesOptions): Promise<number> {
  const project = await openStack(options);
  const { deployment } = await project.export();
  const byService = releasesOf(deployment.resources ?? [], options.service);
  const all = [...byService.keys()].sort().flatMap((name) => byService.get(name) ?? []);
  if (options.json) say(JSON.stringify(all.map(shown), undefined, 2));
  else if (all.length === 0) say(`no service of the stack ${project.stack} has a release yet`);
  else say(renderReleases(all));
  return 0;
}
