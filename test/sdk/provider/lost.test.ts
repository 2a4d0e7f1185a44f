// An instance of a host that is lost, call by call: it answers from what is recorded, and refuses what
// would have to be done there. Its daemon's address leads nowhere, so that a contact would fail.
import * as assert from "uvu/assert";
import type { Properties } from "../../../sdk/provider/wire.ts";
import { suite } from "../../support/suite.ts";
import { newInstance } from "./declared.ts";
import { urnOf } from "./plugin.ts";

const test = suite("provider/lost");
const none: Properties = { values: {}, secrets: new Set() };
const given = (values: Properties["values"]): Properties => ({ values, secrets: new Set() });
const callOf = (kind: string) => ({ urn: urnOf(kind, "data"), type: `dockwright:index:${kind}` });

const volume = {
  inputs: given({ name: "data-1" }),
  outputs: given({ name: "data-1", volumeName: "data-1", mountpoint: "/v/data-1" }),
};
const backup = {
  inputs: given({ volume: "data-1", path: "data.tar" }),
  outputs: given({
    volume: "data-1",
    path: "data.tar",
    sizeBytes: 3,
    sha256: "00",
    takenAt: "2026-01-02T03:04:05Z",
  }),
};
const container = {
  inputs: given({ name: "web-1", image: "shop:1" }),
  outputs: given({ name: "web-1", image: "shop:1", containerId: "4f5e" }),
};
const recorded = ({ inputs, outputs }: typeof volume) => ({
  inputs: inputs.values,
  outputs: outputs.values,
});

function lostInstance() {
  const said: string[] = [];
  const instance = newInstance();
  instance.useLog({
    log: ({ severity, text }) => void said.push(`${severity}: ${text}`),
    flush: () => Promise.resolve(),
    close: () => undefined,
  });
  instance.configure(given({ host: "tcp://192.0.2.1:2376", lost: true }));
  return { instance, said };
}

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return newInstance().explain(error);
  }
  throw new Error("it was not refused");
}

test("the provider's word is checked, and a change of it is an update", () => {
  const { instance } = lostInstance();
  assert.equal(instance.checkConfig(given({ lost: "yes" })).failures.length, 1);
  const changes = instance.diffConfig(none, given({ lost: true }));
  assert.equal(
    changes.map(({ property, replace }) => [property, replace]),
    [["lost", false]],
  );
});

test("check keeps the recorded inputs, so that a change is seen once the host is back", async () => {
  const { instance } = lostInstance();
  const call = callOf("Container");
  const { inputs, failures } = await instance.check(
    call,
    container.inputs,
    given({ image: "shop:2" }),
  );
  assert.equal(failures, []);
  assert.equal(inputs, container.inputs);
  const { changes } = await instance.diff(call, "web-1", recorded(container), inputs);
  assert.equal(changes, []);
});

test("whatever is declared, no change is found", async () => {
  const { instance, said } = lostInstance();
  const { changes, deleteBeforeReplace } = await instance.diff(
    callOf("Container"),
    "web-1",
    recorded(container),
    given({ image: "shop:2" }),
  );
  assert.equal([changes, deleteBeforeReplace, said], [[], false, []]);
});

test("a volume that stays is named, and so is its last backup", async () => {
  const { instance, said } = lostInstance();
  await instance.diff(callOf("Volume"), "data-1", recorded(volume), volume.inputs);
  await instance.diff(callOf("VolumeBackup"), "data.tar", recorded(backup), backup.inputs);
  assert.equal(said, [
    'warning: the volume "data-1" and its data are on a host that is lost',
    'warning: the last backup of the volume "data-1", whose host is lost, is data.tar, taken at 2026-01-02T03:04:05Z',
  ]);
});

test("a read gives what is recorded", async () => {
  const { instance } = lostInstance();
  const seen = await instance.read(callOf("Container"), "web-1", container);
  assert.equal(seen, { id: "web-1", inputs: container.inputs, properties: container.outputs });
});

test("a delete forgets, and says so", async () => {
  const { instance, said } = lostInstance();
  await instance.delete(callOf("Container"), "web-1", recorded(container));
  await instance.delete(callOf("Volume"), "data-1", recorded(volume));
  await instance.delete(callOf("VolumeBackup"), "data.tar", recorded(backup));
  assert.equal(said, [
    "info: forgot web-1: its host is lost, and nothing was done there",
    'warning: the volume "data-1" and its data are on a host that is lost: it is forgotten here, and the data stays there',
    'warning: the last backup of the volume "data-1", whose host is lost, is data.tar, taken at 2026-01-02T03:04:05Z: the file is kept',
  ]);
});

const words = /^data cannot be [\w ]+: its host is marked as lost\nfix: take it out of the program/;
const refused: readonly [string, (instance: ReturnType<typeof newInstance>) => unknown][] = [
  ["a preview of a create", (one) => one.previewCreate(callOf("Container"), container.inputs)],
  ["a create", (one) => one.create(callOf("Container"), container.inputs)],
  [
    "an update",
    (one) => one.update(callOf("Volume"), "data-1", recorded(volume), given({ delete: true })),
  ],
  ["an import", (one) => one.read(callOf("Volume"), "data-1", undefined)],
];
for (const [what, work] of refused) {
  test(`${what} is refused in words`, async () => {
    const { instance } = lostInstance();
    assert.match(await refusal(() => work(instance)), words);
  });
}

test("a question is refused in words", async () => {
  const { instance } = lostInstance();
  const ask = () =>
    instance.invoke("dockwright:index:getLogs", given({ container: "4f5e" }), false);
  assert.match(await refusal(ask), "getLogs cannot be asked: its host is marked as lost");
});

test.run();
