// Generated passwords are nowhere in plain: not in the state, not in what any command says (the log
// of a container that prints its password and fails included), in no process's arguments, and in
// `docker inspect` only where the program put them.
import { readFile } from "node:fs/promises";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import type { PulumiResult } from "../../sdk/engine/run.ts";
import { ArgumentLists, filesIn } from "../support/leaks.ts";
import { missingDaemon } from "../support/owned.ts";
import { makeSite, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/secrets", { timeoutMs: 180_000, missing: missingDaemon() });

const program = `
import * as pulumi from "@pulumi/pulumi";
import { Container, debianImages, Image, LocalDaemon, RandomSecret } from "dockwright";
const daemon = new LocalDaemon("local");
const image = new Image("base", { daemon, debian: debianImages.webServer });
const forEnv = new RandomSecret("for-env", { daemon });
const forFile = new RandomSecret("for-file", { daemon, characters: "printable", length: 48 });
const within = new RandomSecret("within", { daemon, characters: "hex" });
const shared = {
  daemon, image, init: true, stopSignal: "SIGTERM", ready: { runningMs: 300 },
  env: { PASSWORD: forEnv.value },
  files: {
    "/etc/app/password": { content: forFile.value },
    "/etc/app/settings": { content: pulumi.interpolate\`{ "token": "\${within.value}" }\` },
  },
};
new Container("good", { ...shared, command: ["sleep", "600"] });
if (process.env.DWTEST_BAD) {
  const tell = "echo password $PASSWORD; cat /etc/app/password; echo; cat /etc/app/settings; echo; echo token $(tr -dc 0-9a-f < /etc/app/settings | tail -c 32); exit 4";
  new Container("bad", { ...shared, command: ["sh", "-c", tell] });
}
export const passwords = [forEnv.value, forFile.value, within.value];
export const openly = within.characters;
`;

let site: Site;
let project: Project;
const spoken: string[] = [];
const argumentLists = new ArgumentLists();

function heard(result: PulumiResult): PulumiResult {
  spoken.push(said(result));
  return result;
}

/** The forms in which a text may come up: as it is, in Go's JSON, in a URL, in base64. */
function forms(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const go = json.replaceAll("&", "\\u0026").replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
  return [secret, json, go, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
}

function found(text: string, secrets: readonly string[]): readonly string[] {
  return secrets.flatMap((secret) => forms(secret).filter((form) => text.includes(form)));
}

async function secretsOf(): Promise<readonly string[]> {
  const { passwords } = await project.outputs({ showSecrets: true });
  return passwords as readonly string[];
}

let sampler: NodeJS.Timeout | undefined;

test.before(async () => {
  site = await makeSite({ topic: "secrets", files: { "index.ts": program } });
  project = await site.stack("dev");
  sampler = setInterval(() => void argumentLists.look(), 250);
  succeeded(heard(await project.up({ preview: true, args: ["--diff"] })));
});
test.after(() => {
  clearInterval(sampler);
  return site.close();
});

test("the passwords are there, and differ", async () => {
  const secrets = await secretsOf();
  assert.equal(
    secrets.map((secret) => secret.length),
    [32, 48, 32],
  );
  const { passwords, openly } = await project.outputs();
  assert.equal(passwords, ["[secret]", "[secret]", "[secret]"]);
  assert.is(openly, "hex", "what is no secret is not hidden");
});

test("a container that prints them and fails shows none of them", async () => {
  const env = { DWTEST_BAD: "1" };
  heard(await project.preview({ env, args: ["--diff"] }));
  const up = heard(await project.up({ env }));
  assert.is.not(up.code, 0);
  assert.match(
    said(up),
    /password \[secret\]\n\s*\[secret\]\n\s*\[secret\]\n\s*token \[secret\]\n/,
  );
  assert.equal(found(said(up), await secretsOf()), []);
});

test("no command says one", async () => {
  for (const { Id } of await site.named("good")) {
    await site.docker.containers.stop(Id, { graceMs: 1000 });
  }
  succeeded(heard(await project.refresh({ args: ["--diff"] })));
  succeeded(heard(await project.preview({ args: ["--json"] })));
  succeeded(heard(await project.up({ args: ["--diff"] })));
  succeeded(heard(await project.run(["stack", "export", "--stack", "dev"])));
  succeeded(heard(await project.run(["stack", "--stack", "dev"])));
  assert.equal(found(spoken.join("\n"), await secretsOf()), []);
});

test("no file of the project or its state has one", async () => {
  const secrets = await secretsOf();
  const files = await filesIn(site.dir);
  assert.ok(
    files.some((file) => file.includes("/.pulumi/stacks/")),
    files.join("\n"),
  );
  for (const file of files) {
    assert.equal(found(await readFile(file, "utf8"), secrets), [], file);
  }
});

test("docker inspect has one where the program put it, and nowhere else", async () => {
  const secrets = await secretsOf();
  const all = await site.containers();
  assert.is(all.length, 1, "the failed one is gone");
  const inspected = await site.docker.containers.inspect(all[0]?.Id ?? "");
  const { Env = [], ...config } = inspected?.Config ?? {};
  assert.ok(Env?.includes(`PASSWORD=${secrets[0] ?? ""}`));
  assert.equal(found((Env ?? []).join("\n"), secrets.slice(1)), []);
  assert.equal(found(JSON.stringify({ ...inspected, Config: config }), secrets), []);
});

test("no process of the machine had one in its arguments", async () => {
  assert.match(argumentLists.text(), /pulumi/);
  assert.equal(found(argumentLists.text(), await secretsOf()), []);
});

test("a destroy says none either", async () => {
  const secrets = await secretsOf();
  const destroy = succeeded(heard(await project.destroy({ args: ["--diff"] })));
  assert.equal(found(said(destroy), secrets), []);
});

test.run();
