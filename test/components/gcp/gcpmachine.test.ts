// A machine of Google's as a host: what is open, who it is, what its disk is encrypted with, and that it
// feeds a pool.

import * as assert from "uvu/assert";
import { HostPool, Service, TlsDaemon } from "../../../components/index.ts";
import { compare } from "../../../sdk/testing/echo/rules.ts";
import { named, ofType, type Registered, register } from "../../../sdk/testing/recorder.ts";
import { suite } from "../../support/suite.ts";
import { machine } from "./lab.ts";

const test = suite("gcp/gcpmachine");
type Inputs = Registered["inputs"];

const instanceOf = (all: readonly Registered[]): Inputs =>
  ofType(all, "gcp:compute/instance:Instance")[0]?.inputs ?? {};

test("it is open to who was named, by who it is, and to nobody else", async () => {
  const all = await register(() => machine("web1"));
  const account = ofType(all, "Account")[0]?.inputs["accountId"];
  const email = `${String(account)}@demo.iam.gserviceaccount.com`;
  const rules = ofType(all, "Firewall").map(({ inputs }) => [
    inputs["allows"],
    inputs["sourceRanges"],
    inputs["targetServiceAccounts"],
    inputs["direction"],
  ]);
  assert.equal(rules, [
    [[{ protocol: "tcp", ports: ["22"] }], ["192.0.2.7/32"], [email], "INGRESS"],
    [[{ protocol: "tcp", ports: ["443"] }], ["0.0.0.0/0"], [email], "INGRESS"],
    [[{ protocol: "tcp", ports: ["443"] }], ["::/0"], [email], "INGRESS"],
    [[{ protocol: "tcp", ports: ["20000-29999"] }], ["10.0.0.0/16"], [email], "INGRESS"],
  ]);
  const closed = await register(() => machine("web1", { open: [], sshFrom: [] }));
  assert.equal(ofType(closed, "Firewall"), []);
});

test("the account that it is has no role; keys of the project do not log in", async () => {
  const all = await register(() => machine("web1"));
  assert.equal(
    all.filter(({ type }) => /IAM/.test(type)),
    [],
  );
  const { metadata, serviceAccount, shieldedInstanceConfig } = instanceOf(all);
  const { email } = serviceAccount as Inputs;
  assert.match(String(email), /^web1-[0-9a-f]{8}@demo\.iam\.gserviceaccount\.com$/);
  assert.equal(metadata, {
    "ssh-keys": "dockwright:ssh-ed25519 AAAA test",
    "block-project-ssh-keys": "TRUE",
    "enable-oslogin": "FALSE",
    "serial-port-enable": "FALSE",
  });
  assert.equal(shieldedInstanceConfig, {
    enableSecureBoot: true,
    enableVtpm: true,
    enableIntegrityMonitoring: true,
  });
});

test("its disk is encrypted with the key that was named, else with Google's own", async () => {
  const diskOf = async (diskKey: string | undefined) =>
    (instanceOf(await register(() => machine("web1", { diskKey })))["bootDisk"] as Inputs)[
      "kmsKeySelfLink"
    ];
  assert.is(await diskOf("projects/demo/key"), "projects/demo/key");
  assert.is(await diskOf(undefined), undefined);
});

test("its host key is learned at the address that is reserved; inside of the network without one", async () => {
  const all = await register(() => machine("web1"));
  const [key] = ofType(all, "dockwright:index:HostKey");
  const [address] = ofType(all, "Address");
  assert.is(address?.inputs["region"], "europe-west3");
  assert.ok(key?.dependsOn.includes(address?.urn ?? ""), String(key?.dependsOn));
  const inside = await register(() => machine("web1", { public: false }));
  assert.equal(ofType(inside, "Address"), []);
  const [one] = instanceOf(inside)["networkInterfaces"] as readonly Inputs[];
  assert.is(one?.["accessConfigs"], undefined);
});

test("a label, a key and who may come replace nothing; another image does", async () => {
  const before = await register(() => machine("web1"));
  const replacedBy = async (more: Parameters<typeof machine>[1]) => {
    const after = await register(() => machine("web1", more));
    return after.flatMap(({ type, name, inputs }) => {
      const old = before.find((one) => one.type === type && one.name === name);
      if (old === undefined || !type.startsWith("gcp:")) return [];
      return compare(type, old.inputs, inputs, {}).replaces.map((path) => `${name}.${path}`);
    });
  };
  const more = { labels: { team: "other" }, publicKey: "ssh-ed25519 BBBB", sshFrom: ["::1/128"] };
  assert.equal(await replacedBy(more), []);
  assert.equal(await replacedBy({ image: "debian-cloud/debian-13" }), ["web1-machine.bootDisk"]);
});

test("three of them are a pool that a service runs on", async () => {
  const all = await register(() => {
    const hosts = Object.fromEntries(
      ["web1", "web2", "web3"].map((name) => {
        const host = machine(name);
        const daemon = new TlsDaemon(`${name}-docker`, { host });
        return [name, { daemon, address: host.privateAddress }];
      }),
    );
    const on = new HostPool("web", { hosts });
    return new Service("shop", { on, image: { ref: "shop:1" }, port: 8080, replicas: 3 });
  });
  assert.is(ofType(all, "dockwright:index:Container").length, 3);
  const machines = ofType(all, "gcp:compute/instance:Instance");
  assert.is(machines.length, 3);
  assert.not.ok(JSON.stringify(machines.map(({ inputs }) => inputs)).includes("the private key"));
  const ready = named(all, "web1-ready");
  assert.ok(ready.dependsOn.length > 0);
});

test.run();
