// Reading Compose files: variables, merging, the lines of what is not carried over, errors, and the
// program that is written. What docker-compose itself makes of them is in compare.integration.test.ts.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { planCompose } from "../../../sdk/compose/compose.ts";
import { interpolate } from "../../../sdk/compose/interpolate.ts";
import { writeProgram } from "../../../sdk/compose/program.ts";
import { suite } from "../../support/suite.ts";

const test = suite("compose/compose");
const files = path.join(import.meta.dirname, "files");
const variables = { PREFIX: "p/" };

const folder = mkdtempSync(path.join(os.tmpdir(), "dwtest-compose-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

function planText(text: string, more: Readonly<Record<string, string>> = {}) {
  for (const [name, content] of Object.entries(more))
    writeFileSync(path.join(folder, name), content);
  const file = path.join(folder, "compose.yaml");
  writeFileSync(file, text);
  return planCompose(file, { variables });
}

const dollar = "$";
const texts: readonly (readonly [string, string, string])[] = [
  ["a name alone", "$A-x", "1-x"],
  ["a name in braces", `${dollar}{A}b`, "1b"],
  ["not set", `x${dollar}{NONE}`, "x"],
  ["a word where it is not set", `${dollar}{NONE-w}`, "w"],
  ["a word where it is set, and empty", `${dollar}{EMPTY-w}`, ""],
  ["a word where it is empty", `${dollar}{EMPTY:-w}`, "w"],
  ["words in words", `${dollar}{NONE:-${dollar}{A}/${dollar}{EMPTY:-z}}`, "1/z"],
  [
    "another where it is set",
    `${dollar}{A:+yes}${dollar}{EMPTY:+no}${dollar}{EMPTY+set}`,
    "yesset",
  ],
  ["a dollar sign", "5$$ and $$A", "5$ and $A"],
];
for (const [name, text, wanted] of texts) {
  test(`variables: ${name}`, () => {
    assert.is(interpolate(text, { A: "1", EMPTY: "" }, "x"), wanted);
  });
}

const refused: readonly (readonly [string, string, string])[] = [
  [
    "a variable that has to be set",
    `services: {a: {image: "${dollar}{TAG:?give a tag}"}}`,
    "services.a.image.*the variable TAG is not set: give a tag",
  ],
  ["a brace that is left open", `services: {a: {image: "${dollar}{TAG"}}`, "has no }"],
  ["a dollar sign alone", 'services: {a: {image: "a$ b"}}', "write \\$\\$ for a dollar sign"],
  ["no YAML", "services: [", "is no YAML"],
  ["a list as root", "- a", "its root is no map"],
  ["no service", "networks: {a: {}}", "has no service"],
  [
    "neither image nor build",
    "services: {a: {command: x}}",
    "services.a has neither image nor build",
  ],
  [
    "a volume that is not declared",
    'services: {a: {image: x, volumes: ["v:/v"]}}',
    "services.a names v, which is not in the file",
  ],
  [
    "a service that is not there",
    "services: {a: {image: x, depends_on: [b]}}",
    "services.a names b",
  ],
  [
    "a circle",
    "services: {a: {image: x, depends_on: [b]}, b: {image: x, depends_on: [a]}}",
    "wait for each other: a, b",
  ],
  ["a circle of extends", "services: {a: {extends: b}, b: {extends: a}}", "extend each other"],
  [
    "an env_file that is not there",
    "services: {a: {image: x, env_file: none.env}}",
    "there is no env_file",
  ],
];
for (const [name, text, message] of refused) {
  test(`refused: ${name}`, () => {
    assert.throws(() => planText(text), new RegExp(message));
  });
}

test("each key that is not carried over is told with its line, in order", () => {
  const { left } = planText(
    [
      "services:",
      "  a:",
      "    image: x",
      "    isolation: process",
      "    deploy:",
      "      replicas: 1",
      "      update_config: {parallelism: 2}",
      "    x-own: 1",
      "networks:",
      "  n:",
      "    driver: overlay",
      "name: own",
      "other: [1]",
    ].join("\n"),
  );
  assert.equal(
    left.map(({ line, path: key }) => `${line} ${key}`),
    [
      "4 services.a.isolation",
      "7 services.a.deploy.update_config",
      "11 networks.n.driver",
      "13 other",
    ],
  );
});

test("the root without services is that of Fig, lines and all", () => {
  const { services, left } = planText(
    "web:\n  image: x\n  links: [db]\n  net_x: y\ndb:\n  image: x\n",
  );
  assert.equal(
    services.map(({ key, after }) => `${key} ${after.join()}`),
    ["db ", "web db"],
  );
  assert.equal(
    left.map(({ line, path: key }) => `${line} ${key}`),
    ["4 services.web.net_x"],
  );
});

test("merge keys, env files and the environment: the nearer one counts", () => {
  const { services } = planCompose(path.join(files, "migrate", "compose.yaml"), { variables });
  const web = services.find(({ key }) => key === "web");
  assert.equal(web?.args["env"], {
    LOG_LEVEL: "info",
    QUOTED: "two words",
    ROLE: "web",
    DATABASE_URL: "postgres://postgres@db/shop",
  });
  assert.equal(web?.after, ["migrate", "db"]);
  assert.is(services.find(({ key }) => key === "migrate")?.once, true);
  assert.is(services.find(({ key }) => key === "worker")?.replicas, 2);
});

test("a build is taken with its arguments, and profiles that are off leave services out", () => {
  const { services } = planCompose(path.join(files, "flask", "compose.yaml"), { variables });
  assert.equal(services.find(({ key }) => key === "web")?.image.build, {
    context: path.join(files, "flask", "app"),
    dockerfile: "Dockerfile.prod",
    target: "run",
    args: { VERSION: "1.4.2" },
  });
  const extended = planCompose(path.join(files, "extends", "compose.yaml"), { variables });
  assert.equal(
    extended.services.map(({ key }) => key),
    ["api"],
  );
});

test("what extends another file's service has its words where it has none of its own", () => {
  const { services } = planCompose(path.join(files, "extends", "compose.yaml"), {
    variables,
    profiles: ["tools"],
  });
  const [api, admin] = services;
  assert.equal(api?.args["env"], { MODE: "production", REGION: "eu" });
  assert.equal(api?.args["labels"], { team: "shop", tier: "api" });
  assert.equal(api?.args["binds"], [`${path.join(files, "extends", "shared")}:/shared`]);
  assert.is(admin?.image.ref, "p/api:2.0.1");
  assert.equal(admin?.args["entrypoint"], ["/bin/admin", "--x"]);
});

test("a program has each service in its order, paths from its folder, and no secret", () => {
  const file = path.join(files, "secrets", "compose.yaml");
  const { text, secrets } = writeProgram(
    planCompose(file, { variables }),
    [file],
    path.dirname(file),
  );
  assert.match(text, "//   line 10: services.app.deploy.update_config (Swarm's own)");
  assert.match(text, 'secrets: { db_password: config.requireSecret("db_password") }');
  assert.not.match(text, "hush-hush");
  assert.equal(secrets, ["db_password"]);
  assert.match(text, "const app = [1, 2].map(");
  const blog = path.join(files, "wordpress", "compose.yaml");
  const written = writeProgram(planCompose(blog, { variables }), [blog], path.dirname(blog));
  assert.not.match(written.text, "examplepass");
  assert.match(written.text, "{ dependsOn: [db] }");
  assert.ok(written.text.indexOf("const db =") < written.text.indexOf("const wordpress ="));
  const proxy = path.join(files, "proxy", "compose.yaml");
  assert.match(
    writeProgram(planCompose(proxy, { variables }), [proxy], path.dirname(proxy)).text,
    'source: resolve("./nginx.conf")',
  );
});

test.run();
