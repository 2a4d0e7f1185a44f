// What an image made from Debian packages is: packages, a few files, and how it runs. Refuses what
// apt, the shell or the image format would misread, all failures at once, each with its path.
// The key is a content hash: the same wish in another order is the same image.
import { createHash } from "node:crypto";

/** A file that the image has besides those of its packages; it belongs to root. */
export interface DebianFile {
  /** Its text. */
  readonly content: string;
  /** Permission bits. @defaultValue 0o644 */
  readonly mode?: number;
}

/** An image made from Debian packages. */
export interface DebianImageSpec {
  /** Package names, as apt has them; `name=version` pins one. */
  readonly packages: readonly string[];
  /** The Debian release, by code name. @defaultValue "bookworm" */
  readonly suite?: string;
  /** Archive areas. @defaultValue those of the machine's own sources, or `main` */
  readonly components?: readonly string[];
  /** Base URL of one mirror, used for the suite alone. @defaultValue the machine's apt sources */
  readonly mirror?: string;
  /** Debian's word for the processor. @defaultValue the machine's own */
  readonly arch?: string;
  /** Files by absolute path, written after the packages are installed. */
  readonly extraFiles?: Readonly<Record<string, DebianFile>>;
  /** Variables of its containers. @defaultValue none */
  readonly env?: Readonly<Record<string, string>>;
  /** What its containers run; `cmd` is appended. @defaultValue none */
  readonly entrypoint?: readonly string[];
  /** Arguments, or the command where there is no entrypoint. @defaultValue none */
  readonly cmd?: readonly string[];
  /** Who runs in its containers, `USER[:GROUP]`. @defaultValue root */
  readonly user?: string;
  /** The folder that its containers start in, absolute. @defaultValue / */
  readonly workingDir?: string;
  /** Ports, as `8080` or `8080/udp`. */
  readonly exposedPorts?: readonly string[];
  /** The signal that asks its containers to end. @defaultValue SIGTERM */
  readonly stopSignal?: string;
  /** Labels of the image. @defaultValue none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Leave out documentation, manual pages and translations. @defaultValue true */
  readonly slim?: boolean;
  /** Shell commands run in the root, in order, after packages and files are in place. */
  readonly setup?: readonly string[];
}

/** One thing about a specification that cannot be used. */
export interface SpecFailure {
  /** Where it is, such as `packages[1]`. */
  readonly property: string;
  readonly reason: string;
}

export const defaultSuite = "bookworm";
/** Raised when the builder makes other bytes of the same specification. */
const formatVersion = 2;

// A name that ends in - would be one to remove.
const packagePattern = /^[a-z0-9][a-z0-9+.-]*[a-z0-9+.](:[a-z0-9]+)?(=[A-Za-z0-9.+:~-]+)?$/;
const suitePattern = /^[a-z][a-z0-9-]*$/;
const portPattern = /^(\d{1,5})(\/(tcp|udp|sctp))?$/;
const signalPattern = /^(SIG[A-Z]+[0-9]*|[1-9]\d?)$/;
const pathPattern = /^(\/(?!\.{1,2}(\/|$))[^/\0\n]+)+$/;
const envPattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

function quoted(value: string): string {
  return JSON.stringify(value);
}

function eachFailing(
  property: string,
  values: readonly string[] | undefined,
  pattern: RegExp,
  allowed: string,
): SpecFailure[] {
  return (values ?? []).flatMap((value, index) =>
    pattern.test(value)
      ? []
      : [{ property: `${property}[${index}]`, reason: `is ${quoted(value)}; write ${allowed}` }],
  );
}

function oneFailing(
  property: string,
  value: string | undefined,
  pattern: RegExp,
  allowed: string,
): SpecFailure[] {
  if (value === undefined || pattern.test(value)) return [];
  return [{ property, reason: `is ${quoted(value)}; write ${allowed}` }];
}

function checkFiles(spec: DebianImageSpec): SpecFailure[] {
  return Object.entries(spec.extraFiles ?? {}).flatMap(([path, file]) => {
    const failures = oneFailing(
      `extraFiles[${quoted(path)}]`,
      path,
      pathPattern,
      "an absolute path with no . or ..",
    );
    const mode = file.mode ?? 0o644;
    if (!Number.isInteger(mode) || mode < 0 || mode > 0o7777)
      failures.push({
        property: `extraFiles[${quoted(path)}].mode`,
        reason: `is ${mode}; write permission bits between 0o0 and 0o7777`,
      });
    return failures;
  });
}

function checkPorts(spec: DebianImageSpec): SpecFailure[] {
  return (spec.exposedPorts ?? []).flatMap((port, index) => {
    const number = Number(portPattern.exec(port)?.[1]);
    if (number >= 1 && number <= 65535) return [];
    const reason = `is ${quoted(port)}; write a port from 1 to 65535, such as "8080" or "53/udp"`;
    return [{ property: `exposedPorts[${index}]`, reason }];
  });
}

function checkEnv(spec: DebianImageSpec): SpecFailure[] {
  return Object.entries(spec.env ?? {}).flatMap(([name, value]) => [
    ...oneFailing(`env[${quoted(name)}]`, name, envPattern, "letters, digits and _"),
    ...(value.includes("\0")
      ? [{ property: `env[${quoted(name)}]`, reason: "holds a NUL; an environment cannot" }]
      : []),
  ]);
}

/** Every failure of a specification, none when it can be built. */
export function checkDebianSpec(spec: DebianImageSpec): readonly SpecFailure[] {
  const word = /^[a-z][a-z0-9-]*$/;
  return [
    ...eachFailing("packages", spec.packages, packagePattern, '"name" or "name=version"'),
    ...oneFailing("suite", spec.suite, suitePattern, 'a code name, such as "bookworm"'),
    ...eachFailing("components", spec.components, word, 'an area, such as "main"'),
    ...oneFailing("mirror", spec.mirror, /^(https?|file|copy):\/\/?[^\s[\]]+$/, "an http(s) URL"),
    ...oneFailing("arch", spec.arch, /^[a-z0-9-]+$/, 'Debian\'s word, such as "amd64"'),
    ...checkFiles(spec),
    ...checkEnv(spec),
    ...oneFailing("user", spec.user, /^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?$/, '"user[:group]"'),
    ...oneFailing("workingDir", spec.workingDir, /^\/[^\0\n]*$/, "an absolute path"),
    ...checkPorts(spec),
    ...oneFailing("stopSignal", spec.stopSignal, signalPattern, 'a signal, such as "SIGTERM"'),
    ...eachFailing("setup", spec.setup, /^[^\0]*\S[^\0]*$/, "a shell command"),
  ];
}

function sorted<T>(record: Readonly<Record<string, T>> | undefined): readonly [string, T][] {
  return Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Content hash (hex SHA-256) of a specification; the order of packages is of no account. */
export function debianKey(spec: DebianImageSpec): string {
  const canonical = [
    formatVersion,
    [...new Set(spec.packages)].sort(),
    spec.suite ?? defaultSuite,
    spec.components ? [...new Set(spec.components)].sort() : null,
    spec.mirror ?? null,
    spec.arch ?? null,
    sorted(spec.extraFiles).map(([path, file]) => [path, file.content, file.mode ?? 0o644]),
    sorted(spec.env),
    spec.entrypoint ?? null,
    spec.cmd ?? null,
    spec.user ?? null,
    spec.workingDir ?? null,
    [...new Set(spec.exposedPorts)].sort(),
    spec.stopSignal ?? null,
    sorted(spec.labels),
    spec.slim ?? true,
    spec.setup ?? [],
  ];
  return createHash("sha256").update(JSON.stringify(canonical)).digest("hex");
}
