// The faults that users of other providers for Docker have told of, in 25 kinds. Each has rows in the
// table of its part: `containers.ts`, `images.ts`, ... A part adds its file to `rows.ts`.

export type Part = "containers" | "images" | "networks" | "volumes" | "hosts";

export interface FaultKind {
  readonly number: number;
  /** What went wrong, in a person's words. */
  readonly fault: string;
  readonly part: Part;
}

export const faultKinds: readonly FaultKind[] = [
  { number: 1, fault: "an edited health check changes nothing", part: "containers" },
  { number: 2, fault: "ports replace the container in every run", part: "containers" },
  { number: 3, fault: "what the image gives replaces the container", part: "containers" },
  { number: 4, fault: "an image's name and its id are mixed up", part: "images" },
  { number: 5, fault: "a trigger pulls nothing new", part: "images" },
  { number: 6, fault: "an image that is in use cannot be removed", part: "images" },
  { number: 7, fault: "a port or a name is taken during a replacement", part: "containers" },
  { number: 8, fault: "a replacement takes the old one down first", part: "containers" },
  { number: 9, fault: "an SSH host that is just being made fails", part: "hosts" },
  { number: 10, fault: "too many SSH sessions are killed", part: "hosts" },
  { number: 11, fault: "TLS settings are not heeded everywhere", part: "hosts" },
  { number: 12, fault: "a preview needs the daemon", part: "containers" },
  { number: 13, fault: "host and socket settings are not heeded everywhere", part: "hosts" },
  { number: 14, fault: "contexts of the CLI are read by halves", part: "hosts" },
  { number: 15, fault: "one program cannot use several hosts", part: "hosts" },
  { number: 16, fault: "a login of the CLI is not used for pulls", part: "images" },
  { number: 17, fault: "short-lived tokens are kept, or come from the state", part: "images" },
  { number: 18, fault: "an image is built again in every run", part: "images" },
  { number: 19, fault: "builds have no secrets", part: "images" },
  { number: 20, fault: "nobody knows what a Dockerfile's path is relative to", part: "images" },
  { number: 21, fault: "a built image that is gone is not noticed", part: "images" },
  { number: 22, fault: "databases are killed without grace", part: "containers" },
  { number: 23, fault: "volumes are lost", part: "volumes" },
  { number: 24, fault: "address pools replace a network", part: "networks" },
  { number: 25, fault: "files have no owner, ports no ranges, imports no end", part: "containers" },
];
