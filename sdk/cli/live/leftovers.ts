// What a stack no longer uses on a host, of all that bears its mark: stopped one-offs of `dockwright run`,
// containers of resources that its state does not have, and images in its own repositories that neither
// its state, nor a kept release, nor any container has. Pure. What might be another's is left out.
import type { ContainerSummary, ImageSummary } from "../../docker/types.ts";
import { contentLabel, ownerLabel, readableName, urnLabel } from "../../provider/names.ts";
import { claimOf, nameOf, runLabel } from "./states.ts";
import type { StackView, ViewHost } from "./view.ts";

export interface Leftover {
  readonly host: string;
  readonly kind: "container" | "image";
  /** The container's name; the image's tag, or its id where it has none. */
  readonly name: string;
  readonly id: string;
  /** Of an image, what it takes with all its layers. */
  readonly sizeBytes: number | undefined;
  readonly why: string;
}

export interface Listed {
  readonly containers: readonly ContainerSummary[];
  readonly images: readonly ImageSummary[];
}

/** One that is being made is not left over: it is started within moments. */
const makingMs = 10 * 60_000;

const madeHere = /:[0-9a-f]{16}(-found)?$/;
const pinned = /^dockwright-release\//;

function isOver({ State, Created }: ContainerSummary, nowMs: number): boolean {
  if (State === "exited" || State === "dead") return true;
  return State === "created" && nowMs - Created * 1000 > makingMs;
}

function leftContainer(host: ViewHost, one: ContainerSummary, why: string): Leftover {
  return {
    host: host.name,
    kind: "container",
    name: nameOf(one),
    id: one.Id,
    sizeBytes: undefined,
    why: `${why}, ${one.State}`,
  };
}

function oneOffs(
  view: StackView,
  host: ViewHost,
  { containers }: Listed,
  nowMs: number,
): readonly Leftover[] {
  return containers
    .filter(({ Labels }) => Labels[runLabel] !== undefined)
    .filter(({ Labels }) => claimOf(view, host, Labels) === "ours")
    .filter((one) => isOver(one, nowMs))
    .map((one) => leftContainer(host, one, `a one-off of ${one.Labels[runLabel] ?? ""}`));
}

/**
 * Containers of an update that was killed, of which a destroy or a program without them came next. What
 * the next update would take up again stays: a task's container says that it has run.
 */
function orphans(
  view: StackView,
  host: ViewHost,
  { containers }: Listed,
  nowMs: number,
): readonly Leftover[] {
  const known = new Set([...view.recorded.map(({ urn }) => urn), ...view.pending]);
  return containers
    .filter(({ Labels }) => Labels[runLabel] === undefined)
    .filter(({ Labels }) => claimOf(view, host, Labels) === "ours")
    .filter(({ Labels }) => host.owner !== undefined && Labels[ownerLabel] === host.owner)
    .filter(({ Labels }) => !known.has(Labels[urnLabel] ?? ""))
    .filter(({ Created }) => nowMs - Created * 1000 > makingMs)
    .map((one) => leftContainer(host, one, "of an update that was cut"));
}

/** Repositories whose former contents an image resource keeps, which the state does not list. */
function keepingRepositories(view: StackView, host: ViewHost): ReadonlySet<string> {
  const images = view.recorded.filter((one) => one.kind === "Image" && one.host.name === host.name);
  return new Set(
    images
      .filter(({ inputs }) => typeof inputs["keep"] === "number" && inputs["keep"] > 0)
      .map(({ id }) => id.slice(0, id.lastIndexOf(":"))),
  );
}

/** Tags that the state needs on a host: of its images, and of the releases that it keeps. */
function neededTags(view: StackView, host: ViewHost): ReadonlySet<string> {
  const images = view.recorded
    .filter((one) => one.kind === "Image" && one.host.name === host.name)
    .flatMap(({ id, inputs }) => {
      const { tags } = inputs;
      return [id, ...(Array.isArray(tags) ? tags.map(String) : [])];
    });
  // Of all hosts: a tag that another host needs is no reason to remove it here.
  const pins = view.releases.flatMap((one) => one.images.map(({ tag }) => tag ?? ""));
  return new Set([...images, ...pins]);
}

/** Whether a stack of this name, of another backend, has something here: its images look like ours. */
function hasNamesake(view: StackView, host: ViewHost, { containers }: Listed): boolean {
  return containers.some(
    ({ Labels }) => Labels[urnLabel] !== undefined && claimOf(view, host, Labels) === "other",
  );
}

function images(view: StackView, host: ViewHost, listed: Listed): readonly Leftover[] {
  const { project, stack } = view;
  if (project === "" || hasNamesake(view, host, listed)) return [];
  const root = `${readableName(project)}/${readableName(stack)}/`;
  const used = new Set(listed.containers.map(({ ImageID }) => ImageID));
  const needed = neededTags(view, host);
  const keeping = keepingRepositories(view, host);
  const isLeft = (tag: string): boolean => {
    const repository = tag.slice(0, tag.lastIndexOf(":"));
    if (needed.has(tag) || keeping.has(repository)) return false;
    return pinned.test(tag)
      ? tag.replace(pinned, "").startsWith(root)
      : tag.startsWith(root) && madeHere.test(tag);
  };
  return listed.images.flatMap(({ Id: id, RepoTags, Size: sizeBytes, Labels }) => {
    if (used.has(id)) return [];
    const tags = (RepoTags ?? []).filter((tag) => tag !== "<none>:<none>");
    const about = { host: host.name, kind: "image", id, sizeBytes } as const;
    if (tags.length === 0 && Labels?.[contentLabel]?.startsWith(root) === true) {
      return [{ ...about, name: id, why: "a build that was cut" }];
    }
    return tags.filter(isLeft).map((name) => {
      const why = pinned.test(name)
        ? "of a release that is not kept"
        : "no resource and no release has it";
      return { ...about, name, why };
    });
  });
}

/** What can go on a host, in the order in which it has to. */
export function leftoversOn(
  view: StackView,
  host: ViewHost,
  listed: Listed,
  nowMs: number,
): readonly Leftover[] {
  return [
    ...oneOffs(view, host, listed, nowMs),
    ...orphans(view, host, listed, nowMs),
    ...images(view, host, listed),
  ];
}
