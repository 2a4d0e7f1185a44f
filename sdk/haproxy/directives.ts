// Lines of HAProxy's own language that a program passes through. Refused here are those that would
// take the proxy out of our hands; the rest HAProxy judges itself (`-c`) before anything is live, and
// a mark before each line lets its complaint name the argument. HAProxy 2.6 configuration manual.
import type { RouteFault } from "./types.ts";

const sections =
  "global defaults frontend backend listen peers resolvers userlist mailers program http-errors ring log-forward cache fcgi-app";

/** Why a line that begins so cannot be passed through. */
const refused: Readonly<Record<string, string>> = {
  ...Object.fromEntries(sections.split(" ").map((word) => [word, "begins another section"])),
  bind: "belongs to the proxy's ports: another one is another container",
  server: "belongs to the route's servers",
  "server-template": "belongs to the route's servers",
  "default-server": "belongs to the route's servers",
  use_backend: "belongs to the routes' sites",
  default_backend: "belongs to the routes' sites",
  use_fcgi_app: "belongs to the routes' servers",
  mode: "is always http",
  description: "tells which settings are loaded",
  stats: "is how the proxy is changed without losing a request",
  daemon: "would make the container end",
  "master-worker": "is always on",
  "no-master-worker": "would end reloads without loss",
  chroot: "would hide the files that a reload reads",
  user: "is the container's",
  group: "is the container's",
  uid: "is the container's",
  gid: "is the container's",
  "hard-stop-after": "would cut connections of other routes",
  "expose-experimental-directives": "is for what may change without notice",
  "external-check": "would run programs",
  insecure_fork_wanted: "would let it run programs",
  "insecure-fork-wanted": "would let it run programs",
  "insecure-setuid-wanted": "would let it change users",
};

/** What is wrong with lines to pass through, each with its place. */
export function checkDirectives(property: string, lines: readonly string[]): RouteFault[] {
  return lines.flatMap((line, index) => {
    const at = `${property}[${index}]`;
    if (/[\r\n\0]/.test(line)) return [{ property: at, reason: "is more than one line" }];
    const [word = "", second = ""] = line.trim().split(/\s+/);
    const plain = word.toLowerCase() === "no" ? second : word;
    if (plain === "" || plain.startsWith("#")) {
      return [{ property: at, reason: "is empty; write a line as in HAProxy's manual" }];
    }
    const why = refused[plain];
    return why === undefined ? [] : [{ property: at, reason: `has "${plain}", which ${why}` }];
  });
}

/** A comment before a line that the program wrote. */
const markOf = (property: string): string => `  # from ${property}`;

/** The argument that a mark names; undefined for another line. */
export const propertyOf = (line: string): string | undefined =>
  /^ {2}# from (\S+)$/.exec(line)?.[1];

/** The lines as they go into a file. */
export const renderDirectives = (property: string, lines: readonly string[] = []): string[] =>
  lines.flatMap((line, index) => [markOf(`${property}[${index}]`), `  ${line.trim()}`]);
