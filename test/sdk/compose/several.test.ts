// Compose projects of several files: which files are meant, what is merged and how, what is taken away,
// and what other projects bring along. That docker-compose makes the same of them is shown in
// compare.integration.test.ts.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { planCompose } from "../../../sdk/compose/compose.ts";
import { chosenBy } from "../../../sdk/compose/open.ts";
import { writeProgram } from "../../../sdk/compose/program.ts";
import { dockwrightIn } from "../../support/command.ts";
import { suite } from "../../support/suite.ts";

const test = suite("compose/several");
const home = mkdtempSync(path.join(os.tmpdir(), "dwtest-compose-several-"));
test.after(() => rmSync(home, { recursive: true, force: true }));

const dollar = "$";
let count = 0;

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string>>): string {
  count += 1;
  const folder = path.join(home, `project-${count}`);
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** The arguments of the service `a`, of two files of one service each. */
function merged(base: string, own: string): Readonly<Record<string, unknown>> {
  const service = (words: string) => `services: { a: ${words} }`;
  const folder = folderOf({ "compose.yaml": service(base), "more.yaml": service(own) });
  const overrides = [path.join(folder, "more.yaml")];
  const [a] = planCompose(path.join(folder, "compose.yaml"), { overrides, variables: {} }).services;
  return { ...a?.args, image: a?.image, networks: a?.networks.map(({ network }) => network) };
}

const rows: readonly (readonly [string, string, string, string, unknown])[] = [
  ["a single value is the later one's", "{ image: x, user: u }", "{ user: v }", "user", "v"],
  ["a command is a whole", "{ image: x, command: [a, b] }", "{ command: [c] }", "command", ["c"]],
  [
    "variables by their name, a list and a map alike",
    "{ image: x, environment: { A: 1, B: 2 } }",
    "{ environment: [B=3, C=4] }",
    "env",
    { A: "1", B: "3", C: "4" },
  ],
  [
    "ports are joined, and one that is there twice is there once",
    '{ image: x, ports: ["80:80", "81:81"] }',
    '{ ports: ["81:81", "82:82"] }',
    "publish",
    ["80:80", "81:81", "82:82"],
  ],
  [
    "volumes by what they are mounted on",
    '{ image: x, volumes: ["/one:/data", "/two:/more"] }',
    '{ volumes: ["/three:/data:ro"] }',
    "binds",
    ["/three:/data:ro", "/two:/more"],
  ],
  [
    "one name server and a list of them",
    "{ image: x, dns: 10.0.0.1 }",
    "{ dns: [10.0.0.2] }",
    "dns",
    ["10.0.0.1", "10.0.0.2"],
  ],
  [
    "limits by their name",
    "{ image: x, ulimits: { nproc: 5, nofile: { soft: 1, hard: 2 } } }",
    "{ ulimits: { nproc: { soft: 6, hard: 7 } } }",
    "ulimits",
    { nproc: { soft: 6, hard: 7 }, nofile: { soft: 1, hard: 2 } },
  ],
  [
    "options of a log driver that stays",
    "{ image: x, logging: { driver: local, options: { max-size: 1m } } }",
    "{ logging: { options: { max-file: '2' } } }",
    "logging",
    { driver: "local", options: { "max-size": "1m", "max-file": "2" } },
  ],
  [
    "options of another log driver are gone",
    "{ image: x, logging: { driver: local, options: { max-size: 1m } } }",
    "{ logging: { driver: json-file } }",
    "logging",
    { driver: "json-file" },
  ],
  [
    "networks by their name",
    "{ image: x, networks: [default] }",
    "{ networks: { default: { aliases: [b] } } }",
    "networks",
    ["default"],
  ],
  [
    "!reset takes away what was there",
    '{ image: x, ports: ["80:80"], user: u }',
    "{ ports: !reset [], user: !reset null }",
    "publish",
    undefined,
  ],
  [
    "!reset of a member of a map",
    "{ image: x, environment: { A: 1, B: 2 } }",
    "{ environment: { A: !reset null } }",
    "env",
    { B: "2" },
  ],
  [
    "!override puts its own in the place",
    '{ image: x, ports: ["80:80"], environment: { A: 1 } }',
    '{ ports: !override ["81:81"] }',
    "publish",
    ["81:81"],
  ],
  ["a service's image is the later one's", "{ image: x }", "{ image: y }", "image", { ref: "y" }],
];
for (const [name, base, own, member, wanted] of rows) {
  test(`merged: ${name}`, () => assert.equal(merged(base, own)[member], wanted));
}

test("names are nobody's keys: services and volumes may be called what they like", () => {
  const text = (image: string) =>
    `services: { labels: { image: ${image}, tty: true }, test: { image: x } }\nvolumes: { command: {} }`;
  const folder = folderOf({ "a.yaml": text("x"), "b.yaml": "services: { labels: { image: z } }" });
  const overrides = [path.join(folder, "b.yaml")];
  const plan = planCompose(path.join(folder, "a.yaml"), { overrides, variables: {} });
  const labels = plan.services.find(({ key }) => key === "labels");
  assert.equal([labels?.image.ref, labels?.args["tty"]], ["z", true]);
});

const one = "services: { a: { image: x } }";
const usual: readonly (readonly [string, readonly string[], string])[] = [
  ["compose.yaml before all others", ["compose.yaml", "docker-compose.yml"], "compose.yaml"],
  ["docker-compose.yml where it is alone", ["docker-compose.yml"], "docker-compose.yml"],
];
for (const [name, files, wanted] of usual) {
  test(`a folder stands for ${name}`, () => {
    const texts = files.map((file) => [file, one.replace("x", file)] as const);
    const { services } = planCompose(folderOf(Object.fromEntries(texts)), { variables: {} });
    assert.is(services[0]?.image.ref, wanted);
  });
}

test("a folder stands for the override beside the file as well", () => {
  const folder = folderOf({
    "compose.yaml": one,
    "compose.override.yml": "services: { a: { tty: true } }",
    ".env": "UNUSED=1",
  });
  assert.is(planCompose(folder, { variables: {} }).services[0]?.args["tty"], true);
  const file = path.join(folder, "compose.yaml");
  assert.is(
    planCompose(file, { variables: {} }).services[0]?.args["tty"],
    undefined,
    "named alone",
  );
});

test("what is included has its own folder and variables, and the parent's count before them", () => {
  const folder = folderOf({
    "compose.yaml": `include: [part/compose.yaml]\n${one}`,
    ".env": "TAG=parent\n",
    "part/compose.yaml": `services: { b: { image: "b:${dollar}{TAG}-${dollar}{OWN}", env_file: b.env, build: src, volumes: ["./d:/d", "v:/v"] } }\nvolumes: { v: {} }`,
    "part/.env": "TAG=part\nOWN=own\n",
    "part/b.env": "FROM=part\n",
  });
  const { services, volumes } = planCompose(folder, { variables: {} });
  const b = services.find(({ key }) => key === "b");
  assert.is(b?.image.ref, "b:parent-own");
  assert.is(b?.image.build?.["context"], path.join(folder, "part", "src"));
  assert.equal(b?.args["env"], { FROM: "part" });
  assert.equal(b?.args["binds"], [`${path.join(folder, "part", "d")}:/d`]);
  assert.equal(
    volumes.map(({ key }) => key),
    ["v"],
  );
});

const refused: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  [
    "two services of one name",
    {
      "compose.yaml": `include: [b.yaml]\n${one}`,
      "b.yaml": "services: { a: { image: other } }",
    },
    /services\.a is in the file, and another is in what it includes/,
  ],
  [
    "a circle of includes",
    { "compose.yaml": `include: [b.yaml]\n${one}`, "b.yaml": "include: [compose.yaml]" },
    /include each other: compose\.yaml, b\.yaml, compose\.yaml/,
  ],
  [
    "an include without a path",
    { "compose.yaml": `include: [{ env_file: x }]\n${one}` },
    /include\[0\] has no path/,
  ],
  [
    "an included file that is not there",
    { "compose.yaml": `include: [none.yaml]\n${one}` },
    /there is no file .*none\.yaml/,
  ],
  ["a folder without a Compose file", { "other.yaml": one }, /there is no Compose file in /],
];
for (const [name, files, message] of refused) {
  test(`refused: ${name}`, () => {
    assert.throws(() => planCompose(folderOf(files), { variables: {} }), message);
  });
}

test("the same in both files of an include is no conflict", () => {
  const part = "networks: { n: { internal: true } }\n";
  const folder = folderOf({
    "compose.yaml": `include: [b.yaml]\n${one}\n${part}`,
    "b.yaml": part,
  });
  assert.is(planCompose(folder, { variables: {} }).services.length, 1);
});

test("what is not carried over is told with the file that said it last", () => {
  const folder = folderOf({
    "compose.yaml": "include: [part/b.yaml]\nservices:\n  a:\n    image: x\n    isolation: one",
    "compose.override.yaml": "services:\n  a:\n    credential_spec: {}\n    isolation: two",
    "part/b.yaml": "services:\n  b:\n    image: y\n    isolation: three",
  });
  const plan = planCompose(folder, { variables: {} });
  assert.equal(
    plan.left.map(({ file, line, path: place }) => `${file}:${line} ${place}`),
    [
      "compose.override.yaml:3 services.a.credential_spec",
      "compose.override.yaml:4 services.a.isolation",
      "part/b.yaml:4 services.b.isolation",
    ],
  );
  assert.match(
    writeProgram(plan, [folder], folder).text,
    "//   part/b.yaml, line 4: services.b.isolation",
  );
});

test("a program for another folder names the files from there", () => {
  const folder = folderOf({
    "compose.yaml": 'services: { a: { build: ./app, image: x, volumes: ["./d:/d", "/srv:/s"] } }',
  });
  const plan = planCompose(folder, { variables: {} });
  const { text } = writeProgram(plan, [folder], path.join(folder, "infra"));
  assert.match(text, 'context: "../app"');
  assert.ok(text.includes(`\`${dollar}{resolve("../d")}:/d\``), text);
  assert.match(text, '"/srv:/s"');
});

test("several documents in one file are refused, with the line of the second one", () => {
  const text = "services: { a: { image: x } }\n---\nservices:\n  b: { image: y }\n";
  const folder = folderOf({ "compose.yaml": text });
  assert.throws(
    () => planCompose(folder, { variables: {} }),
    /^compose\.yaml:3: a second YAML document begins here$/,
  );
  const alone = folderOf({ "compose.yaml": "---\nservices: { a: { image: x } }\n...\n" });
  assert.is(planCompose(alone, { variables: {} }).services.length, 1);
});

const chosen: readonly (readonly [Readonly<Record<string, string>>, unknown])[] = [
  [{}, { files: [], profiles: [] }],
  [{ COMPOSE_FILE: "a.yaml:b.yaml" }, { files: ["a.yaml", "b.yaml"], profiles: [] }],
  [
    { COMPOSE_FILE: "a.yaml;b.yaml", COMPOSE_PATH_SEPARATOR: ";", COMPOSE_PROFILES: "x, y," },
    { files: ["a.yaml", "b.yaml"], profiles: ["x", "y"] },
  ],
];
for (const [variables, want] of chosen) {
  test(`chosen by ${JSON.stringify(variables)}`, () => {
    assert.equal(chosenBy(variables), want);
  });
}

test("import compose without a file: COMPOSE_FILE and COMPOSE_PROFILES, of .env too, else what is usual", async () => {
  const folder = folderOf({
    ".env": "COMPOSE_FILE=site.yaml:more.yaml\nCOMPOSE_PROFILES=extra\n",
    "site.yaml": "services: { a: { image: x }, b: { image: x, profiles: [extra] } }\n",
    "more.yaml": "services: { c: { image: y } }\n",
    "compose.yaml": "services: { usual: { image: z } }\n",
  });
  const services = async (...args: readonly string[]) => {
    const out = await dockwrightIn(folder, "import", "compose", ...args, "--out", "-");
    assert.is(out.code, 0, out.stderr);
    return [...out.stdout.matchAll(/new Container\("(\w+)"/g)].map(([, name]) => name).sort();
  };
  assert.equal(await services(), ["a", "b", "c"]);
  assert.equal(await services("--profile", "none"), ["a", "c"]);
  assert.equal(await services("compose.yaml"), ["usual"]);
  rmSync(path.join(folder, ".env"));
  assert.equal(await services(), ["usual"]);
});

test.run();
