// Bridges of one's own, by traffic: the declared bridge in docker0's place, containers that reach each
// other on published ports alone, and the names that they ask for.
import * as assert from "uvu/assert";
import type { DaemonSpec } from "../../../../sdk/host/docker/files.ts";
import type { Machine } from "../../../../sdk/host/machine.ts";
import { type Lab, makeHosts, missingForLab } from "../../../lab/hosts.ts";
import { suite } from "../../../support/suite.ts";
import { apply, clientOf, image, loadImage, machineOf } from "./host.ts";

const test = suite("host: bridges of the Docker daemon", { long: true, timeoutMs: 900_000 });
const missing = missingForLab();
let lab: Lab | undefined;
let machine: Machine;

const must = async (line: string): Promise<string> => {
  const { code, stdout, stderr } = await machine.run(line, { timeoutMs: 60_000 });
  assert.is(code, 0, `${line}: ${stdout}${stderr}`);
  return stdout.trim();
};
/** What a container gets from an address: the page, or nothing. */
const fetch = async (from: string, address: string, port: number) => {
  const ask = `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 3 ${address} ${port}`;
  const line = `docker exec ${from} sh -c "${ask}" 2>/dev/null || :`;
  return (await machine.run(line, { timeoutMs: 30_000 })).stdout;
};
const addressOf = (name: string) =>
  must(`docker inspect -f '{{.NetworkSettings.IPAddress}}' ${name}`);

async function startServer(
  name: string,
  ports?: readonly string[],
  links: readonly string[] = [],
): Promise<void> {
  const serve = `mkdir -p /www && echo page-of-${name} > /www/index.html && exec httpd -f -p 80 -h /www`;
  const client = clientOf(machine);
  const bindings = Object.fromEntries(
    (ports ?? []).map((port) => ["80/tcp", [{ HostPort: port }]]),
  );
  const id = await client.containers.create(name, {
    Image: image,
    Cmd: ["sh", "-c", serve],
    HostConfig: { PortBindings: bindings, Links: links },
    ExposedPorts: { "80/tcp": {} },
  });
  await client.containers.start(id);
  client.close();
}

async function clear(): Promise<void> {
  await must("docker rm -f $(docker ps -aq) 2>/dev/null || :");
}

if (missing !== undefined) test.skip(missing);
else {
  test.before(async () => {
    lab = await makeHosts([{ name: "br12", suite: "bookworm", docker: "installed" }], {
      log: (line) => process.stdout.write(`${line}\n`),
    });
    const [host] = lab.hosts;
    assert.ok(host);
    machine = machineOf(host);
    await apply(machine, { options: {} });
    await loadImage(machine);
  });
  test.after(async () => {
    await lab?.close();
  });

  const own: DaemonSpec = {
    options: {
      bridge: "dwbr0",
      fixedCidr: "172.31.7.128/25",
      icc: false,
      dns: ["192.0.2.53"],
      dnsSearch: ["example.com"],
      mtu: 1400,
    },
    bridgeAddress: "172.31.7.1/24",
  };

  test("the declared bridge is in docker0's place", async () => {
    assert.match(await must("ip -o link show"), /docker0/);
    await must("sysctl -qw net.ipv4.ip_forward=0");
    assert.is((await apply(machine, own)).action, "restart");
    assert.is(await must("cat /proc/sys/net/ipv4/ip_forward"), "1", "it forwards");
    const links = await must("ip -o link show");
    assert.not.match(links, /docker0/);
    assert.match(await must("ip -o -4 address show dev dwbr0"), /172\.31\.7\.1\/24/);
    assert.is((await apply(machine, own)).action, "none");
  });

  test("containers get its addresses, name servers and search domains", async () => {
    await startServer("one");
    await startServer("two");
    await startServer("open", ["8080"]);
    assert.match(await addressOf("one"), /^172\.31\.7\.(12[89]|1[3-9]\d|2\d\d)$/);
    const resolver = await must("docker exec one cat /etc/resolv.conf");
    assert.match(resolver, /nameserver 192\.0\.2\.53/);
    assert.match(resolver, /search example\.com/);
    assert.match(await must("docker exec one ip link show eth0"), /mtu 1400/);
  });

  test("with icc off, only what is published is reached", async () => {
    const page = `exec 3<>/dev/tcp/${await addressOf("two")}/80; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`;
    assert.match(await must(`bash -c "${page}"`), /page-of-two/, "the host reaches it");
    assert.is(
      await fetch("one", await addressOf("two"), 80),
      "",
      "not from container to container",
    );
    assert.is(await fetch("one", await addressOf("open"), 80), "");
    assert.match(
      await fetch("one", "172.31.7.1", 8080),
      /page-of-open/,
      "but by its published port",
    );
    await startServer("linked", [], ["two:two"]);
    const two = await addressOf("two");
    assert.match(await fetch("linked", two, 80), /page-of-two/, "and by a link");
    assert.is(await fetch("linked", await addressOf("one"), 80), "", "to none but that one");
  });

  test("with icc on again, containers reach each other", async () => {
    await clear();
    await apply(machine, { ...own, options: { ...own.options, icc: true } });
    await startServer("one");
    await startServer("two");
    assert.match(await fetch("one", await addressOf("two"), 80), /page-of-two/);
  });

  test("a bridge that lost its address gets it back", async () => {
    await must("ip address flush dev dwbr0");
    const wanted = { ...own, options: { ...own.options, icc: true } };
    assert.equal((await apply(machine, wanted)).reasons, ["the bridge's address"]);
    assert.match(await must("ip -o -4 address show dev dwbr0"), /172\.31\.7\.1\/24/);
  });

  test("docker0 at a declared address again, and the other bridge goes", async () => {
    await clear();
    await apply(machine, { options: { bip: "172.31.8.1/24" } });
    const links = await must("ip -o -4 address show");
    assert.match(links, /docker0.*172\.31\.8\.1\/24/);
    assert.not.match(await must("ip -o link show"), /dwbr0/);
  });

  test("ports are published on the declared address alone", async () => {
    await apply(machine, { options: { bip: "172.31.8.1/24", ip: "127.0.0.1" } });
    await startServer("local", ["8081"]);
    const bound = await must("docker port local 80");
    assert.is(bound, "127.0.0.1:8081");
  });

  test("networks without a subnet get one of the declared pools", async () => {
    const options = {
      bip: "172.31.8.1/24",
      defaultAddressPools: [{ base: "10.77.0.0/16", size: 24 }],
    };
    await apply(machine, { options });
    await must("docker network create pooled");
    const subnet = await must(
      "docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' pooled",
    );
    assert.match(subnet, /^10\.77\.\d+\.0\/24$/);
  });
}

test.run();
