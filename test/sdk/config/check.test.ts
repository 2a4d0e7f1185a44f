// Configuration against its schema: what each text is read as, every message with its fix, nothing of a
// secret in any of it, and any input at all without a crash.
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { type ConfigCheck, type ConfigEntries, checkConfig } from "../../../sdk/config/check.ts";
import { type Fields, secret } from "../../../sdk/config/fields.ts";
import { z } from "../../../sdk/config/index.ts";
import { describeSchema, jsonSchemaOf, nearest } from "../../../sdk/config/words.ts";
import { suite } from "../../support/suite.ts";

const test = suite("config/check");

type Plain = Readonly<Record<string, string>>;

function entriesOf(
  plain: Plain,
  secrets: Readonly<Record<string, string | undefined>> = {},
): ConfigEntries {
  const of = (values: object, isSecret: boolean) =>
    Object.entries(values).map(([key, text]: [string, string | undefined]) => {
      return [key, { text, secret: isSecret }] as const;
    });
  return new Map([...of(plain, false), ...of(secrets, true)]);
}

const checkOf = (fields: Fields, more: Partial<ConfigCheck> = {}): ConfigCheck => ({
  fields,
  namespace: "shop",
  stack: "qa",
  allowUnknown: false,
  ...more,
});

function problemsOf(fields: Fields, entries: ConfigEntries, more: Partial<ConfigCheck> = {}) {
  return checkConfig(checkOf(fields, more), entries).problems;
}

const read: readonly (readonly [rule: string, schema: z.ZodType, text: string, value: unknown])[] =
  [
    ["a text as it is", z.string(), "8080", "8080"],
    ["a text that looks like an object stays a text", z.string(), '{"a":1}', '{"a":1}'],
    ["an empty text", z.string(), "", ""],
    ["an integer", z.int(), "3", 3],
    ["a number with an exponent", z.number(), "-2.5e3", -2500],
    ["a number between blanks", z.number(), " 7 ", 7],
    ["true", z.boolean(), "true", true],
    ["false", z.boolean(), "false", false],
    ["a list", z.array(z.string()), '["a","b"]', ["a", "b"]],
    ["an object", z.strictObject({ port: z.int() }), '{"port":22}', { port: 22 }],
    ["an object's default", z.object({ port: z.int().default(22) }), "{}", { port: 22 }],
    ["a record", z.record(z.string(), z.int()), '{"a":1}', { a: 1 }],
    ["a choice", z.enum(["small", "large"]), "large", "large"],
    ["a number or a word: the word", z.union([z.int(), z.literal("auto")]), "auto", "auto"],
    ["a number or a word: the number", z.union([z.int(), z.literal("auto")]), "4", 4],
    ["what may be null", z.strictObject({ a: z.int() }).nullable(), "null", null],
    ["what zod coerces itself", z.coerce.date(), "2026-01-02", new Date("2026-01-02")],
    ["what is made of a text", z.string().transform((text) => text.length), "abc", 3],
  ];

for (const [rule, schema, text, value] of read) {
  test(`read: ${rule}`, () => {
    const { values, problems } = checkConfig(
      checkOf({ field: schema }),
      entriesOf({ "shop:field": text }),
    );
    assert.equal(problems, []);
    assert.equal(values["field"], value);
  });
}

const host = z.strictObject({ address: z.string(), port: z.int().min(1).max(65535).default(22) });

const refused: readonly (readonly [
  rule: string,
  schema: z.ZodType,
  text: string | undefined,
  message: string,
  fix: string,
])[] = [
  [
    "missing",
    z.int().min(1),
    undefined,
    "shop:field is not set; it takes an integer of at least 1",
    "run `pulumi config set shop:field VALUE --stack qa`",
  ],
  [
    "missing, with members",
    host,
    undefined,
    "shop:field is not set; it takes an object with address, port?",
    "write shop:field in Pulumi.qa.yaml as an object with address, port?",
  ],
  [
    "no number",
    z.int().min(1).max(9),
    "zero",
    'shop:field is "zero"; it takes an integer from 1 to 9',
    "run `pulumi config set shop:field VALUE --stack qa`",
  ],
  [
    "a number with a tail is none",
    z.number(),
    "80px",
    'shop:field is "80px"; it takes a number',
    "run `pulumi config set shop:field VALUE --stack qa`",
  ],
  [
    "out of its range",
    z.int().min(1).max(9),
    "12",
    "shop:field is 12; it takes an integer from 1 to 9",
    "run `pulumi config set shop:field VALUE --stack qa`",
  ],
  [
    "no truth value",
    z.boolean(),
    "yes",
    'shop:field is "yes"; it takes true or false',
    "run `pulumi config set shop:field VALUE --stack qa`",
  ],
  [
    "not one of a few",
    z.enum(["small", "large"]),
    "big",
    'shop:field is "big"; it takes "small" or "large"',
    "run `pulumi config set shop:field VALUE --stack qa`",
  ],
  [
    "a text that is too short",
    z.string().min(3),
    "ab",
    'shop:field is "ab"; it takes a text of at least 3 characters',
    "run `pulumi config set shop:field VALUE --stack qa`",
  ],
  [
    "a text of another form",
    z.string().regex(/^v\d+$/),
    "1",
    'shop:field is "1"; it takes a text that matches ^v\\d+$',
    "run `pulumi config set shop:field VALUE --stack qa`",
  ],
  [
    "a rule of its own, in its own words",
    z.string().refine((text) => text !== "root", "it must not be root"),
    "root",
    'shop:field is "root"; it must not be root',
    "run `pulumi config set shop:field VALUE --stack qa`",
  ],
  [
    "deep within",
    z.array(host),
    '[{"address":"a"},{"address":"b","port":"ssh"}]',
    'shop:field[1].port is "ssh"; it takes an integer from 1 to 65535',
    "run `pulumi config set --path 'shop:field[1].port' VALUE --stack qa`",
  ],
  [
    "a member that is missing",
    z.array(host),
    "[{}]",
    "shop:field[0].address is not set; it takes a text",
    "run `pulumi config set --path 'shop:field[0].address' VALUE --stack qa`",
  ],
  [
    "a member that is not known",
    host,
    '{"address":"a","prot":1}',
    "shop:field.prot is not known; did you mean port?",
    "run `pulumi config rm --path 'shop:field.prot' --stack qa`",
  ],
  [
    "a list that is no JSON",
    z.array(z.string()),
    "a, b",
    'shop:field is "a, b"; it takes a list, each a text',
    "write shop:field in Pulumi.qa.yaml as a list, each a text",
  ],
  [
    "a long value is cut",
    z.int(),
    "x".repeat(200),
    `shop:field is "${"x".repeat(59)}...; it takes an integer`,
    "run `pulumi config set shop:field VALUE --stack qa`",
  ],
];

for (const [rule, schema, text, message, fix] of refused) {
  test(`refused: ${rule}`, () => {
    const entries = entriesOf(text === undefined ? {} : { "shop:field": text });
    const problems = problemsOf({ field: schema }, entries);
    assert.equal(
      problems.map((one) => [one.message, one.fix]),
      [[message, fix]],
    );
  });
}

test("all of it at once, in the order of the fields, unknown keys last", () => {
  const fields = { replicas: z.int(), size: z.enum(["s", "l"]), hosts: z.array(host) };
  const hosts = '[{"port":0},{"address":3}]';
  const entries = entriesOf({ "shop:size": "m", "shop:hosts": hosts, "shop:replica": "2" });
  assert.equal(
    problemsOf(fields, entries).map(({ kind, path }) => `${kind} ${path}`),
    [
      "missing shop:replicas",
      "wrong shop:size",
      "wrong shop:hosts[0].address",
      "wrong shop:hosts[0].port",
      "wrong shop:hosts[1].address",
      "unknown shop:replica",
    ],
  );
});

test("keys of the namespace that nobody knows are refused; those of others are left alone", () => {
  const fields = { replicas: z.int().default(1), port: z.int().default(80) };
  const entries = entriesOf({
    "shop:replcias": "2",
    "shop:zzz": "1",
    "aws:region": "eu",
    "x:port": "y",
  });
  assert.equal(
    problemsOf(fields, entries).map(({ message, fix }) => [message, fix]),
    [
      [
        "shop:replcias is not known; did you mean shop:replicas?",
        "run `pulumi config rm shop:replcias --stack qa`",
      ],
      [
        "shop:zzz is not known; there are shop:replicas, shop:port",
        "run `pulumi config rm shop:zzz --stack qa`",
      ],
    ],
  );
  assert.equal(problemsOf(fields, entries, { allowUnknown: true }), []);
});

test("defaults hold where nothing is set; what is optional may be missing", () => {
  const fields = {
    a: z.int().default(2),
    b: z.string().optional(),
    c: secret(z.string().default("x")),
  };
  const { values, problems } = checkConfig(checkOf(fields), new Map());
  assert.equal([values, problems], [{ a: 2, b: undefined, c: "x" }, []]);
});

test("a secret that stands in plain, and a secret that the program takes in plain", () => {
  const entries = entriesOf({ "shop:password": "hunter2" }, { "shop:user": "hunter2" });
  const problems = problemsOf({ password: secret(z.string()), user: z.string() }, entries);
  assert.equal(
    problems.map(({ kind, message, fix }) => [kind, message, fix]),
    [
      [
        "plain",
        "shop:password is a secret and stands in plain",
        "run `pulumi config set --secret shop:password --stack qa`",
      ],
      [
        "concealed",
        "shop:user stands as a secret, and the program takes it in plain",
        "declare it by secret(...), or run `pulumi config set --plaintext shop:user VALUE --stack qa`",
      ],
    ],
  );
});

test("what is encrypted and cannot be read is taken as it is", () => {
  const entries = entriesOf({}, { "shop:password": undefined });
  assert.equal(problemsOf({ password: secret(z.string().min(99)) }, entries), []);
});

const secretShapes: readonly (readonly [rule: string, schema: z.ZodType, text: string])[] = [
  ["a text", z.string().max(3), "hunter2"],
  ["a number", z.int(), "hunter2"],
  ["one of a few", z.enum(["a", "b"]), "hunter2"],
  ["a member", z.strictObject({ a: z.int() }), '{"a":"hunter2"}'],
  ["a member's name", z.strictObject({ a: z.int() }), '{"a":1,"hunter2":1}'],
  ["a record's key", z.record(z.string().max(3), z.int()), '{"hunter2":1}'],
  [
    "a record's value",
    z.record(z.string(), z.strictObject({ a: z.int() })),
    '{"hunter2":{"a":"x"}}',
  ],
  [
    "a rule that says it",
    z.string().refine(() => false, { error: ({ input }) => `no ${String(input)}` }),
    "hunter2",
  ],
  ["broken JSON", z.array(z.string()), '["hunter2'],
  ["a choice", z.union([z.int(), z.strictObject({ b: z.int() })]), '{"b":"hunter2"}'],
];

for (const [rule, schema, text] of secretShapes) {
  test(`no word of a secret: ${rule}`, () => {
    const entries = entriesOf({}, { "shop:field": text });
    const problems = problemsOf({ field: secret(schema) }, entries);
    assert.ok(problems.length > 0);
    assert.not.match(JSON.stringify(problems), /hunter2/);
  });
}

const someFields: Fields = {
  text: z.string().min(2),
  count: z.int().min(0).optional(),
  flag: z.boolean().default(true),
  hosts: z.array(host).max(3).default([]),
  table: z.record(z.string(), z.union([z.int(), z.boolean()])).default({}),
  key: secret(z.strictObject({ id: z.string(), token: z.string().min(5) })),
};

test("any input gives values or problems, and no problem has a secret", () => {
  const name = fc.oneof(fc.constantFrom(...Object.keys(someFields)), fc.string());
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom("__proto__", '{"__proto__":1}', "null"),
  );
  const token = fc.uuid();
  fc.assert(
    fc.property(fc.dictionary(name, text), fc.option(token), text, (plain, hidden, more) => {
      const keyed = Object.entries(plain).map(([key, value]) => [`shop:${key}`, value]);
      const value =
        hidden === null ? more : JSON.stringify({ id: 1, token: hidden, [hidden]: more });
      const entries = entriesOf(Object.fromEntries(keyed), { "shop:key": value });
      const { values, problems } = checkConfig(checkOf(someFields), entries);
      for (const { key, path, message, fix } of problems) {
        assert.ok(key.startsWith("shop:") && path.startsWith(key), path);
        assert.ok(message.startsWith(`${path} `) && fix !== "", message);
      }
      if (hidden !== null) assert.not(JSON.stringify(problems).includes(hidden));
      const faulty = new Set(problems.map(({ key }) => key));
      for (const [field, schema] of Object.entries(someFields)) {
        if (faulty.has(`shop:${field}`)) continue;
        const checked = ("secret" in schema ? schema.secret : schema).safeParse(values[field]);
        assert.ok(checked.success, `${field}: ${JSON.stringify(values[field])}`);
      }
    }),
    { numRuns: Number(process.env["DOCKWRIGHT_CONFIG_RUNS"] ?? 300) },
  );
});

const words: readonly (readonly [schema: z.ZodType, words: string])[] = [
  [z.string(), "a text"],
  [z.string().min(1).max(1), "a text of exactly 1 character"],
  [z.url(), "a text that is a uri"],
  [z.number().gt(0), "a number above 0"],
  [z.int().multipleOf(5), "an integer, a multiple of 5"],
  [z.array(z.int()).min(1).max(3), "a list from 1 to 3 items, each an integer"],
  [z.tuple([z.string(), z.int()]), "a list of a text, then an integer"],
  [z.strictObject({ a: z.int(), b: z.int().optional() }), "an object with a, b?"],
  [z.record(z.string(), z.boolean()), "an object, each value true or false"],
  [z.literal("x"), '"x"'],
  [z.union([z.int(), z.literal("auto")]), 'an integer, or "auto"'],
  [z.string().nullable(), "a text or null"],
  [z.any(), "another value"],
];

for (const [schema, said] of words) {
  test(`in words: ${said}`, () => assert.is(describeSchema(jsonSchemaOf(schema)), said));
}

const near: readonly (readonly [typed: string, meant: string | undefined])[] = [
  ["replcias", "replicas"],
  ["REPLICAS", "replicas"],
  ["replica", "replicas"],
  ["prot", "port"],
  ["host", undefined],
  ["zzz", undefined],
  ["", undefined],
  ["x".repeat(100_000), undefined],
];

for (const [typed, meant] of near) {
  test(`nearest to ${typed.slice(0, 20)}: ${meant ?? "none"}`, () =>
    assert.is(nearest(typed, ["port", "replicas", "password"]), meant));
}

test.run();
