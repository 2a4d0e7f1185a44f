// Which places are secret because their description says so, however deep they are.
import * as assert from "uvu/assert";
import { providerFields } from "../../../sdk/provider/config.ts";
import { element, f } from "../../../sdk/provider/fields.ts";
import { secretPlaces, withSecrets } from "../../../sdk/provider/secret-places.ts";
import { unknown, type ValueMap } from "../../../sdk/provider/values.ts";
import { suite } from "../../support/suite.ts";

const test = suite("provider/secret-places");
const doc = { doc: "A field." };
const token = f.string({ ...doc, secret: true });
const fields = {
  name: f.string(doc),
  token,
  tokens: f.list(f.string({ ...doc, secret: true }), doc),
  users: f.list(f.object("User", { name: f.string(doc), token }, element), doc),
  byName: f.map(f.object("User", { token }, element), doc),
  whole: f.map(f.string(element), { ...doc, secret: true }),
} as const;

const cases: readonly [string, ValueMap, readonly string[]][] = [
  ["nothing is there", {}, []],
  ["no secret among what is there", { name: "a" }, []],
  ["a field", { token: "x", name: "a" }, ["token"]],
  ["a secret that is not known yet", { token: unknown }, ["token"]],
  ["null is nothing", { token: null }, []],
  ["each element of a list", { tokens: ["x", "y"] }, ["tokens[0]", "tokens[1]"]],
  [
    "a member of each object of a list",
    { users: [{ name: "a", token: "x" }, { name: "b" }, { token: "y" }] },
    ["users[0].token", "users[2].token"],
  ],
  [
    "a member of each object of a map",
    { byName: { "a.b": { token: "x" } } },
    ['byName["a.b"].token'],
  ],
  ["a whole map", { whole: { a: "x", b: "y" } }, ["whole"]],
  ["a list that is not known yet", { users: unknown }, []],
  ["a value of the wrong kind", { users: "x", byName: ["y"] }, []],
];
for (const [name, values, want] of cases) {
  test(name, () => {
    assert.equal(secretPlaces(fields, values), want);
  });
}

test("what the program marked stays secret beside it", () => {
  const properties = { values: { name: "a", token: "x" }, secrets: new Set(["name"]) };
  assert.equal([...withSecrets(fields, properties).secrets], ["name", "token"]);
});

test("keys and passwords of a machine, and of those on the way to it", () => {
  const login = {
    host: "h",
    user: "u",
    privateKey: "k",
    passphrase: "p",
    hostKey: "ssh-ed25519 A",
  };
  const ssh = { ...login, sudoPassword: "s", jumps: [login, { ...login, passphrase: null }] };
  assert.equal(secretPlaces(providerFields, { ssh, host: "unix:///x" }), [
    "ssh.privateKey",
    "ssh.passphrase",
    "ssh.sudoPassword",
    "ssh.jumps[0].privateKey",
    "ssh.jumps[0].passphrase",
    "ssh.jumps[1].privateKey",
  ]);
});

test.run();
