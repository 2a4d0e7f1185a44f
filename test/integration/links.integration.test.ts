// Two stacks of one program with the real engine: configuration that does not fit is refused before any
// resource is made, with all that is wrong; a link gives what the other stack exports, and its secret is
// one in this state too.
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import type { PulumiResult } from "../../sdk/engine/run.ts";
import { type TemporaryProject, temporaryProject } from "../../sdk/testing/project.ts";
import { filesIn } from "../support/leaks.ts";
import { said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/links", { timeoutMs: 180_000, long: true });

const config = `
import { defineConfig, defineOutputs, secret, z } from "dockwright/config";
export const settings = defineConfig({
  reads: z.string().optional(),
  hosts: z.array(z.strictObject({ address: z.string(), port: z.int().default(22) })).default([]),
  password: secret(z.string().default("")),
});
export const outputs = defineOutputs({
  url: z.string(),
  word: secret(z.string().min(1)),
  ports: z.array(z.int()),
});
`;

const program = `
import * as pulumi from "@pulumi/pulumi";
import { stackLink } from "dockwright/config";
import { outputs, settings } from "./config.ts";
const { reads, hosts, password } = settings.load();
new pulumi.ComponentResource("test:index:Group", "group");
const own = hosts.map(({ port }) => port);
function read(stack: string) {
  const link = stackLink({ stack }, outputs);
  const all = pulumi.all([link.get("ports"), own]).apply(([there, here]) => [...there, ...here]);
  return outputs.export({ url: link.get("url"), word: link.get("word"), ports: all });
}
const made = reads === undefined
  ? outputs.export({ url: "http://x/", word: password, ports: own })
  : read(reads);
export const { url, word, ports } = made;
`;

const secret = "sesame-4711-sesame";
const spoken: string[] = [];
let temporary: TemporaryProject;
let [maker, reader]: readonly (Project | undefined)[] = [];

function heard(result: PulumiResult): PulumiResult {
  spoken.push(said(result));
  return result;
}

function of(project: Project | undefined): Project {
  if (project === undefined) throw new Error("there is no such stack");
  return project;
}

const typesIn = async (project: Project): Promise<readonly string[]> =>
  ((await project.export()).deployment.resources ?? []).map(({ type }) => type);

test.before(async () => {
  temporary = await temporaryProject({ name: "linked", program, files: { "config.ts": config } });
  maker = await temporary.stack("maker");
  reader = await temporary.stack("reader");
});
test.after(() => temporary.close());

test("what does not fit is refused before anything is made, all of it at once", async () => {
  succeeded(await of(maker).setConfig("hosts[0].address", "192.0.2.1", { path: true }));
  succeeded(await of(maker).setConfig("hosts[0].port", "ssh", { path: true }));
  succeeded(await of(maker).setConfig("password", "plainly-plain"));
  succeeded(await of(maker).setConfig("pasword", "x", { secret: true }));
  const up = heard(await of(maker).up());
  assert.is.not(up.code, 0);
  for (const words of [
    "the configuration of linked, stack maker, has 3 problems",
    'linked:hosts[0].port is "ssh"; it takes an integer',
    "fix: run `pulumi config set --path 'linked:hosts[0].port' VALUE --stack maker`",
    "linked:password is a secret and stands in plain",
    "linked:pasword is not known; did you mean linked:password?",
  ]) {
    assert.ok(said(up).includes(words), `${words}: ${said(up)}`);
  }
  assert.not.match(said(up), /\n\s+at /, "no stack trace");
  assert.not((await typesIn(of(maker))).includes("test:index:Group"));
});

test("the fixes that it names mend it", async () => {
  succeeded(await of(maker).setConfig("hosts[0].port", "2222", { path: true }));
  succeeded(await of(maker).setConfig("password", secret, { secret: true }));
  succeeded(await of(maker).removeConfig("pasword"));
  succeeded(heard(await of(maker).up()));
  const { url, word, ports } = await of(maker).outputs();
  assert.equal([url, word, ports], ["http://x/", "[secret]", [2222]]);
});

test("a link to a stack that is not there, or has not been updated, says so in the preview", async () => {
  succeeded(await of(reader).setConfig("reads", "nosuch"));
  const none = heard(await of(reader).preview());
  assert.is.not(none.code, 0);
  assert.match(said(none), /unknown stack "organization\/linked\/nosuch"/);
  succeeded(await of(reader).setConfig("reads", "reader"));
  const empty = heard(await of(reader).preview());
  assert.is.not(empty.code, 0);
  assert.match(
    said(empty),
    /outputs of stack organization\/linked\/reader do not fit: url is not there; it has to be a text; the stack has no outputs yet/,
  );
});

test("a link gives what the other stack exports; its secret is one here too", async () => {
  succeeded(await of(reader).setConfig("reads", "maker"));
  succeeded(await of(reader).setConfig("hosts", '[{"address":"192.0.2.2"}]'));
  succeeded(heard(await of(reader).up({ preview: true })));
  const { url, word, ports } = await of(reader).outputs({ showSecrets: true });
  assert.equal([url, word, ports], ["http://x/", secret, [2222, 22]]);
  assert.is((await of(reader).outputs())["word"], "[secret]");
  assert.match(said(heard(await of(reader).preview())), /unchanged/);
});

test("no state, no file and no command has the secret in plain", async () => {
  const files = await filesIn(temporary.dir);
  const states = files.filter((file) => file.includes(`${path.sep}stacks${path.sep}`));
  assert.ok(states.length >= 2, files.join("\n"));
  for (const file of files) {
    const text = await readFile(file, "utf8");
    assert.not(text.includes(secret), file);
    assert.not(text.includes(Buffer.from(secret).toString("base64")), file);
  }
  assert.not(spoken.join("\n").includes(secret));
});

test.run();
