// Our tables of Pulumi's provider protocol against the stubs that @pulumi/pulumi ships: every message is
// written by one and read by the other, so that a number or a type that is not the protocol's is seen.
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import * as assert from "uvu/assert";
import type { Codec } from "../../../../sdk/protobuf.ts";
import {
  diffChanges,
  initFailed,
  initFailedType,
  logPath,
  logRequest,
  logSeverities,
  methods,
  propertyDiffs,
  rpcStatus,
} from "../../../../sdk/provider/protocol/provider.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/protocol/provider");

type Name = keyof typeof methods;

/** A message of the stubs. */
interface Stub {
  serializeBinary: () => Uint8Array;
}
interface StubClass {
  new (): Stub;
  deserializeBinary: (bytes: Uint8Array) => Stub;
}

const { Empty } = empty;
/** The stubs' classes of each call's request and answer. */
const stubs: Readonly<Record<Name, readonly [request: StubClass, answer: StubClass]>> = {
  handshake: [messages.ProviderHandshakeRequest, messages.ProviderHandshakeResponse],
  attach: [plugins.PluginAttach, Empty],
  getPluginInfo: [Empty, plugins.PluginInfo],
  getSchema: [messages.GetSchemaRequest, messages.GetSchemaResponse],
  checkConfig: [messages.CheckRequest, messages.CheckResponse],
  diffConfig: [messages.DiffRequest, messages.DiffResponse],
  configure: [messages.ConfigureRequest, messages.ConfigureResponse],
  cancel: [Empty, Empty],
  check: [messages.CheckRequest, messages.CheckResponse],
  diff: [messages.DiffRequest, messages.DiffResponse],
  create: [messages.CreateRequest, messages.CreateResponse],
  read: [messages.ReadRequest, messages.ReadResponse],
  update: [messages.UpdateRequest, messages.UpdateResponse],
  delete: [messages.DeleteRequest, Empty],
  invoke: [messages.InvokeRequest, messages.InvokeResponse],
};

const json = {
  text: "é\u{1F600}",
  number: -1.5,
  none: null,
  yes: true,
  no: false,
  list: [1, "two", [], {}, [null]],
  map: { "": "empty", "a.b": { deep: [{ deeper: "x".repeat(100) }] } },
};

/** What is put where, by what our side has there when it is absent. */
function sampleOf(name: string, none: unknown): unknown {
  if (none === undefined) return { ...json, of: name };
  if (none === "") return `some ${name}`;
  if (none === false) return true;
  if (none === 0) return 5;
  throw new Error(`no sample for ${name}`);
}

const failures = [
  { property: "a", reason: "b" },
  { property: "c", reason: "" },
];
const detailedDiff = new Map([
  ["env.A", { kind: propertyDiffs.updateReplace, inputDiff: true }],
  ["", { kind: propertyDiffs.add, inputDiff: false }],
]);

/** A message of ours with something in every field. */
function filled<T extends object>(codec: Codec<T>): T {
  const samples: Readonly<Record<string, unknown>> = { failures, detailedDiff };
  const members = Object.entries(codec.decode(Buffer.alloc(0))).map(([name, none]) => [
    name,
    samples[name] ?? sampleOf(name, none),
  ]);
  return Object.fromEntries(members) as T;
}

/** A stub's getter for a field of ours. */
function valueIn(stub: Stub, name: string): unknown {
  const rest = name.toLowerCase();
  const getters = { ...Object.getPrototypeOf(stub) } as Record<string, () => unknown>;
  for (const ending of ["", "list", "map"]) {
    const getter = Object.keys(getters).find((key) => key.toLowerCase() === `get${rest}${ending}`);
    if (getter !== undefined) return plain(getters[getter]?.call(stub));
  }
  throw new Error(`the stub has no ${name}`);
}

/** What a stub's field holds, in our words. */
function plain(value: unknown): unknown {
  if (value instanceof structs.Struct) return value.toJavaScript();
  if (Array.isArray(value)) {
    return value.map((each: messages.CheckFailure) => ({
      property: each.getProperty(),
      reason: each.getReason(),
    }));
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = (value as { entries: () => Iterator<[string, messages.PropertyDiff]> }).entries();
  const map = new Map<string, object>();
  for (let step = entries.next(); !step.done; step = entries.next()) {
    const [key, each] = step.value;
    map.set(key, { kind: each.getKind(), inputDiff: each.getInputdiff() });
  }
  return map;
}

for (const name of Object.keys(methods) as Name[]) {
  const { path, request, answer } = methods[name];
  const sides: readonly [string, Codec<object>, StubClass][] = [
    ["request", request as Codec<object>, stubs[name][0]],
    ["answer", answer as Codec<object>, stubs[name][1]],
  ];
  for (const [side, codec, stubClass] of sides) {
    test(`the ${side} of ${name} is the stubs' message, field by field, both ways`, () => {
      const ours = filled(codec);
      const theirs = stubClass.deserializeBinary(codec.encode(ours));
      for (const [field, value] of Object.entries(ours)) {
        assert.equal(valueIn(theirs, field), value, field);
      }
      assert.equal(codec.decode(theirs.serializeBinary()), ours);
      // What says nothing is sent by neither.
      assert.equal(codec.decode(new stubClass().serializeBinary()), codec.decode(codec.encode({})));
    });
  }

  test(`${name} is called by the path of the stubs' service`, () => {
    assert.is(path, services.ResourceProviderService[name].path);
  });
}

test("fields that the tables do not name are skipped, whatever they are", () => {
  const request = new messages.UpdateRequest();
  request.setId("id");
  request.setIgnorechangesList(["a", "b"]);
  request.setName("name");
  request.setType("type");
  request.setResourceStatusAddress("address");
  const view = new messages.View();
  view.setName("view");
  request.addOldViews(view);
  const { id, type, urn } = methods.update.request.decode(request.serializeBinary());
  assert.equal({ id, type, urn }, { id: "id", type: "type", urn: "" });
  const check = new messages.CheckRequest();
  check.setRandomseed(Buffer.from([1, 2, 3]));
  const naming = new messages.CheckRequest.AutonamingOptions();
  naming.setProposedName("x");
  check.setAutonaming(naming);
  check.setUrn("urn");
  assert.is(methods.check.request.decode(check.serializeBinary()).urn, "urn");
});

test("a message that ends too early is an error or has less, and never reads on", () => {
  const whole = methods.create.request.encode({ urn: "urn:pulumi", properties: json });
  let refused = 0;
  for (let length = 0; length < whole.length; length++) {
    try {
      const { urn, properties = {} } = methods.create.request.decode(whole.subarray(0, length));
      assert.ok("urn:pulumi".startsWith(urn), urn);
      assert.ok(Object.keys(properties).length <= Object.keys(json).length);
    } catch (error) {
      assert.instance(error, RangeError, `${length}`);
      refused += 1;
    }
  }
  assert.ok(refused > 0);
});

test("enums have the stubs' numbers", () => {
  const { DiffChanges } = messages.DiffResponse;
  assert.equal(diffChanges, { none: DiffChanges.DIFF_NONE, some: DiffChanges.DIFF_SOME });
  const { Kind } = messages.PropertyDiff;
  assert.equal(propertyDiffs, {
    add: Kind.ADD,
    addReplace: Kind.ADD_REPLACE,
    delete: Kind.DELETE,
    deleteReplace: Kind.DELETE_REPLACE,
    update: Kind.UPDATE,
    updateReplace: Kind.UPDATE_REPLACE,
  });
  const { DEBUG, INFO, WARNING } = engine.LogSeverity;
  assert.equal(logSeverities, { debug: DEBUG, info: INFO, warning: WARNING });
});

test("what a failed create leaves is told as the engine reads it", () => {
  const left = { id: "id", properties: json, inputs: { a: 1 }, reasons: ["one", "two"] };
  const detail = { typeUrl: initFailedType, value: initFailed.encode(left) };
  const bytes = rpcStatus.encode({ code: 9, message: "words", details: [detail] });
  const status = statuses.Status.deserializeBinary(bytes);
  assert.equal([status.getCode(), status.getMessage()], [9, "words"]);
  const [any] = status.getDetailsList();
  const { deserializeBinary } = messages.ErrorResourceInitFailed;
  const told = any?.unpack(deserializeBinary, "pulumirpc.ErrorResourceInitFailed");
  assert.is(told?.getId(), "id");
  assert.equal(told?.getProperties()?.toJavaScript(), json);
  assert.equal(told?.getInputs()?.toJavaScript(), { a: 1 });
  assert.equal(told?.getReasonsList(), ["one", "two"]);
  assert.equal(initFailed.decode(initFailed.encode(left)), left);
});

test("a line of the log is the stubs' LogRequest", () => {
  const line = { severity: 2, message: "words", urn: "urn", ephemeral: true };
  const theirs = engine.LogRequest.deserializeBinary(logRequest.encode(line));
  assert.equal(
    [theirs.getSeverity(), theirs.getMessage(), theirs.getUrn(), theirs.getEphemeral()],
    [2, "words", "urn", true],
  );
  assert.is(logPath, "/pulumirpc.Engine/Log");
});

test.run();
