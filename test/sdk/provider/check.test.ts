// The checks of declared values: what passes, where a failure points, what it says.
import fc from "fast-check";
import * as assert from "uvu/assert";
import { checkFields } from "../../../sdk/provider/check.ts";
import { providerFields } from "../../../sdk/provider/config.ts";
import { element, type Field, f } from "../../../sdk/provider/fields.ts";
import { allResources } from "../../../sdk/provider/registry.ts";
import { unknown, type ValueMap, withoutNulls } from "../../../sdk/provider/values.ts";
import { cases } from "../../support/cases.ts";
import { suite } from "../../support/suite.ts";
import { key, value } from "./arbitrary.ts";
import { nearMap } from "./nearvalues.ts";

const registry = await allResources();
const test = suite("provider/check");
const doc = { doc: "A field." };

const fields = {
  image: f.string({ ...doc, required: true }),
  cpus: f.number({ ...doc, check: (cpus) => (cpus > 0 ? undefined : "write more than 0") }),
  count: f.integer(doc),
  init: f.boolean(doc),
  restart: f.choice(["no", "always"], doc),
  labels: f.map(f.string(element), doc),
  ports: f.list(
    f.object(
      "Port",
      { hostPort: f.integer(doc), port: f.integer({ ...doc, required: true }) },
      element,
    ),
    doc,
  ),
  names: f.list(f.string(element), {
    ...doc,
    check: (names) => (names.every((name) => name.startsWith("a")) ? undefined : "write an a"),
  }),
  logging: f.object(
    "Logging",
    { driver: f.string(doc) },
    { ...doc, retired: { "log-driver": "write driver" } },
  ),
  token: f.string({ ...doc, secret: true, check: () => "write another one" }),
  hash: f.string({ ...doc, computed: true, required: true }),
} as const;

/** The failures as `place: reason`. */
function failures(values: ValueMap, secrets: readonly string[] = []): readonly string[] {
  const found = checkFields(fields, { image: "x", ...values }, new Set(secrets));
  return found.map(({ property, reason }) => `${property}: ${reason}`);
}

const wrong: readonly [string, ValueMap, readonly string[]][] = [
  ["what is required must be there", { image: null }, ["image: is required"]],
  ["a string", { image: 5 }, ["image: is 5; write a string"]],
  ["a number", { cpus: "1" }, ['cpus: is "1"; write a number']],
  ["a whole number", { count: 1.5 }, ["count: is 1.5; write a whole number"]],
  ["true or false", { init: "yes" }, ['init: is "yes"; write true or false']],
  [
    "a choice names what it may be",
    { restart: "never" },
    ['restart: is "never"; write one of no, always'],
  ],
  ["a list", { ports: { port: 1 } }, ['ports: is {"port":1}; write a list']],
  ["a map", { labels: ["a"] }, ['labels: is ["a"]; write a map']],
  ["an object", { ports: ["80:80"] }, ['ports[0]: is "80:80"; write an object']],
  [
    "within an object of a list",
    { ports: [{ port: 1, hostPort: "a" }] },
    ['ports[0].hostPort: is "a"; write a whole number'],
  ],
  ["what a nested object requires", { ports: [{ port: 1 }, {}] }, ["ports[1].port: is required"]],
  [
    "within a map, with a key that needs quotes",
    { labels: { "a.b": 5 } },
    ['labels["a.b"]: is 5; write a string'],
  ],
  ["the field's own rule", { cpus: 0 }, ["cpus: is 0; write more than 0"]],
  [
    "a stranger, with what is known",
    { colour: "red" },
    [
      "colour: is not known here; known are count, cpus, hash, image, init, labels, logging, names, ports, restart, token",
    ],
  ],
  [
    "a nested stranger",
    { ports: [{ port: 1, colour: 1 }] },
    ["ports[0].colour: is not known here; known are hostPort, port"],
  ],
  [
    "a name that an object had, or has elsewhere, with what to write instead",
    { logging: { "log-driver": "local" } },
    ['logging["log-driver"]: is not known here; write driver'],
  ],
  [
    "a stranger in an object that has such names",
    { logging: { toString: "x" } },
    ["logging.toString: is not known here; known are driver"],
  ],
  [
    "a stranger named as what every object has",
    { toString: "x" },
    [
      "toString: is not known here; known are count, cpus, hash, image, init, labels, logging, names, ports, restart, token",
    ],
  ],
  [
    "all failures at once",
    { count: "a", init: 1 },
    ['count: is "a"; write a whole number', "init: is 1; write true or false"],
  ],
  [
    "a long value is cut short",
    { init: "x".repeat(200) },
    [`init: is "${"x".repeat(76)}...; write true or false`],
  ],
];
for (const [name, values, want] of wrong) {
  test(`refused: ${name}`, () => {
    assert.equal(failures(values), want);
  });
}

const right: readonly [string, ValueMap][] = [
  ["what is not required", {}],
  ["null for what is left out", { cpus: null, ports: null }],
  ["a field that the provider fills in, given or not", { hash: "abc" }],
  ["what the engine adds for itself", { __defaults: [], __internal: {} }],
  [
    "unknown in place of any kind",
    Object.fromEntries(Object.keys(fields).map((name) => [name, unknown])),
  ],
  ["what a field's own rule cannot judge yet", { names: ["a", unknown] }],
  ["unknown inside", { labels: { a: unknown }, ports: [unknown, { port: unknown, hostPort: 1 }] }],
];
for (const [name, values] of right) {
  test(`passes: ${name}`, () => {
    assert.equal(failures(values), []);
  });
}

const secretCases: readonly [string, ValueMap, readonly string[]][] = [
  ["marked by the program", { count: "hunter2" }, ["count"]],
  ["inside of what is marked", { labels: { a: ["hunter2"] } }, ["labels"]],
  ["inside a list that is marked", { ports: [{ port: "hunter2" }] }, ["ports[0]"]],
  ["of a field that is always secret", { token: "hunter2" }, []],
];
for (const [name, values, secrets] of secretCases) {
  test(`a secret is not repeated: ${name}`, () => {
    const said = failures(values, secrets);
    assert.is(said.length, 1);
    assert.not.match(said.join(), "hunter2");
    assert.match(said.join(), "write ");
  });
}

const described: readonly (readonly [string, { readonly [name: string]: Field }])[] = [
  ...registry.map(({ name, inputs }) => [name, inputs] as const),
  ["Provider", providerFields],
];

for (const [name, inputs] of described) {
  test(`${name}: any JSON is judged, nothing is thrown`, () => {
    const any = fc.oneof(
      nearMap(inputs),
      fc.dictionary(fc.oneof(key, fc.constantFrom(...Object.keys(inputs), "x")), value),
    );
    fc.assert(
      fc.property(any, (values) => {
        for (const { property, reason } of checkFields(inputs, values)) {
          assert.ok(property.length > 0 && reason.length > 0);
        }
      }),
      cases(),
    );
  });

  test(`${name}: what the checks pass does not make the resource's own check throw`, () => {
    const own = registry.find((resource) => resource.name === name)?.check;
    if (!own) return;
    fc.assert(
      fc.property(nearMap(inputs), (values) => {
        const hidden = JSON.stringify(values, (_, item: unknown) =>
          item === unknown ? "?" : item,
        );
        const known = JSON.parse(hidden) as ValueMap;
        // As an instance does: what is null was left out.
        const told = withoutNulls(known);
        if (checkFields(inputs, told).length === 0) own(told);
      }),
      cases(300),
    );
  });
}

test.run();
