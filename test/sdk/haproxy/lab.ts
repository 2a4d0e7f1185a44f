// A real HAProxy as a plain process in a temporary folder, servers to put behind it, and an agent
// on a local perl: all of what a proxy's container has, but for the container.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Agent as HttpAgent, request, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { SdkError } from "../../../sdk/errors.ts";
import { openAgent } from "../../../sdk/haproxy/agent.ts";
import { renderBase } from "../../../sdk/haproxy/base.ts";
import { takeOver } from "../../../sdk/haproxy/handover.ts";
import { ownFolder, proxyCommand, proxyPaths } from "../../../sdk/haproxy/paths.ts";
import type {
  Agent,
  AgentChannel,
  ProxyPaths,
  ProxySpec,
  RouteSpec,
  ServerSpec,
} from "../../../sdk/haproxy/types.ts";
import { freePort } from "../../support/ports.ts";

/** Why tests that need HAProxy cannot run here, if they cannot. */
export function missingHaproxy(): string | undefined {
  try {
    execFileSync("haproxy", ["-v"]);
    return undefined;
  } catch {
    return "haproxy is not installed";
  }
}

/** The agent's command as a local process. */
export async function localChannel(command: readonly string[]): Promise<AgentChannel> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: "pipe" });
  const done = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? -1));
  });
  const { stdin, stdout, stderr } = child;
  return { stdin, stdout, stderr, done, close: () => child.kill("SIGKILL") };
}

export interface Lab {
  readonly folder: string;
  readonly paths: ProxyPaths;
  readonly url: string;
  readonly port: number;
  proxy: ChildProcess;
  agent(): Promise<Agent>;
  log(): string;
  /** Ends the proxy and starts it again, as its container would. */
  restart(signal: NodeJS.Signals): Promise<void>;
  /** A server to send requests to (see `startBackend`); it ends with the lab. */
  backend(name: string): Promise<Backend>;
  /** Another container of the proxy, which waits beside it; started by the command `within`. */
  join(spec?: Partial<ProxySpec>, within?: readonly string[]): Promise<LabContainer>;
  close(): Promise<void>;
}

/** What a container of a proxy is: a process with settings and a runtime folder of its own. */
export interface LabContainer {
  readonly paths: ProxyPaths;
  readonly proxy: ChildProcess;
  agent(): Promise<Agent>;
  /** Its end, asked for by a signal. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

async function answers(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const sent = request({ port, agent: false }, (answer) => {
      answer.resume().on("end", () => resolve(true));
    });
    sent.on("error", () => resolve(false)).end();
  });
}

function startProxy(paths: ProxyPaths, logFile: string, within: readonly string[] = []) {
  const [program = "", ...args] = [...within, ...proxyCommand(paths)];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => appendFileSync(logFile, chunk));
  }
  return child;
}

const ended = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>((resolve) => child.once("close", () => resolve()));

export async function startLab(spec: Partial<ProxySpec> = {}): Promise<Lab> {
  const folder = mkdtempSync(`${tmpdir()}/dwtest-haproxy-`);
  const paths = proxyPaths({
    baseFile: `${folder}/base.cfg`,
    dataFolder: `${folder}/data`,
    runtimeFolder: `${folder}/run`,
  });
  const port = await freePort();
  const bind = { address: "127.0.0.1", port };
  writeFileSync(
    paths.baseFile,
    renderBase({ binds: [bind], maxConnections: 2000, ...spec, paths }),
  );
  const logFile = `${folder}/log`;
  writeFileSync(logFile, "");
  const agents: Agent[] = [];
  const joined: ChildProcess[] = [];
  const backends: Backend[] = [];
  const agentAt = async (at: ProxyPaths) => {
    const agent = await openAgent(localChannel, at);
    agents.push(agent);
    return agent;
  };
  const lab: Lab = {
    folder,
    paths,
    port,
    url: `http://127.0.0.1:${port}/`,
    proxy: startProxy(paths, logFile),
    agent: () => agentAt(paths),
    async join(more = {}, within = []) {
      const name = `${folder}/${joined.length + 2}`;
      const own = { ...paths, baseFile: `${name}.cfg`, runtimeFolder: `${name}-run` };
      const base = { binds: [bind], maxConnections: 2000, ...spec, ...more, paths: own };
      writeFileSync(own.baseFile, renderBase(base));
      const proxy = startProxy(own, logFile, within);
      joined.push(proxy);
      // Its agent is opened once it waits.
      while (!existsSync(ownFolder(own))) await sleep(20);
      const stop = async (signal: NodeJS.Signals) => {
        proxy.kill(signal);
        await ended(proxy);
        return proxy.exitCode;
      };
      return { paths: own, proxy, agent: () => agentAt(own), stop };
    },
    log: () => readFileSync(logFile, "utf8"),
    async restart(signal) {
      lab.proxy.kill(signal);
      await ended(lab.proxy);
      lab.proxy = startProxy(paths, logFile);
      await up();
    },
    async backend(name) {
      const made = await startBackend(name);
      backends.push(made);
      return made;
    },
    async close() {
      for (const agent of agents) await agent.close();
      for (const backend of backends) await backend.close();
      for (const proxy of [lab.proxy, ...joined]) {
        proxy.kill("SIGTERM");
        await ended(proxy);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const up = async () => {
    for (let tries = 0; tries < 200; tries += 1) {
      if (await answers(port)) return;
      await sleep(50);
    }
    throw new Error(`haproxy does not answer: ${lab.log()}`);
  };
  while (!existsSync(ownFolder(paths))) await sleep(20);
  await takeOver(await lab.agent());
  await up();
  return lab;
}

export interface Backend {
  readonly server: Server;
  readonly spec: ServerSpec;
  /** Requests that came, checks apart. */
  count: number;
  well: boolean;
  /** How long a check takes, in milliseconds, and how many were answered. */
  checkMs: number;
  checks: number;
  close(): Promise<void>;
}

/** Answers with its name; `/slow/MS` after so long, `/headers` with them; `/healthz` while it is well. */
export async function startBackend(
  name: string,
  address = "127.0.0.1",
  fixedPort = 0,
): Promise<Backend> {
  const server = createServer((request, response) => {
    const url = request.url ?? "/";
    if (url.startsWith("/healthz")) {
      response.statusCode = backend.well ? 200 : 500;
      setTimeout(() => {
        backend.checks += 1;
        response.end("well\n");
      }, backend.checkMs);
      return;
    }
    backend.count += 1;
    if (url.endsWith("/headers")) {
      response.end(JSON.stringify(request.headers));
      return;
    }
    const waitMs = Number(/slow\/(\d+)/.exec(url)?.[1] ?? 0);
    setTimeout(() => response.end(`${name} ${url}\n`), waitMs);
  });
  // An echo for upgraded connections, which last until either side ends them.
  server.on("upgrade", (_request, socket) => {
    socket.on("error", () => undefined);
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n",
    );
    socket.pipe(socket);
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(fixedPort, address, resolve));
  const { port } = server.address() as AddressInfo;
  const backend: Backend = {
    server,
    spec: { name, host: address, address, port },
    count: 0,
    well: true,
    checkMs: 0,
    checks: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return backend;
}

export interface Get {
  readonly host: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** @defaultValue a connection of its own */
  readonly agent?: HttpAgent;
}

/** One request. */
export function get(
  lab: { readonly port: number },
  { host, path = "/", headers = {}, agent }: Get,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { port: lab.port, path, headers: { ...headers, host }, agent: agent ?? false };
    const sent = request(options, (answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    sent.on("error", reject).end();
  });
}

export function routeSpec(
  key: string,
  servers: readonly ServerSpec[],
  more: Partial<RouteSpec> = {},
): RouteSpec {
  return {
    key,
    sites: [{ host: `${key}.test`, path: "/" }],
    servers,
    check: { path: "/healthz", intervalMs: 1000 },
    ...more,
  };
}

/** The words of what the work fails with; empty when it does not. */
export const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

/** What the work fails with, which has to be an error of ours. */
export async function errorOf(work: Promise<unknown>): Promise<SdkError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SdkError) return error;
  throw new Error(`no SdkError but ${String(error)}`);
}
