// `dockwright env` over a real state with real certificates: files that only their owner reads, lines
// that a shell and the docker CLI take, and no key in what is said.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { packageRoot } from "../../../sdk/engine/package.ts";
import type { Project } from "../../../sdk/engine/project.ts";
import { inspectCertificate, isIssuedBy, isKeyOf } from "../../../sdk/pki/inspect.ts";
import { makeSite, type Site, said, succeeded } from "../../support/site.ts";
import { suite } from "../../support/suite.ts";

const test = suite("cli/env integration", { timeoutMs: 120_000 });
const main = path.join(packageRoot(), "sdk", "cli", "main.ts");

const program = `
import * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority } from "dockwright";
class TlsDaemon extends pulumi.ComponentResource {
  constructor(name, outputs) {
    super("dockwright:index:TlsDaemon", name, {});
    this.registerOutputs(outputs);
  }
}
const authority = new CertificateAuthority("web", { rotate: process.env.DWTEST_ROTATE ?? "no" });
const server = authority.serverCertificate("web1", { addresses: ["203.0.113.10"] });
const alice = authority.clientCertificate("alice");
new TlsDaemon("web1", {
  dockerHost: "tcp://203.0.113.10:2376",
  ca: authority.bundle, cert: alice.certificate, key: alice.key,
});
new TlsDaemon("behind-ssh", { dockerHost: "ssh://admin@203.0.113.11:22" });
export const expiresAt = server.expiresAt;
`;

let site: Site;
let project: Project;

test.before(async () => {
  site = await makeSite({ topic: "env", files: { "index.ts": program } });
  project = await site.stack("dev");
});
test.after(() => site.close());

function run(...args: readonly string[]) {
  const env: NodeJS.ProcessEnv = { ...process.env, PULUMI_HOME: path.join(site.dir, "home") };
  for (const name of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "SHELL"]) delete env[name];
  const all = [main, "env", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, {
    cwd: site.dir,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("before the first update there is no daemon, and it says what to do", () => {
  const { status, stdout, stderr } = run("web1", "--stack", "dev");
  assert.is(status, 1);
  assert.is(stdout, "");
  assert.match(stderr, /fix: run `pulumi up` first/);
});

test("authority and certificates come up; again, all is silent", async () => {
  succeeded(await project.up({ preview: true }));
  const again = succeeded(await project.up());
  assert.match(said(again), /unchanged/);
  assert.not.match(said(again), /updated|created|replaced/);
  const preview = succeeded(await project.preview({ args: ["--expect-no-changes"] }));
  assert.is(preview.code, 0);
  succeeded(await project.refresh({ args: ["--expect-no-changes"] }));
});

test("a TLS daemon: files for their owner, lines for the shell", async () => {
  const { status, stdout, stderr } = run("web1");
  assert.is(status, 0, stderr);
  const shown = 'printf "%s\\n" "$DOCKER_TLS_VERIFY" "$DOCKER_HOST" "$DOCKER_CERT_PATH"';
  const evaluated = spawnSync("sh", ["-c", `${stdout}\n${shown}`], { encoding: "utf8" }).stdout;
  const [verify, host, folder = ""] = evaluated.split("\n");
  assert.equal([verify, host], ["1", "tcp://203.0.113.10:2376"]);
  assert.is(statSync(folder).mode & 0o777, 0o700);
  for (const name of ["ca", "cert", "key"]) {
    assert.is(statSync(path.join(folder, `${name}.pem`)).mode & 0o777, 0o600);
  }
  const [ca, cert, key] = await Promise.all(
    ["ca", "cert", "key"].map((name) => readFile(path.join(folder, `${name}.pem`), "utf8")),
  );
  assert.ok(isIssuedBy(cert ?? "", ca ?? ""));
  assert.ok(isKeyOf(cert ?? "", key ?? ""));
  assert.is(inspectCertificate(cert ?? "").subject, "alice");
  assert.not.match(stdout + stderr, /PRIVATE KEY/);
  assert.match(stdout, /# eval "\$\(npx dockwright env web1\)"/);
  const ignored = path.join(site.dir, ".dockwright", ".gitignore");
  assert.match(await readFile(ignored, "utf8"), /^\*$/m);
});

test("a daemon behind SSH: its address, and no files of another", () => {
  const { stdout } = run("behind-ssh", "--shell", "fish");
  assert.equal(stdout.split("\n").slice(0, 3), [
    "set -e DOCKER_TLS_VERIFY;",
    "set -gx DOCKER_HOST 'ssh://admin@203.0.113.11:22';",
    "set -e DOCKER_CERT_PATH;",
  ]);
  assert.not.ok(existsSync(path.join(site.dir, ".dockwright/env/dev/behind-ssh")));
});

test("of two daemons one must be named; --unset needs neither", () => {
  assert.match(run().stderr, /has 2 daemons\nfix: name one: (web1|behind-ssh), /);
  const { status, stdout } = run("--unset");
  assert.is(status, 0);
  assert.equal(stdout.trim().split("\n"), [
    "unset DOCKER_TLS_VERIFY",
    "unset DOCKER_HOST",
    "unset DOCKER_CERT_PATH",
  ]);
});

test("a rotation is previewed, and is an update; env then gives the new files", async () => {
  const env = { DWTEST_ROTATE: "yes" };
  const preview = succeeded(await project.preview({ env, args: ["--diff"] }));
  assert.match(said(preview), /~ rotate: "no" => "yes"/);
  assert.not.match(said(preview), /replace/);
  const up = succeeded(await project.up({ env }));
  assert.match(said(up), /generation 2; the former is trusted to /);
  assert.not.match(said(up), /replaced/);
  assert.not.match(said(up), /PRIVATE KEY-----\n/);
  const again = succeeded(await project.up({ env }));
  assert.not.match(said(again), /updated/);
  assert.is(run("web1", "--dir", path.join(site.dir, "out")).status, 0);
  const cert = await readFile(path.join(site.dir, "out", "cert.pem"), "utf8");
  assert.is(inspectCertificate(cert).issuer, "web 2");
});

test("by the calendar: what a later update would renew is in its preview", async () => {
  const later = (days: number) => ({
    DWTEST_ROTATE: "yes",
    DOCKWRIGHT_TEST_NOW: new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString(),
  });
  const drop = succeeded(await project.preview({ env: later(31) }));
  assert.match(said(drop), /CertificateAuthority\s+web\s+update\s+\[diff: ~overlapEndsAt\]/);
  assert.match(said(drop), /Certificate\s+alice\s+update\s+\[diff: ~crossCertificate\]/);
  const renewal = succeeded(await project.preview({ env: later(65) }));
  assert.match(said(renewal), /Certificate\s+alice\s+update\s+\[diff: [^\]]*\bexpiresAt\b/);
});

test.run();
