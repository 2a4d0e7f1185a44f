// Servers by DNS name: the proxy follows the name, so a container that came back with another
// address is found again with nobody's help, at run time and after a restart of the proxy.
import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { routeDrift } from "../../../sdk/haproxy/observe.ts";
import { ensureRoute, readRoute } from "../../../sdk/haproxy/route.ts";
import type { Agent } from "../../../sdk/haproxy/types.ts";
import { suite } from "../../support/suite.ts";
import { failure, get, missingHaproxy, routeSpec, startBackend, startLab } from "./lab.ts";

const test = suite("names", { missing: missingHaproxy() });

/** A DNS server with one table; what is not in it does not exist. */
async function startDns(zone: Map<string, string>) {
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.subarray(at + 1, at + 1 + length).toString());
      at += length + 1;
    }
    const address = zone.get(labels.join("."));
    const isA = query.readUInt16BE(at + 1) === 1;
    const head = Buffer.alloc(12);
    head.writeUInt16BE(query.readUInt16BE(0), 0);
    head.writeUInt16BE(address === undefined ? 0x8183 : 0x8180, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(address !== undefined && isA ? 1 : 0, 6);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 10, 0, 4]);
    const bytes = Buffer.from((address ?? "").split(".").map(Number));
    const answer = address !== undefined && isA ? [record, bytes] : [];
    socket.send(
      Buffer.concat([head, query.subarray(12, at + 5), ...answer]),
      from.port,
      from.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { port: (socket.address() as AddressInfo).port, close: () => socket.close() };
}

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await check()) return;
    await sleep(100);
  }
  throw new Error(`${what}: not within 10 s`);
}

test("a switch by name, an address that changes, and a restart with another address", async () => {
  const zone = new Map([
    ["one.dw", "127.0.0.1"],
    ["two.dw", "127.0.0.1"],
  ]);
  const dns = await startDns(zone);
  const lab = await startLab({ nameserver: `127.0.0.1:${dns.port}` });
  // The agent would ask the container's resolver; here that is the table.
  const agent: Agent = {
    ...(await lab.agent()),
    resolve: async (host) => [zone.get(host) ?? ""].filter(Boolean),
  };
  const [one, two] = [await startBackend("one"), await startBackend("two")];
  const { port } = two.spec;
  const spec = (host: string, of: typeof one) =>
    routeSpec("shop", [{ ...of.spec, name: host, host }]);
  const answer = async () => (await get(lab, { host: "shop.test" })).body;

  await ensureRoute(agent, spec("one.dw", one));
  assert.is(await answer(), "one /\n");
  const result = await ensureRoute(agent, spec("two.dw", two));
  assert.is(result.reloaded, false);
  assert.equal([result.added, result.removed], [["two.dw"], ["one.dw"]]);
  assert.is(await answer(), "two /\n");
  assert.equal(routeDrift(await readRoute(agent, "shop"), spec("two.dw", two)), []);

  // The container comes back elsewhere, with the port it listens on.
  await two.close();
  const moved = await startBackend("moved", "127.0.0.2", port);
  zone.set("two.dw", "127.0.0.2");
  await until("at run time", async () => (await answer()) === "moved /\n");
  const known = await readRoute(agent, "shop");
  assert.equal(routeDrift(known, spec("two.dw", two)), []);

  // The proxy starts before the container: it is found as soon as DNS knows it.
  zone.delete("two.dw");
  await lab.restart("SIGKILL");
  assert.is((await get(lab, { host: "shop.test" })).status, 503);
  const lost = routeDrift(await readRoute(agent, "shop"), spec("two.dw", two));
  assert.equal(lost, ["server two.dw has no address: DNS does not know it"]);
  zone.set("two.dw", "127.0.0.2");
  await until("after a restart", async () => (await answer()) === "moved /\n");

  // A name that nobody knows is not let in.
  const error = await failure(ensureRoute(agent, spec("none.dw", one), { gateTimeoutMs: 500 }));
  assert.match(error, /none\.dw: the proxy's DNS does not know none\.dw/);
  assert.is(await answer(), "moved /\n");

  for (const backend of [one, moved]) await backend.close();
  await lab.close();
  dns.close();
});

test("a place whose former name leaves DNS at the moment of the switch is filled all the same", async () => {
  const zone = new Map(["one.dw", "two.dw", "three.dw"].map((name) => [name, "127.0.0.1"]));
  const dns = await startDns(zone);
  const lab = await startLab({ nameserver: `127.0.0.1:${dns.port}` });
  const agent: Agent = {
    ...(await lab.agent()),
    resolve: async (host) => [zone.get(host) ?? ""].filter(Boolean),
  };
  // As on a host of a pool: the containers of other hosts by address, its own by name.
  const far = await startBackend("far", "127.0.0.2");
  const backends = await Promise.all(["one", "two", "three"].map((name) => startBackend(name)));
  const [one, two, three] = backends.map((of) =>
    routeSpec("shop", [far.spec, { ...of.spec, host: `${of.spec.name}.dw` }]),
  );
  if (one === undefined || two === undefined || three === undefined) throw new Error("no servers");
  await ensureRoute(agent, one);
  await ensureRoute(agent, two);

  // HAProxy takes no address for a server whose name it does not know (srv_update_addr_port).
  let emptied = 0;
  const result = await ensureRoute(agent, three, {
    onStep: async ({ kind }) => {
      if (kind !== "switch") return;
      const idle = async () => {
        const { slots = [] } = await readRoute(agent, "shop");
        return slots.filter((slot) => slot.state === "maint" && slot.host !== undefined);
      };
      for (const gone of ["one.dw", "two.dw"]) zone.delete(gone);
      await until("DNS has forgotten it", async () =>
        (await idle()).some(({ address }) => address === undefined),
      );
      emptied = (await idle()).filter(({ address }) => address === undefined).length;
    },
  });
  assert.ok(emptied > 0, "places had lost their addresses");
  assert.is(result.reloaded, false);
  assert.equal(routeDrift(await readRoute(agent, "shop"), three), []);

  for (const backend of [far, ...backends]) await backend.close();
  await lab.close();
  dns.close();
});

test.run();
