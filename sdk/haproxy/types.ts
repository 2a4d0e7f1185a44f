// What a proxy and its routes are, as plain values that can be kept in state and compared.
// No function here, and no class: everything else in this folder is written against these.
import type { Readable, Writable } from "node:stream";

/** One address that a route answers on. */
export interface SiteSpec {
  /** Host name, lower case, without port; `*` for every host that no other route names. */
  readonly host: string;
  /** Path prefix from `/`, matched on whole segments: `/api` takes `/api` and `/api/x`, not `/apix`. */
  readonly path: string;
}

/** One container that answers for a route. */
export interface ServerSpec {
  /** Name in messages and in the file's comments; unique in the route (the container's name). */
  readonly name: string;
  /** DNS name on the proxy's network, which the proxy follows; or an IP address. Unique with `port`. */
  readonly host: string;
  /** IP address now, so that a new server need not wait for the first DNS answer. */
  readonly address: string;
  /** Port inside the container. */
  readonly port: number;
}

/** How the proxy asks a server whether it is well. */
export interface CheckSpec {
  /** Path to ask for. Without it the check is a TCP connection. */
  readonly path?: string;
  /** HTTP method. @defaultValue GET */
  readonly method?: string;
  /** Statuses that are well, in HAProxy's notation: `200`, `200-399`. @defaultValue 200-399 */
  readonly expectStatus?: string;
  /** Value of the Host header. @defaultValue the host of the first site, `localhost` for `*` */
  readonly host?: string;
  /** Time between two checks of a server that is well. */
  readonly intervalMs: number;
  /** Checks in a row that must fail before a server is down. @defaultValue 2 */
  readonly fall?: number;
}

/** How requests are spread. All are dynamic, as servers that come and go at run time demand. */
export const Balance = {
  RoundRobin: "roundrobin",
  LeastConnections: "leastconn",
  Random: "random",
} as const;
export type Balance = (typeof Balance)[keyof typeof Balance];

/** Time limits of one route; what is left out is the proxy's own. */
export interface RouteTimeouts {
  /** Longest silence of a server within a request. */
  readonly serverMs?: number;
  /** Longest wait for a connection to a server. */
  readonly connectMs?: number;
  /** Longest silence of an upgraded connection (WebSocket). */
  readonly tunnelMs?: number;
  /** Longest wait for a server that has room; then the answer is 503. */
  readonly queueMs?: number;
}

/** How much a route lets through. */
export interface RouteLimits {
  /** Requests at once to each server; further ones wait. @defaultValue no limit */
  readonly connectionsPerServer?: number;
  /** Requests of one client address in a second, over ten; further ones get 429. @defaultValue no limit */
  readonly requestsPerSecond?: number;
}

/** Sends clients elsewhere in place of an answer. */
export interface RedirectSpec {
  /** `https://shop.example.com`, with a path or none; the request's own path follows unless `exact`. */
  readonly to: string;
  /** @defaultValue 308 */
  readonly code?: number;
  /** `to` is the whole address. @defaultValue false */
  readonly exact?: boolean;
}

/** A route: sites, the servers that answer for them, and how. Holds no secret. */
export interface RouteSpec {
  /** Whose entry this is; unique in the proxy. Letters, digits, `.`, `_`, `-`. */
  readonly key: string;
  readonly sites: readonly SiteSpec[];
  readonly servers: readonly ServerSpec[];
  readonly check: CheckSpec;
  /** @defaultValue roundrobin */
  readonly balance?: Balance;
  readonly timeouts?: RouteTimeouts;
  readonly limits?: RouteLimits;
  /** Who comes by HTTP is sent to HTTPS (308). @defaultValue false */
  readonly redirectToHttps?: boolean;
  /** Browsers are told to come by HTTPS alone for so long (RFC 6797). @defaultValue not told */
  readonly hstsSeconds?: number;
  readonly redirect?: RedirectSpec;
  /** Every request is answered with 503 and the page. @defaultValue false */
  readonly maintenance?: boolean;
  /** HTML with which maintenance, and a route without a server that is well, are answered. */
  readonly unavailablePage?: string;
  /** Headers to set on the way to the servers. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  /** Headers to set on the way to the clients. */
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /** Lines of HAProxy's own for the `backend` section. */
  readonly directives?: readonly string[];
}

/** Whether a route answers by itself, so that it needs no server. */
export const answersItself = (spec: Pick<RouteSpec, "redirect" | "maintenance">): boolean =>
  spec.redirect !== undefined || spec.maintenance === true;

/** A certificate for sites of the proxy. */
export interface CertificateSpec {
  /** Whose entry this is; unique in the proxy. Letters, digits, `.`, `_`, `-`. */
  readonly entry: string;
  /** The server's certificate and those that issued it, in this order, as PEM. */
  readonly certificate: string;
  /** Its private key, as PEM. Secret. */
  readonly key: string;
  /** DNS names to answer for with it; `*.` in front for one label. @defaultValue all that it is for */
  readonly names?: readonly string[];
}

/** One address and port that the proxy listens on. */
export interface BindSpec {
  /** @defaultValue every address */
  readonly address?: string;
  readonly port: number;
}

/** Where things are inside the proxy's container (in tests: in a temporary folder). */
export interface ProxyPaths {
  /** Settings that belong to the container. */
  readonly baseFile: string;
  /** What outlives the container: `routes/`, `sites.map`, `locks/`. A named volume. */
  readonly dataFolder: string;
  /** Sockets, shared with the next proxy container. */
  readonly runtimeFolder: string;
  /** The program. */
  readonly program: string;
}

export const TlsVersion = { Tls12: "TLSv1.2", Tls13: "TLSv1.3" } as const;
export type TlsVersion = (typeof TlsVersion)[keyof typeof TlsVersion];

/** Lines as they stand in HAProxy's configuration manual, one a string. */
export interface ProxyDirectives {
  readonly global?: readonly string[];
  readonly defaults?: readonly string[];
  readonly frontend?: readonly string[];
}

/** What the proxy itself is, routes apart. */
export interface ProxySpec {
  readonly binds: readonly BindSpec[];
  /** Connections at once. @defaultValue what the limit of open files allows, some 24,000 at most */
  readonly maxConnections?: number;
  /** @defaultValue Docker's, 127.0.0.11:53 */
  readonly nameserver?: string;
  /** Requests are logged to standard output. @defaultValue false */
  readonly accessLog?: boolean;
  /** Listens with TLS as well, by the proxy's list of certificates. @defaultValue it does not */
  readonly tls?: {
    readonly binds: readonly BindSpec[];
    /** @defaultValue TLSv1.2 */
    readonly minVersion?: TlsVersion;
  };
  /** All connections begin with the PROXY protocol, of a load balancer in front. @defaultValue false */
  readonly acceptProxy?: boolean;
  /** Further lines of the section of that name, as HAProxy has them. */
  readonly directives?: ProxyDirectives;
  readonly timeouts?: {
    readonly clientMs?: number;
    readonly serverMs?: number;
    readonly connectMs?: number;
    readonly keepAliveMs?: number;
    readonly tunnelMs?: number;
  };
  readonly paths?: Partial<ProxyPaths>;
}

/** One bad input, for Pulumi's check. */
export interface RouteFault {
  /** `sites[0].host`, `servers[1].port`. */
  readonly property: string;
  readonly reason: string;
}

/** A command inside the proxy's container, with its streams (an exec session of the Docker client). */
export interface AgentChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Exit code. */
  readonly done: Promise<number>;
  close(): void;
}

/** What the agent can do inside the proxy's container. All answers are bounded in time. */
export interface Agent {
  readonly paths: ProxyPaths;
  /**
   * Takes the lock of that name, or fails after `timeoutMs`. Held until `unlock`, or the end. The
   * proxy's own is refused (`MOVED`) when another container answers.
   */
  lock(name: string, timeoutMs: number, signal?: AbortSignal): Promise<void>;
  /** The proxy's own lock, for a container that does not answer yet. */
  lockToTakeOver(timeoutMs: number, signal?: AbortSignal): Promise<void>;
  unlock(name: string): Promise<void>;
  /** Sends one line to the master socket, or to that of a peer, and gives the whole answer. */
  talk(command: string, peer?: string): Promise<string>;
  /** Other containers of this proxy that still serve: predecessors that finish. */
  peers(): Promise<readonly string[]>;
  /** `own` when this container is the one that answers; else the name of the one that does, or "". */
  active(): Promise<string>;
  /**
   * Starts this container's HAProxy in place of the active one, whose name it gives, or "". One that
   * has been superseded cannot start again before its container does: `restart`.
   */
  takeOver(description: string, timeoutMs: number): Promise<string>;
  readFile(path: string): Promise<string | undefined>;
  /** The names in a folder, sorted; empty when it is not there. */
  listFolder(folder: string): Promise<readonly string[]>;
  /** The files of a folder by name, sorted; empty when it is not there. */
  readFolder(folder: string, suffix: string): Promise<ReadonlyMap<string, string>>;
  /** Writes through a temporary file, fsync and rename. */
  writeFile(path: string, data: string): Promise<void>;
  deleteFile(path: string): Promise<void>;
  /** Runs a program; its output (both streams) and exit code. */
  run(argv: readonly string[], timeoutMs: number): Promise<{ code: number; output: string }>;
  /** What the container's resolver says of a name: addresses, none when it does not know it. */
  resolve(host: string): Promise<readonly string[]>;
  /** Opens a TCP connection from the proxy's place, sends `request` and gives the answer's start. */
  probe(address: string, port: number, request: string, timeoutMs: number): Promise<string>;
  /** Ends the agent: its locks are free. */
  close(): Promise<void>;
}

/** Where a server is, as a worker knows it: by name, by address, or both. */
export interface Endpoint {
  /** DNS name, when it follows one. */
  readonly host: string | undefined;
  readonly address: string | undefined;
  readonly port: number;
}

/** What a slot holds in a worker, as the worker sees it. */
export interface ObservedSlot extends Endpoint {
  readonly slot: string;
  /** `ready` takes traffic; `drain` is checked but gets none; `maint` is off. */
  readonly state: "ready" | "drain" | "maint";
  /** The last check since it left `maint` passed. */
  readonly passed: boolean;
  /** DNS does not know the name at the moment. */
  readonly unresolved: boolean;
  /** Up in the eyes of the balancer, whatever `state` says. */
  readonly up: boolean;
  /** Last check in HAProxy's words (`L7OK`, `L4CON`), for messages. */
  readonly check: string;
  readonly streams: number;
}

/** A worker: its process, and the container's name among {@link Agent.peers} if it is not this one. */
export interface WorkerPlace {
  readonly pid: number;
  readonly peer?: string;
}

/** What runs for one route, and what the files say. */
export interface ObservedRoute {
  readonly key: string;
  /** The route's file, `undefined` when there is none. */
  readonly file: string | undefined;
  /** This route's lines of the map, sorted. */
  readonly mapLines: readonly string[];
  /** Map keys of the other routes: `host/path/` to route key. */
  readonly others: Readonly<Record<string, string>>;
  /** Slots of the current worker; `undefined` when it does not know the backend. */
  readonly slots: readonly ObservedSlot[] | undefined;
  /** What the current worker has loaded is what the files say, servers apart. */
  readonly loaded: boolean;
  /** Workers from before a reload, or of a container before this one, still finishing. */
  readonly oldWorkers: readonly WorkerPlace[];
  /** Servers to which an old worker may still send a request of this route. */
  readonly oldServers: readonly Endpoint[];
}

/** A server and the slot it has, or is to have. */
export interface Placed {
  readonly slot: string;
  readonly server: ServerSpec;
}

/** One step of a change; `describeStep` has the words. */
export type Step =
  /** Waits until the proxy's own check of these passes, by a stand-in that never takes traffic. */
  | { readonly kind: "gate"; readonly servers: readonly ServerSpec[] }
  /** One command line: these are put on their slots and take traffic, those slots take no more. */
  | {
      readonly kind: "switch";
      readonly enable: readonly Placed[];
      readonly retire: readonly string[];
    }
  /** The file says what runs; nothing is loaded. */
  | { readonly kind: "write"; readonly layout: Layout }
  /** Asks these servers directly, from the proxy's place. */
  | { readonly kind: "probe"; readonly spec: RouteSpec }
  /** Checks and writes the files, loads them, waits for the new worker and its checks of these. */
  | {
      readonly kind: "reload";
      readonly layout: Layout | undefined;
      readonly confirm: readonly Placed[];
    }
  /** Waits until no stream is left on servers that are not wanted; cuts at the deadline. */
  | { readonly kind: "drain"; readonly keep: readonly ServerSpec[] }
  /** Makes slots free. What follows a name must follow one: `kept` lends its own, asked for anyway. */
  | { readonly kind: "free"; readonly slots: readonly string[]; readonly kept?: ServerSpec };

/** A route with its servers on slots: what the file says. */
export interface Layout {
  readonly spec: RouteSpec;
  readonly placed: readonly Placed[];
  readonly slotCount: number;
}

export interface ApplyOptions {
  readonly signal?: AbortSignal;
  /** One line for each step, for the user. */
  readonly log?: (line: string) => void;
  /** Time for requests to end. @defaultValue 30000 */
  readonly drainTimeoutMs?: number;
  /** Time for new servers to pass the proxy's checks. @defaultValue 15000 */
  readonly gateTimeoutMs?: number;
  /** Time to wait for another writer. @defaultValue 60000 */
  readonly lockTimeoutMs?: number;
  /** Called before each step, so that tests can stop there. */
  readonly onStep?: (step: Step) => void | Promise<void>;
  /**
   * Called once at each stage, also where nothing had to be done for it, with the proxy's name. When
   * it fails, the former state is put back.
   */
  readonly reached?: (stage: Stage, proxy: string) => Promise<void>;
}

/**
 * How far a change is: the new servers are well and take no traffic yet; the requests have moved, and
 * nothing was taken from the old servers yet.
 */
export type Stage = "gated" | "moved";

export interface RouteResult {
  /** Names of servers that take traffic now and did not before. */
  readonly added: readonly string[];
  /** Servers that took traffic before and do not now, as `host:port`. */
  readonly removed: readonly string[];
  /** Streams that ended by themselves in the drain. */
  readonly drained: number;
  /** Requests that were cut at the deadline. */
  readonly cut: number;
  /** Upgraded connections and event streams closed at the deadline: their clients come again. */
  readonly moved: number;
  /** Structure changed: a new worker was started. */
  readonly reloaded: boolean;
  readonly durationMs: number;
}
