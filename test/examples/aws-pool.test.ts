// The example of machines of EC2, as the program registers it: who may reach what, and that the service
// is spread over all of them.

import { registerHooks } from "node:module";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import { packageRoot } from "../../sdk/engine/package.ts";
import { named, ofType, type Registered, register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";

const test = suite("examples/aws-pool");

/** The package by its name, as its source. */
registerHooks({
  resolve: (name, context, next) => {
    const [, entry] = /^dockwright(?:\/(\w+))?$/.exec(name) ?? [];
    if (!name.startsWith("dockwright")) return next(name, context);
    const file = path.join(packageRoot(), "components", entry ?? "", "index.ts");
    return next(pathToFileURL(file).href, context);
  },
});

const settings = {
  instanceType: "t3.small",
  imageId: "ami-1",
  vpcId: "vpc-1",
  vpcRange: "10.0.0.0/16",
  subnetIds: JSON.stringify(["subnet-a", "subnet-b", "subnet-c"]),
  admin: "192.0.2.7/32",
  publicKey: "ssh-ed25519 AAAA test",
  privateKey: "the private key",
  replicas: "6",
};

async function graph(): Promise<readonly Registered[]> {
  const config = Object.entries(settings).map(([key, value]) => [`harbour:${key}`, value]);
  pulumi.runtime.setAllConfig(Object.fromEntries(config) as Record<string, string>);
  const issued = { certificate: "the certificate", key: "its key" };
  return register(() => import("../../examples/aws-pool/index.ts"), { Certificate: issued });
}

test("three machines, a daemon and a proxy on each, and the service over all of them", async () => {
  const all = await graph();
  const machines = ofType(all, "aws:ec2/instance:Instance");
  assert.equal(
    machines.map(({ inputs }) => inputs["subnetId"]),
    ["subnet-a", "subnet-b", "subnet-c"],
  );
  const replicas = ofType(all, "dockwright:index:Container").filter(({ name }) =>
    /^web-\d$/.test(name),
  );
  assert.is(replicas.length, 6);
  const providers = replicas.map(({ provider }) => provider);
  assert.is(new Set(providers).size, 3, "two on each");
  const daemons = ofType(all, "dockwright:index:DockerDaemon").map(({ inputs }) => inputs);
  assert.equal(
    daemons.map((one) => one["address"]),
    Array.from({ length: 3 }, () => "tcp://203.0.113.10:2376"),
  );
  assert.ok(
    daemons.every((one) => one["clientCert"] !== undefined && one["tlsCert"] !== undefined),
  );
  assert.ok(named(all, "web-rollout"));

  const open = new Set(
    ofType(all, "SecurityGroupIngressRule").map(({ inputs }) =>
      [inputs["fromPort"], inputs["toPort"], inputs["cidrIpv4"]].join(" "),
    ),
  );
  assert.equal([...open].sort(), [
    "20000 29999 10.0.0.0/16",
    "22 22 192.0.2.7/32",
    "2376 2376 192.0.2.7/32",
    "80 80 0.0.0.0/0",
  ]);
  const text = JSON.stringify(machines.map(({ inputs }) => inputs));
  assert.not.ok(text.includes("the private key"));
});

test.run();
