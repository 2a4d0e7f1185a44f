// Whether servers are well before they take traffic. At run time by the proxy itself: a stand-in
// server of the same backend, made for the purpose, is checked at once and often but stays in
// maintenance; a slot would wait for its next interval, and might show the check of an earlier life.
// Before a reload by the agent, from the proxy's place: HAProxy sends traffic before its first check.
import { isIP } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../errors.ts";
import { ask, onWorker } from "./cli.ts";
import { holds, serversOf, slotsOf } from "./observe.ts";
import { backendOf, checkHost } from "./render.ts";
import type { Agent, Placed, RouteSpec, ServerSpec } from "./types.ts";

const pollMs = 25;
const probePollMs = 100;
const probeTimeoutMs = 2_000;

export interface Gate {
  readonly agent: Agent;
  readonly key: string;
  readonly timeoutMs: number;
  readonly throwIfAborted: () => void;
}

/** Polls until `look` finds nothing wrong; the error says what it found last. */
export async function until(gate: Gate, look: () => Promise<readonly string[]>): Promise<void> {
  const deadline = Date.now() + gate.timeoutMs;
  for (let pauseMs = pollMs; ; pauseMs = Math.min(pauseMs * 1.5, 200)) {
    gate.throwIfAborted();
    const wrong = await look();
    if (wrong.length === 0) return;
    if (Date.now() >= deadline) {
      throw new SdkError(
        ErrorCode.GateFailed,
        `route "${gate.key}": not well within ${gate.timeoutMs} ms: ${wrong.join("; ")}`,
        { fix: "check that the servers answer on the route's port and check.path" },
      );
    }
    await sleep(pauseMs);
  }
}

/** The proxy follows names: one that DNS does not know would be taken out soon after the switch. */
async function unknownNames(agent: Agent, servers: readonly ServerSpec[]): Promise<string[]> {
  const unknown: string[] = [];
  for (const { name, host } of servers) {
    if (isIP(host) !== 0 || (await agent.resolve(host)).length > 0) continue;
    unknown.push(`${name}: the proxy's DNS does not know ${host}`);
  }
  return unknown;
}

/** Waits until the proxy's own check of a stand-in for each server passed. */
export async function gateServers(gate: Gate, servers: readonly ServerSpec[]): Promise<void> {
  const { agent, key } = gate;
  const backend = backendOf(key);
  const standIns = servers.map((server, index) => ({ name: `gate${index + 1}`, server }));
  const remove = standIns.flatMap(({ name }) => [
    `disable health ${backend}/${name}`,
    `set server ${backend}/${name} state maint`,
    `del server ${backend}/${name}`,
  ]);
  const options = "check inter 50 fastinter 50 downinter 50 rise 1 fall 1";
  const add = standIns.flatMap(({ name, server }) => [
    `add server ${backend}/${name} ${server.address}:${server.port} ${options}`,
    `enable health ${backend}/${name}`,
  ]);
  // One that a killed run left may be of another server.
  const left = (await serversOf(agent, key))?.some(({ slot }) => slot.startsWith("gate"));
  if (left === true) await say(agent, remove);
  try {
    await say(agent, add);
    await until(gate, async () => {
      const now = (await serversOf(agent, key)) ?? [];
      const sick = standIns.flatMap(({ name, server }) => {
        const found = now.find((one) => one.slot === name);
        return found?.passed === true
          ? []
          : [`${server.name}: ${found?.check || "not checked yet"}`];
      });
      return sick.length > 0 ? sick : await unknownNames(agent, servers);
    });
  } finally {
    await say(agent, remove);
  }
}

/** One command a line: an answer of any length is as good as any other. */
async function say(agent: Agent, commands: readonly string[]): Promise<void> {
  for (let at = 0; at < commands.length; at += 40) {
    await ask(agent, onWorker(commands.slice(at, at + 40)));
  }
}

/** Waits until the slots of a worker that was just started hold these and found them well. */
export async function confirmSlots(gate: Gate, placed: readonly Placed[]): Promise<void> {
  await until(gate, async () => {
    const slots = (await slotsOf(gate.agent, gate.key)) ?? [];
    return placed.flatMap(({ slot, server }) => {
      const now = slots.find((one) => one.slot === slot);
      if (now === undefined || !holds(now, server))
        return [`${server.name}: not known to the proxy`];
      if (now.passed && now.up) return [];
      if (now.unresolved) return [`${server.name}: the proxy's DNS does not know ${server.host}`];
      return [`${server.name}: ${now.check || "not checked yet"}`];
    });
  });
}

/** Whether an HTTP answer begins with one of the statuses, or a connection was made. */
export function isWell(answer: string, expectStatus: string | undefined): boolean {
  if (expectStatus === undefined) return answer === "connected";
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1]);
  return expectStatus.split(",").some((range) => {
    const [least = "", most = least] = range.split("-");
    return status >= Number(least) && status <= Number(most);
  });
}

/** Makes the route's check from the proxy's place until every server passed it. */
export async function probeServers(gate: Gate, spec: RouteSpec): Promise<void> {
  const { path, method = "GET", expectStatus = "200-399" } = spec.check;
  const head = `${method} ${path ?? ""} HTTP/1.1\r\nHost: ${checkHost(spec)}\r\n`;
  const request = path === undefined ? "" : `${head}Connection: close\r\n\r\n`;
  const expected = path === undefined ? undefined : expectStatus;
  for (const { name, address, port } of spec.servers) {
    await until(gate, async () => {
      const answer = await gate.agent.probe(address, port, request, probeTimeoutMs);
      if (isWell(answer, expected)) return [];
      await sleep(probePollMs);
      return [`${name} at ${address}:${port}: ${answer.split("\r\n")[0] ?? ""}`];
    });
  }
  await until(gate, () => unknownNames(gate.agent, spec.servers));
}
