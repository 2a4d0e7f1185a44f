// `dockwright config`: files against the settings of a program, with lines, and the schema for editors,
// which takes and refuses the same files. The program's file is imported as a program is run.
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { Ajv } from "ajv";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { parseStackFile } from "../../../sdk/cli/config/files.ts";
import { type TemporaryProject, temporaryProject } from "../../../sdk/testing/project.ts";
import { asPrinted } from "../../support/clischema.ts";
import { dockwrightIn } from "../../support/command.ts";
import { suite } from "../../support/suite.ts";

const test = suite("cli/config", { timeoutMs: 60_000 });

const settings = `
import { defineConfig, secret, z } from "dockwright/config";
console.log("imported");
const host = z.strictObject({ address: z.string(), port: z.int().default(22) });
export const settings = defineConfig({
  replicas: z.int().min(1).max(9).default(2),
  hosts: z.array(host).min(1),
  public: z.boolean().optional(),
  password: secret(z.string().regex(/^[a-z]{12,}$/)),
});
export const other = defineConfig({ region: z.string() }, { namespace: "cloud", allowUnknown: true });
`;

const secure = "{ secure: AAABAKs= }";
const good = `config:
  shop:hosts:
    - address: 192.0.2.1
  shop:password: ${secure}
  shop:replicas: "3"
  shop:public: true
  cloud:anything: [1]
  aws:profile: me
`;

const bad = `# what is wrong
config:
  shop:replicas: 12
  shop:config:public: maybe
  shop:hosts:
    - address: 192.0.2.1
    - address: 192.0.2.2
      port: ssh
  shop:password: hunter2hunter2
  shop:pasword: hunter2hunter2
  sizes: 3
  aws:region:
`;

let project: TemporaryProject;

test.before(async () => {
  project = await temporaryProject({
    name: "shop",
    program: "export {};",
    yaml: "config:\n  cloud:region: eu\n",
    files: { "config.ts": settings, "Pulumi.qa.yaml": good, "Pulumi.prod.yaml": bad },
  });
});
test.after(() => project.close());

const dockwright = (...args: readonly string[]) => dockwrightIn(project.dir, "config", ...args);

interface Checked {
  readonly project: string;
  readonly stacks: readonly {
    readonly stack: string;
    readonly problems: readonly {
      readonly file: string;
      readonly line: number;
      readonly path: string;
      readonly kind: string;
    }[];
  }[];
}

test("all that is wrong, with lines, for people", async () => {
  const { code, stdout, stderr } = await dockwright("check");
  assert.is(code, 2, stderr);
  assert.is(stderr, "imported\n", "what the file prints is no answer");
  assert.is(
    stdout,
    `Pulumi.prod.yaml:3: shop:replicas is 12; it takes an integer from 1 to 9
    fix: run \`pulumi config set shop:replicas VALUE --stack prod\`
Pulumi.prod.yaml:4: shop:public is "maybe"; it takes true or false
    fix: run \`pulumi config set shop:public VALUE --stack prod\`
Pulumi.prod.yaml:8: shop:hosts[1].port is "ssh"; it takes an integer
    fix: run \`pulumi config set --path 'shop:hosts[1].port' VALUE --stack prod\`
Pulumi.prod.yaml:9: shop:password is a secret and stands in plain
    fix: run \`pulumi config set --secret shop:password --stack prod\`
Pulumi.prod.yaml:10: shop:pasword is not known; did you mean shop:password?
    fix: run \`pulumi config rm shop:pasword --stack prod\`
Pulumi.prod.yaml:11: shop:sizes is not known; there are shop:replicas, shop:hosts, shop:public, shop:password
    fix: run \`pulumi config rm shop:sizes --stack prod\`
qa: fits
`,
  );
});

test("as JSON, by its schema, without a secret", async () => {
  const { code, stdout } = await dockwright("check", "--json");
  assert.is(code, 2);
  const { stacks } = asPrinted<Checked>("config-check", JSON.parse(stdout));
  assert.equal(
    stacks.map(({ stack, problems }) => [
      stack,
      problems.map(({ line, kind }) => `${line} ${kind}`),
    ]),
    [
      ["prod", ["3 wrong", "4 wrong", "8 wrong", "9 plain", "10 unknown", "11 unknown"]],
      ["qa", []],
    ],
  );
  assert.not.match(stdout, /hunter2/);
});

test.long(
  "a stack without a file lacks what has to be set; what the project sets is there",
  async () => {
    const { code, stdout } = await dockwright("check", "--stack", "new");
    assert.is(code, 2);
    assert.equal(stdout.match(/^Pulumi\.new\.yaml:1: \S+/gm), [
      "Pulumi.new.yaml:1: shop:hosts",
      "Pulumi.new.yaml:1: shop:password",
    ]);
  },
);

const unreadable: readonly (readonly [rule: string, text: string, line: number, says: RegExp])[] = [
  ["no YAML", "config:\n  a: [\n", 3, /^is no YAML: /],
  ["no map", "- a\n", 1, /^is no map$/],
  ["no map of values", "secretsprovider: x\nconfig: 3\n", 2, /^has a config: that is no map$/],
  ["empty", "", 1, /^$/],
];

for (const [rule, text, line, says] of unreadable) {
  test(`a file that is ${rule}`, () => {
    const { trouble, entries } = parseStackFile("Pulumi.x.yaml", text, "shop");
    assert.equal([trouble?.line ?? 1, entries.size], [line, 0]);
    assert.match(trouble?.says ?? "", says);
  });
}

const written: readonly (readonly [line: string, key: string, text: string | undefined])[] = [
  ['shop:a: "8080"', "shop:a", "8080"],
  ["shop:a: 8080", "shop:a", "8080"],
  ["shop:a: 1.10", "shop:a", "1.1"],
  ["shop:a: 0x1F", "shop:a", "31"],
  ["shop:a: true", "shop:a", "true"],
  ["shop:a: yes", "shop:a", "yes"],
  ["shop:a:", "shop:a", ""],
  ["shop:a: [1, 2.50, null]", "shop:a", "[1,2.5,null]"],
  ["shop:config:a: v", "shop:a", "v"],
  ["a: v", "shop:a", "v"],
  ["aws:a: v", "aws:a", "v"],
  ["shop:a: { b: { secure: v1:x } }", "shop:a", undefined],
];

for (const [line, key, text] of written) {
  test(`as Pulumi hands it over: ${line}`, () => {
    const { entries } = parseStackFile("Pulumi.x.yaml", `config:\n  ${line}\n`, "shop");
    assert.equal([...entries.keys()], [key]);
    assert.equal([entries.get(key)?.text, entries.get(key)?.secret], [text, text === undefined]);
  });
}

test("the schema for editors says the same of the files", async () => {
  const { code, stdout, stderr } = await dockwright("schema");
  assert.is(code, 0, stderr);
  assert.match(stdout, /^# yaml-language-server: \$schema=dockwright\.config\.schema\.json$/m);
  const text = await readFile(path.join(project.dir, "dockwright.config.schema.json"), "utf8");
  const check = new Ajv({ allErrors: true, strict: false }).compile(JSON.parse(text) as object);
  assert.ok(check(parse(good)), JSON.stringify(check.errors));
  assert.not(check(parse(bad)));
  const places = new Set(check.errors?.map(({ instancePath }) => instancePath));
  for (const place of ["replicas", "config:public", "hosts/1/port", "password", "pasword"]) {
    const known =
      place === "config:public" || place === "pasword" ? "/config" : `/config/shop:${place}`;
    assert.ok(places.has(known), `${place}: ${[...places].join(" ")}`);
  }
});

const refusals: readonly (readonly [
  rule: string,
  args: readonly string[],
  file: string | undefined,
  says: RegExp,
])[] = [
  [
    "no such file",
    ["--from", "no.ts"],
    undefined,
    /the settings were not found: no\.ts\nfix: write a config\.ts/,
  ],
  ["no settings in it", ["--from", "a.ts"], "export const a = 1;", /a\.ts exports no settings/],
  [
    "it loads at once",
    ["--from", "a.ts"],
    'import { defineConfig, z } from "dockwright/config"; defineConfig({ a: z.int() }).load();',
    /a\.ts could not be imported: .*\n(.*\n)*fix: it has to run outside of Pulumi/,
  ],
  [
    "it ends its process",
    ["--from", "a.ts"],
    "process.exit(0);",
    /its process ended with exit code 0/,
  ],
];

for (const [rule, args, file, says] of refusals) {
  const add = file === undefined ? test : test.long;
  add(`an error: ${rule}`, async () => {
    if (file !== undefined) await project.write("a.ts", file);
    const { code, stderr } = await dockwright("check", ...args);
    assert.is(code, 1);
    assert.match(stderr, says);
  });
}

test.run();
