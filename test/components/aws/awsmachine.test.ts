// A machine of EC2 as a host: what is open, what is encrypted, and that it feeds a pool.

import * as assert from "uvu/assert";
import { HostPool, Service, TlsDaemon } from "../../../components/index.ts";
import { named, ofType, type Registered, register } from "../../../sdk/testing/recorder.ts";
import { suite } from "../../support/suite.ts";
import { machine } from "./lab.ts";

const test = suite("aws/awsmachine");
type Inputs = Registered["inputs"];

test("it is open to who was named, its disk is encrypted, its metadata wants a token", async () => {
  const all = await register(() => machine("web1"));
  const rules = ofType(all, "SecurityGroupIngressRule").map(({ inputs }) => [
    inputs["fromPort"],
    inputs["toPort"],
    inputs["cidrIpv4"],
  ]);
  assert.equal(rules, [
    [22, 22, "192.0.2.7/32"],
    [443, 443, "0.0.0.0/0"],
    [20000, 29999, "10.0.0.0/16"],
  ]);
  assert.ok(named(all, "web1-machine"));
  const inputs = ofType(all, "Instance")[0]?.inputs ?? {};
  assert.is((inputs["rootBlockDevice"] as Inputs)["encrypted"], true);
  assert.is((inputs["metadataOptions"] as Inputs)["httpTokens"], "required");
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
  assert.is(ofType(all, "Instance").length, 3);
  const text = JSON.stringify(ofType(all, "Instance").map(({ inputs }) => inputs));
  assert.not.ok(text.includes("the private key"));
});

test.run();
