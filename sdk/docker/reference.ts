// Image references: [host[:port]/]path[:tag][@digest]. Short names mean Docker Hub, and one-part
// names there its `library`. Refuses what the grammar refuses, upper-case paths above all.
// Specification: github.com/distribution/reference, reference.go (grammar) and normalize.go.
import { ErrorCode, SdkError } from "../errors.ts";

export interface ImageReference {
  /** Registry host with its port: `docker.io`, `registry.example.com:5000`. */
  readonly registry: string;
  /** Path on that registry: `library/debian`. */
  readonly path: string;
  readonly tag?: string;
  /** `sha256:...` */
  readonly digest?: string;
}

const hub = "docker.io";
const maxNameChars = 255;

const domainPart = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const domain = `(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const pathPart = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const tagPattern = "[\\w][\\w.-]{0,127}";
const digestPattern = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const whole = new RegExp(
  `^((?:(${domain})/)?${pathPart}(?:/${pathPart})*)(?::(${tagPattern}))?(?:@(${digestPattern}))?$`,
);
const pathOnly = new RegExp(`^${pathPart}(?:/${pathPart})*$`);
const wholeDomain = new RegExp(`^${domain}$`);

/** Hexadecimal digits that the digests in use have. */
const digestDigits: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

function refuse(text: string, why: string): SdkError {
  return new SdkError(ErrorCode.BadInput, `the image reference ${JSON.stringify(text)} ${why}`, {
    fix: 'write it as [HOST[:PORT]/]PATH[:TAG][@DIGEST], such as "debian:12"',
  });
}

/** The first part is a host only if it looks like one, as Docker decides it. */
function splitRegistry(name: string): readonly [registry: string, path: string] {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost =
    first.includes(".") ||
    first.includes(":") ||
    first === "localhost" ||
    first !== first.toLowerCase();
  if (!isHost) return [hub, name];
  return [first === "index.docker.io" ? hub : first, name.slice(slash + 1)];
}

function checkDigest(text: string, digest: string): void {
  const [algorithm = "", hex = ""] = digest.split(":");
  const digits = digestDigits[algorithm];
  if (digits === undefined) throw refuse(text, `has a digest of the unknown kind "${algorithm}"`);
  if (hex.length !== digits || hex !== hex.toLowerCase()) {
    throw refuse(text, `has a ${algorithm} digest that is not ${digits} lower-case hex digits`);
  }
}

/** Reads a reference and completes it as Docker does. An image id alone is none. */
export function parseReference(text: string): ImageReference {
  if (/^[0-9a-f]{64}$/.test(text)) throw refuse(text, "is an image id and names no repository");
  const match = whole.exec(text);
  if (!match) throw refuse(text, whyNot(text));
  const [, name = "", , tag, digest] = match;
  const [registry, rest] = splitRegistry(name);
  const path = registry === hub && !rest.includes("/") ? `library/${rest}` : rest;
  if (!wholeDomain.test(registry) || !pathOnly.test(path)) throw refuse(text, whyNot(text));
  if (registry.length + 1 + path.length > maxNameChars) {
    throw refuse(text, `has a name of more than ${maxNameChars} characters`);
  }
  if (digest !== undefined) checkDigest(text, digest);
  return {
    registry,
    path,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

function whyNot(text: string): string {
  if (text === "") return "is empty";
  if (/\s/.test(text)) return "has white space in it";
  if (text.includes("://")) return "has a URL scheme; a reference has none";
  if (/[A-Z]/.test(text.replace(/[:@].*$/, ""))) return "has upper-case letters in its path";
  return "does not follow the reference grammar";
}

/** The complete form: `docker.io/library/debian:12`. */
export function formatReference(reference: ImageReference): string {
  const { registry, path, tag, digest } = reference;
  return `${registry}/${path}${tag ? `:${tag}` : ""}${digest ? `@${digest}` : ""}`;
}

/** The short form that Docker lists: `debian:12`. */
export function familiarReference(reference: ImageReference): string {
  return (
    familiarName(reference) + formatReference({ ...reference, registry: "", path: "" }).slice(1)
  );
}

/** The short name with neither tag nor digest, as RepoTags and RepoDigests have it. */
export function familiarName({ registry, path }: ImageReference): string {
  if (registry !== hub) return `${registry}/${path}`;
  const short = path.startsWith("library/") ? path.slice("library/".length) : path;
  const name = short.includes("/") ? path : short;
  // Would be taken for another registry without it.
  return splitRegistry(name)[0] === hub ? name : `${hub}/${path}`;
}

/** With the tag `latest` where there is neither tag nor digest. */
export function withDefaultTag(reference: ImageReference): ImageReference {
  if (reference.tag !== undefined || reference.digest !== undefined) return reference;
  return { ...reference, tag: "latest" };
}
