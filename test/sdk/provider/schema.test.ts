// The descriptions of resources and what is made from them: schema, classes, version.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { providerFields } from "../../../sdk/provider/config.ts";
import type { Field, Fields } from "../../../sdk/provider/fields.ts";
import { findFunction, functions } from "../../../sdk/provider/functions/all.ts";
import { generatedFiles } from "../../../sdk/provider/generate.ts";
import { allResources, findResource, tokenOf } from "../../../sdk/provider/registry.ts";
import { pluginSchema } from "../../../sdk/provider/schema.ts";
import { version } from "../../../sdk/version.ts";
import { suite } from "../../support/suite.ts";

const test = suite("provider/schema");
const root = join(import.meta.dirname, "../../..");

interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Property;
  readonly additionalProperties?: Property;
  readonly description?: string;
  readonly secret?: boolean;
}
type PropertyMap = Readonly<Record<string, Property>>;
interface Schema {
  readonly version: string;
  readonly provider: { readonly inputProperties: PropertyMap };
  readonly types: Readonly<
    Record<string, { readonly properties: PropertyMap; readonly required: readonly string[] }>
  >;
  readonly functions: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly inputs: { readonly properties: PropertyMap; readonly required: readonly string[] };
        readonly outputs: { readonly properties: PropertyMap };
      }
    >
  >;
  readonly resources: Readonly<
    Record<
      string,
      {
        readonly inputProperties: PropertyMap;
        readonly requiredInputs: readonly string[];
        readonly properties: PropertyMap;
      }
    >
  >;
}
const schema = JSON.parse(JSON.stringify(await pluginSchema())) as Schema;
const registry = await allResources();

function references(property: Property): readonly string[] {
  const inner = [property.items, property.additionalProperties].filter(
    (item) => item !== undefined,
  );
  return [...(property.$ref === undefined ? [] : [property.$ref]), ...inner.flatMap(references)];
}

function allProperties(): readonly (readonly [string, Property])[] {
  const maps: [string, PropertyMap][] = [["provider", schema.provider.inputProperties]];
  for (const [token, type] of Object.entries(schema.types)) maps.push([token, type.properties]);
  for (const [token, resource] of Object.entries(schema.resources)) {
    maps.push([`${token} in`, resource.inputProperties], [`${token} out`, resource.properties]);
  }
  for (const [token, called] of Object.entries(schema.functions)) {
    maps.push([`${token} takes`, called.inputs.properties]);
    maps.push([`${token} gives`, called.outputs.properties]);
  }
  return maps.flatMap(([at, map]) =>
    Object.entries(map).map(([name, property]) => [`${at}.${name}`, property] as const),
  );
}

test("the version of the plugin is that of the package", () => {
  const text = readFileSync(join(root, "package.json"), "utf8");
  assert.is(version, (JSON.parse(text) as { version: string }).version);
  assert.is(schema.version, version);
});

test("every resource stands in the schema under its token, with its fields", async () => {
  assert.equal(
    Object.keys(schema.resources).sort(),
    registry.map(({ name }) => tokenOf(name)).sort(),
  );
  for (const resource of registry) {
    const found = schema.resources[tokenOf(resource.name)];
    const given = Object.entries(resource.inputs).filter(([, field]) => !field.options.computed);
    assert.equal(
      Object.keys(found?.inputProperties ?? {}),
      given.map(([name]) => name),
    );
    assert.equal(
      found?.requiredInputs,
      given.filter(([, field]) => field.options.required === true).map(([name]) => name),
    );
    assert.is(await findResource(tokenOf(resource.name)), resource);
  }
});

test("every function stands in the schema under its token, with what it takes and gives", () => {
  assert.equal(
    Object.keys(schema.functions).sort(),
    functions.map(({ name }) => tokenOf(name)).sort(),
  );
  for (const called of functions) {
    const found = schema.functions[tokenOf(called.name)];
    assert.is(found?.description, called.doc);
    assert.equal(Object.keys(found?.inputs.properties ?? {}), Object.keys(called.inputs));
    assert.equal(Object.keys(found?.outputs.properties ?? {}), Object.keys(called.outputs));
    assert.is(findFunction(tokenOf(called.name)), called);
  }
});

test("every reference leads to a type, and every type is referred to", () => {
  const used = allProperties().flatMap(([, property]) => references(property));
  const there = Object.keys(schema.types).map((token) => `#/types/${token}`);
  assert.equal([...new Set(used)].sort(), there.sort());
});

test("every type token is of one kind: no two descriptions share a name", () => {
  const shapes = new Map<string, Fields>();
  const visit = ({ shape }: Field): void => {
    if (shape.kind === "list" || shape.kind === "map") visit(shape.element);
    if (shape.kind !== "object") return;
    const before = shapes.get(shape.typeName);
    assert.ok(before === undefined || before === shape.fields, shape.typeName);
    shapes.set(shape.typeName, shape.fields);
    Object.values(shape.fields).forEach(visit);
  };
  for (const { inputs, outputs } of registry) {
    for (const field of Object.values({ ...inputs, ...outputs })) visit(field);
  }
  assert.ok(shapes.size > 0);
});

test("every field is documented: a sentence or more, and what a change does or is by default", () => {
  for (const [at, { description = "" }] of allProperties()) {
    assert.match(description, /^[A-Z].*[.:)`]/, at);
    assert.not.match(description, /undefined|\s{2}/, at);
  }
});

test("an input that may be left out says what then holds", () => {
  const silent: string[] = [];
  const visit = (at: string, { shape, options }: Field): void => {
    const own = options.required !== true && options.computed !== true;
    // The groups of one choice, and what a field's own words say.
    if (own && options.doc !== "" && options.default === undefined) silent.push(at);
    if (shape.kind === "list" || shape.kind === "map") visit(`${at}[]`, shape.element);
    if (shape.kind !== "object") return;
    for (const [name, field] of Object.entries(shape.fields)) visit(`${at}.${name}`, field);
  };
  for (const { name, inputs } of registry) {
    for (const [key, field] of Object.entries(inputs)) visit(`${name}.${key}`, field);
  }
  assert.equal(silent.sort(), [
    "Container.ready.http",
    "Container.ready.tcp",
    "Image.build",
    "Image.commit",
    "Image.copy",
    "Image.debian",
    "Image.load",
    "Image.pull",
    "Image.rootfs",
    "Rollout.ready.http",
    "Rollout.ready.tcp",
  ]);
});

test("keys and passwords are secret in the schema", () => {
  const secret = allProperties().filter(([, property]) => property.secret === true);
  assert.equal(
    secret.map(([at]) => at),
    [
      "provider.key",
      "dockwright:index:DaemonOptions.httpProxy",
      "dockwright:index:DaemonOptions.httpsProxy",
      "dockwright:index:SshJump.privateKey",
      "dockwright:index:SshJump.passphrase",
      "dockwright:index:Ssh.privateKey",
      "dockwright:index:Ssh.passphrase",
      "dockwright:index:Ssh.sudoPassword",
      "dockwright:index:RegistryAuth.password",
      "dockwright:index:RegistryAuth.identityToken",
      "dockwright:index:ImageBuild.secrets",
      "dockwright:index:DaemonConnection.key",
      "dockwright:index:ReleaseRecord.spec",
      "dockwright:index:Certificate in.caKey",
      "dockwright:index:Certificate out.caKey",
      "dockwright:index:Certificate out.key",
      "dockwright:index:CertificateAuthority out.key",
      "dockwright:index:Command in.environment",
      "dockwright:index:Command out.environment",
      "dockwright:index:DockerDaemon in.tlsKey",
      "dockwright:index:DockerDaemon in.clientKey",
      "dockwright:index:DockerDaemon out.tlsKey",
      "dockwright:index:DockerDaemon out.clientKey",
      "dockwright:index:Exec in.env",
      "dockwright:index:Exec in.stdin",
      "dockwright:index:Exec out.env",
      "dockwright:index:Exec out.stdin",
      "dockwright:index:ProxyCertificate in.key",
      "dockwright:index:ProxyCertificate out.key",
      "dockwright:index:QemuMachine out.privateKey",
      "dockwright:index:RandomSecret out.value",
      "dockwright:index:Release in.spec",
      "dockwright:index:Release out.spec",
      "dockwright:index:SwarmSecret in.data",
      "dockwright:index:SwarmSecret out.data",
      "dockwright:index:Unit in.environment",
      "dockwright:index:Unit out.environment",
      "dockwright:index:inspectContainer gives.inspection",
    ],
  );
  assert.is(providerFields.key.options.secret, true);
});

test("the classes in sdk/resources are what `npm run generate` makes", async () => {
  const folder = join(root, "sdk/resources");
  const files = await generatedFiles();
  const there = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  assert.equal(there.sort(), [...files.keys()].sort());
  const stale = [...files].filter(
    ([name, text]) => readFileSync(join(folder, name), "utf8") !== text,
  );
  assert.equal(
    stale.map(([name]) => name),
    [],
    "run npm run generate",
  );
});

test.run();
