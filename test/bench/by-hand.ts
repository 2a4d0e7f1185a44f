// What a person would type on HAProxy's admin socket to exchange one server of a backend, and
// nothing else: no look at what is there, no plan, no file, no lock, no way back.
// HAProxy 2.6 management guide 9.3.
import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "../../sdk/haproxy/types.ts";
import type { RawContainer } from "./raw.ts";

const pollMs = 25;
const limitMs = 15_000;

const line = (...commands: readonly string[]): string =>
  commands.map((command) => `@1 ${command}`).join("; ");

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${limitMs} ms`);
    await sleep(pollMs);
  }
}

/** The row of a server in `show stat`, by column. */
async function stat(agent: Agent, backend: string, server: string): Promise<Map<string, string>> {
  const rows = (await agent.talk(line(`show stat ${backend} 4 -1`))).split("\n");
  const names = (rows[0] ?? "").replace(/^# /, "").split(",");
  const row = rows.find((each) => each.split(",")[1] === server) ?? "";
  return new Map(row.split(",").map((cell, at) => [names[at] ?? "", cell]));
}

export interface Exchange {
  readonly backend: string;
  readonly port: number;
  /** The slot of the server that goes, and the one for the server that comes. */
  readonly from: string;
  readonly to: string;
}

/** Gates the new server, switches, and waits until the old one has no stream left. */
export async function exchange(
  agent: Agent,
  server: RawContainer,
  { backend, port, from, to }: Exchange,
): Promise<void> {
  const gate = `${backend}/gate1`;
  const check = "check inter 50 fastinter 50 downinter 50 rise 1 fall 1";
  await agent.talk(
    line(`add server ${gate} ${server.address}:${port} ${check}`, `enable health ${gate}`),
  );
  await until("the check of the new server passes", async () => {
    const row = await stat(agent, backend, "gate1");
    return /^L[47]OK/.test(row.get("check_status") ?? "");
  });
  await agent.talk(
    line(`disable health ${gate}`, `set server ${gate} state maint`, `del server ${gate}`),
  );
  await agent.talk(
    line(
      `set server ${backend}/${to} state maint`,
      `set server ${backend}/${to} fqdn ${server.name}`,
      `set server ${backend}/${to} addr ${server.address} port ${port}`,
      `set server ${backend}/${to} state ready`,
      `set server ${backend}/${from} state drain`,
    ),
  );
  await until("the new server is up", async () =>
    ((await stat(agent, backend, to)).get("status") ?? "").startsWith("UP"),
  );
  await until(
    "the old server is idle",
    async () => (await stat(agent, backend, from)).get("scur") === "0",
  );
  await agent.talk(line(`set server ${backend}/${from} state maint`));
}
