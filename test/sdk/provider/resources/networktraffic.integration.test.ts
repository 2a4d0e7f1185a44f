// What the options of a network do to the packets on it, not only to what `inspect` says: containers
// that may not talk to each other, and the address that a server elsewhere sees.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing } from "../../docker/fixture.ts";
import { bundle, Plugin, urnOf } from "../plugin.ts";

const test = suite("provider/network traffic");
const lab = new Fixture("network-traffic");
const reason = missing() ?? (process.getuid?.() === 0 ? undefined : "only root can make a network");
const execute = promisify(execFile);

let built: Awaited<ReturnType<typeof bundle>> | undefined;
let plugin: Plugin;

/** A machine elsewhere: a network namespace behind a link of its own. Addresses: RFC 2544. */
const outside = { name: `dwtest-out-${process.pid}`, near: "198.18.213.1", far: "198.18.213.2" };
const link = `dwt${process.pid.toString(36)}`;

const ip = (line: string) => execute("ip", line.split(" "));
const inside = (...args: readonly string[]) =>
  execute("ip", ["netns", "exec", outside.name, ...args]);

test.before(async () => {
  if (reason) return;
  built = await bundle();
  plugin = await Plugin.start(built.path);
  await lab.makeImage();
  await ip(`netns add ${outside.name}`);
  await ip(`link add ${link} type veth peer name eth0 netns ${outside.name}`);
  await ip(`address add ${outside.near}/30 dev ${link}`);
  await ip(`link set ${link} up`);
  await inside("ip", "address", "add", `${outside.far}/30`, "dev", "eth0");
  await inside("ip", "link", "set", "eth0", "up");
  // The way back to containers whose address is not put behind the host's.
  await inside("ip", "route", "add", "default", "via", outside.near);
});
test.after(async () => {
  if (reason) return;
  await plugin.stop();
  await built?.remove();
  await lab.clean();
  await ip(`link delete ${link}`).catch(() => undefined);
  await ip(`netns delete ${outside.name}`).catch(() => undefined);
});

function rule(name: string, run: () => Promise<void>): void {
  if (reason) test.skip(`${name} (${reason})`);
  else test(name, run);
}

const makeNetwork = async (declared: ValueMap) =>
  (await plugin.make(urnOf("Network", lab.name()), declared)).id;

/** Runs a script, on that network, until it is taken away. */
async function runOn(network: string, script: string): Promise<{ id: string; address: string }> {
  const id = await lab.run({
    Cmd: ["/bin/sh", "-c", script],
    HostConfig: { NetworkMode: network, Init: true },
  });
  const found = await lab.client.containers.inspect(id);
  const [attached] = Object.values(found?.NetworkSettings.Networks ?? {});
  return { id, address: attached?.IPAddress ?? "" };
}

const page = "page-of-the-server";
const serve = `/bin/busybox echo ${page} >/tmp/page; exec /bin/busybox httpd -f -p 80 -h /tmp`;

const request = "/bin/busybox printf 'GET /page HTTP/1.0\\r\\n\\r\\n'";

/** What a container gets from there, in some tries of 2 seconds; nothing where nobody answers. */
async function fetched(id: string, address: string): Promise<string> {
  const once = `${request} | /bin/busybox nc -w 2 ${address} 80`;
  // Until the server listens; a packet that is dropped leaves no answer at all.
  const script = `for n in 1 2 3; do ${once} && break; sleep 0.3; done`;
  const { stdout } = await lab.client.exec.run(id, { cmd: ["/bin/sh", "-c", script] });
  return stdout.trim().split("\n").at(-1) ?? "";
}

for (const [icc, want] of [
  [true, page],
  [false, ""],
] as const) {
  rule(`icc: ${icc}: ${want === "" ? "no packet passes" : "they talk"}`, async () => {
    const network = await makeNetwork({ icc });
    const [server, client] = [await runOn(network, serve), await runOn(network, "sleep 600")];
    assert.is(await fetched(client.id, server.address), want);
    // It does listen: the way from itself to itself is no way between containers.
    assert.is(await fetched(server.id, server.address), page);
  });
}

/** A program of the machine elsewhere that says whom it sees. */
const whoCalls =
  "require('net').createServer((s) => s.end(s.remoteAddress)).listen(80, () => console.log('up'))";

for (const masquerade of [true, false]) {
  const seen = masquerade ? "the host's" : "the container's own";
  rule(`masquerade: ${masquerade}: a server elsewhere sees ${seen} address`, async () => {
    const network = await makeNetwork({ masquerade });
    const client = await runOn(network, "sleep 600");
    const server = execFile("ip", [
      ...["netns", "exec", outside.name],
      ...[process.execPath, "-e", whoCalls],
    ]);
    try {
      await new Promise((resolve) => server.stdout?.once("data", resolve));
      const want = masquerade ? outside.near : client.address;
      assert.is((await fetched(client.id, outside.far)).replace("::ffff:", ""), want);
    } finally {
      server.kill();
    }
  });
}

test.run();
