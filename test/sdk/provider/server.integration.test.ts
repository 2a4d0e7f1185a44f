// The protocol, spoken to the real plugin with a real daemon behind it and no engine.

import type plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import * as assert from "uvu/assert";
import { unknown } from "../../../sdk/provider/values.ts";
import { version } from "../../../sdk/version.ts";
import { suite } from "../../support/suite.ts";
import { Fixture, missing } from "../docker/fixture.ts";
import { bundle, Plugin, type Recorded, refusal, textOf, urnOf } from "./plugin.ts";

const test = suite("provider/server");
const lab = new Fixture("provider-server");
const reason = missing();
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let shared: Plugin | undefined;

function plugin(): Plugin {
  if (!shared) throw new Error("the plugin was not started");
  return shared;
}

test.before(async () => {
  if (reason) return;
  built = await bundle();
  await lab.makeImage();
  shared = await Plugin.start(built.path);
});
test.after(async () => {
  await shared?.stop();
  await built?.remove();
  if (!reason) await lab.clean();
});

/** What another run of the engine deletes: this run would not take away what it made itself. */
async function deleteLater(urn: string, made: Recorded): Promise<Plugin["lines"]> {
  const later = await Plugin.start(built?.path ?? "");
  await later.delete(urn, made);
  await later.stop();
  return later.lines;
}

function rule(name: string, run: () => Promise<void>): void {
  if (reason) test.skip(`${name} (${reason})`);
  else test(name, run);
}

rule("GetPluginInfo says the package's version", async () => {
  const info = await plugin().call<plugins.PluginInfo>("getPluginInfo", new empty.Empty());
  assert.is(info.getVersion(), version);
});

rule("GetSchema gives the schema, with every resource", async () => {
  const request = new messages.GetSchemaRequest();
  const answer = await plugin().call<messages.GetSchemaResponse>("getSchema", request);
  const schema = JSON.parse(answer.getSchema()) as { name: string; resources: object };
  assert.is(schema.name, "dockwright");
  for (const kind of ["Container", "Image", "Network", "RandomSecret", "Route", "Volume"]) {
    assert.ok(`dockwright:index:${kind}` in schema.resources, kind);
  }
});

rule("Check names every wrong place at once, and no secret value", async () => {
  const { failures } = await plugin().check(urnOf("Container", "bad"), {
    values: {
      ports: [{ hostPort: "http", containerPort: 80 }],
      labels: { "a.b": 5 },
      env: { TOKEN: ["hunter2-hunter2"] },
      colour: "red",
    },
    secrets: new Set(["env.TOKEN"]),
  });
  assert.equal(failures.map(({ property }) => property).sort(), [
    "colour",
    "env.TOKEN",
    "image",
    'labels["a.b"]',
    "ports[0].hostPort",
  ]);
  assert.not.match(JSON.stringify(failures), "hunter2");
});

rule("Check of a resource tells what no single field can", async () => {
  const { failures } = await plugin().check(urnOf("Container", "bad"), {
    image: "x",
    networkMode: "host",
    networks: [{ network: "front" }],
  });
  assert.equal(
    failures.map(({ property }) => property),
    ["networkMode"],
  );
});

rule("CheckConfig refuses a plain address and unknown words, each by its place", async () => {
  const failures = await plugin().checkConfig({ host: "ssh://somewhere", colour: "red" });
  assert.equal(
    failures.map(({ property }) => property),
    ["host", "colour"],
  );
});

rule(
  "the record of a rollback, which a default provider is handed too, is not its own",
  async () => {
    const { failures, inputs } = await plugin().checkConfigWith({ rollback: "packed" });
    assert.equal(failures, []);
    assert.not.ok("rollback" in inputs.values, JSON.stringify(inputs));
  },
);

rule("an unknown resource type is refused with those that there are", async () => {
  const said = await refusal(plugin().check(urnOf("Pod", "x"), {}));
  assert.match(said, "dockwright:index:Pod");
  assert.match(said, "dockwright:index:Container");
});

rule("previews of creates touch nothing, and tell what is certain", async () => {
  const seen: string[] = [];
  const events = await lab.client.system.openEvents();
  const following = (async () => {
    for await (const event of events) {
      const { name = event.Actor.ID } = event.Actor.Attributes;
      if (name.includes(lab.prefix)) seen.push(`${event.Action} ${name}`);
    }
  })().catch(() => undefined);
  const urn = urnOf("Container", lab.name());
  const { inputs } = await plugin().check(urn, { image: lab.image });
  const container = await plugin().create(urn, inputs, { preview: true });
  const blind = await plugin().check(urn, { image: unknown });
  const unsure = await plugin().create(urn, blind.inputs, { preview: true });
  const net = urnOf("Network", lab.name());
  const network = await plugin().create(net, (await plugin().check(net, {})).inputs, {
    preview: true,
  });
  const vol = urnOf("Volume", lab.name());
  await plugin().create(vol, (await plugin().check(vol, {})).inputs, { preview: true });
  // A real object made afterwards shows that the stream would have told.
  const witness = lab.name();
  await lab.client.volumes.create({ Name: witness });
  await new Promise((resolve) => setTimeout(resolve, 300));
  events.close();
  await following;
  assert.equal(seen, [`create ${witness}`]);
  assert.is(container.id, "");
  assert.is(container.outputs.values["running"], true);
  assert.is(container.outputs.values["containerId"], unknown);
  assert.is(unsure.outputs.values["name"], unknown);
  assert.is(network.outputs.values["networkName"], network.outputs.values["name"]);
});

rule("a network is made, read, silent on a second look, and deleted; gone is gone", async () => {
  const urn = urnOf("Network", lab.name());
  const declared = { internal: true, icc: false, mtu: 1400, labels: { a: "1" } };
  const made = await plugin().make(urn, declared);
  const { inputs } = await plugin().check(urn, declared, made.inputs);
  assert.equal((await plugin().diff(urn, made, inputs)).changes, {});
  const read = await plugin().read(urn, made.id, made);
  assert.equal(read?.inputs.values, inputs.values);
  assert.equal(read?.outputs, made.outputs);
  const changed = await plugin().check(urn, { ...declared, labels: { a: "2" } }, made.inputs);
  assert.equal((await plugin().diff(urn, made, changed.inputs)).changes, {
    "labels.a": "update_replace",
  });
  await plugin().delete(urn, made);
  await plugin().delete(urn, made);
  assert.is(await plugin().read(urn, made.id, made), undefined);
});

rule("an imported network is as its own program declares it", async () => {
  const urn = urnOf("Network", lab.name());
  const declared = { name: lab.name(), internal: true, icc: false, mtu: 1400, labels: { a: "1" } };
  const made = await plugin().make(urn, declared);
  const read = await plugin().read(urn, made.id);
  assert.ok(read);
  // The daemon's own choice of a subnet cannot be told from a declared one.
  const { usedSubnet: subnet } = made.outputs.values;
  const { inputs } = await plugin().check(urn, { ...declared, subnet: subnet ?? "" }, read.inputs);
  assert.equal((await plugin().diff(urn, read, inputs)).changes, {});
});

rule("a network whose name begins another one's id is still made", async () => {
  const first = await plugin().make(urnOf("Network", lab.name()), {});
  const name = first.id.slice(0, 14);
  const second = await plugin().make(urnOf("Network", name), { name });
  await lab.client.networks.remove(second.id);
  assert.is.not(second.id, first.id);
});

rule("a network of somebody else is refused by name, with the fix", async () => {
  const name = lab.name();
  await lab.client.networks.create({ Name: name });
  const said = await refusal(plugin().make(urnOf("Network", "net"), { name }));
  assert.match(said, `the network "${name}" exists and was not made by this resource`);
  assert.match(said, "fix: adopt it with the import option");
});

rule("a volume outlives its resource, and the next update takes it back", async () => {
  const urn = urnOf("Volume", lab.name());
  const made = await plugin().make(urn, {});
  const name = textOf(made.outputs.values, "volumeName");
  const told = await deleteLater(urn, made);
  assert.ok(await lab.client.volumes.inspect(name), "it is still there");
  assert.ok(told.some(({ text }) => text.includes(`kept the volume "${name}"`)));
  const again = await plugin().make(urn, {});
  assert.is(again.id, made.id);
  assert.ok(plugin().lines.some(({ text }) => text.includes(`took back the volume "${name}"`)));
});

rule("a volume with delete: true goes, and its outputs say what is declared", async () => {
  const urn = urnOf("Volume", lab.name());
  const made = await plugin().make(urn, { delete: false });
  const { inputs } = await plugin().check(urn, { delete: true }, made.inputs);
  assert.equal((await plugin().diff(urn, made, inputs)).changes, { delete: "update" });
  const planned = await plugin().update(urn, made, inputs, true);
  assert.is(planned.outputs.values["delete"], true);
  const updated = await plugin().update(urn, made, inputs);
  assert.is(updated.outputs.values["delete"], true);
  await deleteLater(urn, updated);
  assert.is(await lab.client.volumes.inspect(made.id), undefined);
  await deleteLater(urn, updated);
});

rule("a volume of somebody else is refused by name, with the fix", async () => {
  const name = lab.name();
  await lab.client.volumes.create({ Name: name });
  const said = await refusal(plugin().make(urnOf("Volume", "vol"), { name }));
  assert.match(said, `the volume "${name}" exists and was not made by this resource`);
  assert.match(said, "fix: ");
});

rule("a random secret is a secret, and stays what it is", async () => {
  const urn = urnOf("RandomSecret", "password");
  const made = await plugin().make(urn, { length: 20 });
  assert.ok(made.outputs.secrets.has("value"));
  assert.is(textOf(made.outputs.values, "value").length, 20);
  const read = await plugin().read(urn, made.id, made);
  assert.equal(read?.outputs, made.outputs);
  const { inputs } = await plugin().check(urn, { length: 20 }, made.inputs);
  assert.equal((await plugin().diff(urn, made, inputs)).changes, {});
});

rule(
  "a daemon that is not there: the error names socket and fix, the plugin lives on",
  async () => {
    const socket = `/tmp/${lab.prefix}-none.sock`;
    const far = await Plugin.start(built?.path ?? "", { host: `unix://${socket}` });
    try {
      for (let turn = 0; turn < 2; turn += 1) {
        const said = await refusal(far.make(urnOf("Volume", "far"), {}));
        assert.match(said, `there is no socket ${socket}`);
        assert.match(said, "fix: install Docker and start its daemon");
      }
      const read = await refusal(far.read(urnOf("Container", "far"), "far"));
      assert.match(read, socket);
      assert.is(far.child.exitCode, null);
    } finally {
      await far.stop();
    }
    assert.is(far.stderr, "");
  },
);

test.run();
