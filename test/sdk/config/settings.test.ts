// A program's settings: what `load()` gives, with its types, what it throws, and that it is one error a
// person can read. What a stack exports and what another reads of it, by the same schema.
import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import {
  ConfigError,
  defineConfig,
  defineOutputs,
  secret,
  stackLink,
  z,
} from "../../../sdk/config/index.ts";
import { isSettings } from "../../../sdk/config/mark.ts";
import { suite } from "../../support/suite.ts";

const test = suite("config/settings");

/** What the other stack has. */
let exported: Record<string, unknown> = {};
let secretNames: readonly string[] = [];

test.before(() => {
  void pulumi.runtime.setMocks(
    {
      call: ({ inputs }) => inputs as Record<string, unknown>,
      newResource: ({ inputs, name }) => {
        const outputs = { ...inputs, outputs: exported, secretOutputNames: secretNames };
        return { id: name, state: outputs };
      },
    },
    "shop",
    "qa",
    false,
    "organization",
  );
  // An Output that fails has further promises of its own, which nobody waits for.
  process.on("unhandledRejection", (error) => {
    if (!pulumi.RunError.isInstance(error)) throw error;
  });
});

function configure(plain: Record<string, string>, secrets: Record<string, string> = {}): void {
  pulumi.runtime.setAllConfig({ ...plain, ...secrets }, Object.keys(secrets));
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!pulumi.RunError.isInstance(error)) throw error;
    return error.message;
  }
  return "nothing was refused";
}

const settings = defineConfig({
  replicas: z.int().min(1).default(2),
  size: z.enum(["small", "large"]),
  region: z.string().optional(),
  password: secret(z.string()),
  token: secret(z.string().optional()),
});

test("values have the types of the schema; secrets are Outputs that stay secret", async () => {
  configure({ "shop:size": "large", "aws:region": "x" }, { "shop:password": "sesame" });
  const { replicas, size, region, password, token } = settings.load();
  const checked: [number, "small" | "large", string | undefined] = [replicas, size, region];
  assert.equal(checked, [2, "large", undefined]);
  assert.is(token, undefined);
  const held: pulumi.Output<string> = password;
  assert.ok(await pulumi.isSecret(held));
  assert.is(await new Promise((resolve) => held.apply(resolve)), "sesame");
});

test("one error says all of it, and ends the program without a stack trace", () => {
  configure({ "shop:replicas": "0", "shop:password": "hunter2", "shop:tokn": "hunter2" });
  const said = refusal(() => settings.load());
  assert.is(
    said,
    `the configuration of shop, stack qa, has 4 problems:
  shop:replicas is 0; it takes an integer of at least 1
    fix: run \`pulumi config set shop:replicas VALUE --stack qa\`
  shop:size is not set; it takes "small" or "large"
    fix: run \`pulumi config set shop:size VALUE --stack qa\`
  shop:password is a secret and stands in plain
    fix: run \`pulumi config set --secret shop:password --stack qa\`
  shop:tokn is not known; did you mean shop:token?
    fix: run \`pulumi config rm shop:tokn --stack qa\``,
  );
  try {
    settings.load();
  } catch (error) {
    assert.instance(error, ConfigError);
    assert.is((error as ConfigError).problems.length, 4);
  }
});

test("another namespace, and keys that something else reads", () => {
  configure({ "cloud:zone": "b", "cloud:other": "1", "shop:unread": "1" });
  const cloud = defineConfig({ zone: z.string() }, { namespace: "cloud", allowUnknown: true });
  assert.equal(cloud.load(), { zone: "b" });
  assert.ok(isSettings(cloud) && !isSettings({}) && !isSettings(null) && !isSettings("x"));
});

test("a name that is no key is refused where it is written", () => {
  assert.match(
    refusal(() => defineConfig({ "a:b": z.int() })),
    /^the name "a:b" cannot be a key/,
  );
});

test("the keys of a stack's file: as Pulumi takes them, and as it writes them", () => {
  const { properties, required } = settings.keys("shop");
  assert.equal(required, ["shop:size", "shop:password"]);
  assert.equal(properties["shop:size"], {
    anyOf: [{ type: "string", enum: ["small", "large"] }, { type: ["number", "boolean"] }],
  });
  assert.is(properties["shop:replicas"]?.["default"], 2);
  assert.not.match(JSON.stringify(properties["shop:password"]), /"string","minLength"/);
});

const outputs = defineOutputs({
  url: z.string(),
  ports: z.array(z.int()).default([80]),
  keys: secret(z.strictObject({ ci: z.string() })),
});

const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  (output as unknown as { promise: () => Promise<T> }).promise();

test("what is exported fits, with defaults, and secret where the schema says so", async () => {
  const made = outputs.export({
    url: pulumi.output("http://x/"),
    keys: { ci: pulumi.output("k") },
  });
  const url: pulumi.Output<string> = made.url;
  assert.equal(await Promise.all([valueOf(url), valueOf(made.ports), valueOf(made.keys)]), [
    "http://x/",
    [80],
    { ci: "k" },
  ]);
  assert.equal(await Promise.all([pulumi.isSecret(made.keys), pulumi.isSecret(url)]), [
    true,
    false,
  ]);
});

test("what does not fit is refused: at once where it is plain, all of it, and no value is said", async () => {
  const said = refusal(() =>
    outputs.export({
      // @ts-expect-error: no text
      url: 3,
      // @ts-expect-error: no list of integers
      ports: ["hunter2"],
      keys: { ci: "k" },
    }),
  );
  assert.is(
    said,
    "the output url is a number; it has to be a text\nthe output ports[0] is a text; it has to be an integer",
  );
  // @ts-expect-error: an output that is known later, and no text
  const later = outputs.export({ url: pulumi.output(3), keys: { ci: "k" } });
  const fault = await valueOf(later.url).catch((error: unknown) => (error as Error).message);
  assert.is(fault, "the output url is a number; it has to be a text");
});

test("the types refuse what a schema does not have", () => {
  const never = (): unknown[] => [
    // @ts-expect-error: an output is missing
    outputs.export({ url: "x" }),
    // @ts-expect-error: an output too many
    outputs.export({ url: "x", keys: { ci: "k" }, more: 1 }),
    // @ts-expect-error: no such output
    stackLink({ stack: "tools" }, outputs).get("uri"),
    // @ts-expect-error: it is a text
    stackLink({ stack: "tools" }, outputs).get("url") satisfies pulumi.Output<number>,
    // @ts-expect-error: no such value
    settings.load().replica,
    // @ts-expect-error: a secret is an Output
    settings.load().password satisfies string,
    // @ts-expect-error: a schema is needed
    defineConfig({ a: "string" }),
  ];
  assert.type(never, "function");
});

test("a link gives what the other stack exports, typed; secret by either side", async () => {
  exported = { url: "http://x/", ports: [1], keys: { ci: "k" } };
  secretNames = ["url"];
  const link = stackLink({ stack: "one" }, outputs);
  assert.is(link.stack, "organization/shop/one");
  const [url, keys] = [link.get("url"), link.get("keys")];
  const ci: pulumi.Output<string> = keys.ci;
  assert.equal(await Promise.all([valueOf(url), valueOf(ci)]), ["http://x/", "k"]);
  const secrets = [pulumi.isSecret(url), pulumi.isSecret(keys), pulumi.isSecret(link.get("ports"))];
  assert.equal(await Promise.all(secrets), [true, true, false]);
});

const links: readonly (readonly [
  rule: string,
  there: Record<string, unknown>,
  name: "url" | "keys",
  says: RegExp,
])[] = [
  [
    "missing",
    { uri: "x", ports: [] },
    "url",
    /^the outputs of stack org\/p\/missing do not fit: url is not there; it has to be a text; did it mean uri\?\nfix: run `pulumi up --stack org\/p\/missing`/,
  ],
  ["none", {}, "url", /url is not there; it has to be a text; the stack has no outputs yet/],
  ["wrong", { url: ["hunter2"] }, "url", /url is a list of 1; it has to be a text\n/],
  [
    "secret",
    { keys: { ci: 3, hunter2: "hunter2" } },
    "keys",
    /keys\.ci is a number; it has to be a text\n/,
  ],
];

for (const [rule, there, name, says] of links) {
  test(`a link is refused: ${rule}`, async () => {
    exported = there;
    secretNames = ["keys"];
    const link = stackLink(`org/p/${rule}`, outputs);
    const said = await valueOf<unknown>(link.get(name)).catch(
      (error: unknown) => (error as Error).message,
    );
    assert.match(String(said), says);
    assert.not.match(String(said), /hunter2/);
  });
}

for (const name of ["tools", "a/b", "a//b", "a/b/c/d", ""]) {
  test(`no name of a stack: "${name}"`, () =>
    assert.match(
      refusal(() => stackLink(name, outputs)),
      /^the stack to link is .*; write ORG/,
    ));
}

test.run();
