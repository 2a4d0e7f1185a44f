// Hosts by the real engine: previews that do not know a host yet, a key learned and kept, a changed
// key refused, a host out of reach that stops nobody else, and secrets that are nowhere in plain.
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import type { PulumiResult } from "../../sdk/engine/run.ts";
import { fingerprint, parseHostKey } from "../../sdk/ssh/hostkey.ts";
import { ArgumentLists, filesIn } from "../support/leaks.ts";
import { missingDaemon } from "../support/owned.ts";
import { freePort } from "../support/ports.ts";
import { makeSite, type Site, said, succeeded } from "../support/site.ts";
import { adminPassword, makeSshHost, missingForSshHost, type SshHost } from "../support/sshhost.ts";
import { suite } from "../support/suite.ts";

const test = suite("components/host", {
  long: true,
  timeoutMs: 300_000,
  missing: missingForSshHost() ?? missingDaemon(),
});

const passphrase = "open s3same & more";

const program = `
import * as pulumi from "@pulumi/pulumi";
import { File, Host, RandomSecret } from "dockwright";
const port = Number(process.env.DWTEST_PORT);
const [privateKey, passphrase, sudoPassword] = JSON.parse(process.env.DWTEST_LOGIN);
// Marked by nobody: they are secrets because of what they are.
const login = { user: "admin", privateKey, passphrase, sudoPassword };
// An address that only the update knows, as that of a machine which is made with it.
const address = process.env.DWTEST_LATE
  ? new RandomSecret("late", { length: 8 }).value.apply(() => "127.0.0.1")
  : "127.0.0.1";
const wait = { timeoutMs: 8_000 };
const lost = process.env.DWTEST_LOST === "1";
const host = new Host("web1", { ...login, address: pulumi.unsecret(pulumi.output(address)), port, wait, lost });
if (!lost) new File("motd", { host, path: "/etc/motd", content: "from dockwright\\n" });
host.provision([
  { directory: "/srv/shop" },
  [{ file: { path: "/srv/shop/a", content: "a" } }, { file: { path: "/srv/shop/b", content: "b" } }],
]);
if (process.env.DWTEST_AWAY) {
  const away = new Host("away", { ...login, address: "127.0.0.1", port: Number(process.env.DWTEST_AWAY), wait: { timeoutMs: 3_000 } });
  new File("never", { host: away, path: "/etc/motd", content: "never" });
  new File("beside", { host, path: "/etc/beside", content: "made all the same" }, { dependsOn: [] });
}
export const hostKey = host.hostKey;
export const print = host.fingerprint;
export const os = host.facts.os.id;
`;

let site: Site;
let host: SshHost;
let project: Project;
const spoken: string[] = [];
const argumentLists = new ArgumentLists();

function heard(result: PulumiResult): PulumiResult {
  spoken.push(said(result));
  return result;
}

test.before(async () => {
  host = await makeSshHost({ passphrase });
  const login = [host.sshd.target.privateKey, passphrase, adminPassword];
  const env = { DWTEST_PORT: String(host.sshd.port), DWTEST_LOGIN: JSON.stringify(login) };
  site = await makeSite({ topic: "host", files: { "index.ts": program }, env });
  project = await site.stack("dev");
});
test.after(async () => {
  await (site as Site | undefined)?.close();
  await (host as SshHost | undefined)?.close();
});

/** The lines of a preview or update, one a resource: its sign, type and name. */
const rows = (result: PulumiResult): readonly string[] =>
  result.stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /\bdockwright:|pulumi:providers:/.test(line));

test("a preview of a host that is not known yet, and not there, touches nothing", async () => {
  const pinned = parseHostKey(host.sshd.target.hostKey);
  await host.sshd.stop();
  const env = { DWTEST_LATE: "1" };
  const result = heard(await project.preview({ env }));
  assert.is(result.code, 0, said(result));
  assert.match(said(result), "dockwright:index:HostReady");
  assert.match(said(result), "dockwright:index:File");
  assert.not.match(said(result), fingerprint(pinned));
  await host.sshd.restart();
});

test("the key is learned, the host waited for, everything after that; a second update is silent", async () => {
  const result = heard(await argumentLists.during(project.up({ env: { DWTEST_LATE: "1" } })));
  assert.is(result.code, 0, said(result));
  const outputs = await project.outputs();
  assert.is(outputs["hostKey"], host.sshd.target.hostKey);
  assert.is(outputs["print"], fingerprint(parseHostKey(host.sshd.target.hostKey)));
  assert.is(outputs["os"], "debian");
  assert.is(await host.sh("cat /etc/motd /srv/shop/a /srv/shop/b"), "from dockwright\nab");
  const again = heard(await project.up({ env: { DWTEST_LATE: "1" } }));
  assert.is(again.code, 0, said(again));
  assert.equal(
    rows(again).filter((line) => /^[+~-]/.test(line)),
    [],
  );
});

test("a host out of reach is an error of its own resources; the others are made", async () => {
  const port = String(await freePort());
  const result = heard(
    await project.up({ env: { DWTEST_AWAY: port }, args: ["--continue-on-error"] }),
  );
  assert.is.not(result.code, 0);
  assert.match(said(result), `127.0.0.1:${port} could not be learned within 3000 ms`);
  assert.match(said(result), "connection refused");
  assert.match(said(result), "check that sshd runs there, and the port");
  assert.is(await host.sh("cat /etc/beside"), "made all the same");
});

test("a changed key is refused with both fingerprints, until it is replaced by name", async () => {
  const before = fingerprint(parseHostKey(await host.sshd.hostKey("ed25519")));
  await host.sshd.restart({ newKeys: true });
  const now = await host.sshd.hostKey("ed25519");
  const after = fingerprint(parseHostKey(now));
  const refresh = heard(await project.refresh());
  assert.is.not(refresh.code, 0);
  for (const print of [before, after]) assert.match(said(refresh), print);
  await host.sh("rm /etc/motd");
  // It has something to take away.
  const up = heard(await project.up());
  assert.is.not(up.code, 0);
  for (const print of [before, after]) assert.match(said(up), print);
  const urn = /--replace '([^']+)'/.exec(said(refresh))?.[1];
  assert.ok(urn, "the refusal says how to pin the new key");
  const replaced = heard(await project.up({ args: ["--replace", String(urn)] }));
  assert.is(replaced.code, 0, said(replaced));
  assert.is((await project.outputs())["hostKey"], now);
  succeeded(heard(await project.up({ args: ["--refresh"] })));
  assert.is(await host.sh("cat /etc/motd"), "from dockwright");
});

test("a lost host is not contacted: what stays is recorded, what goes is forgotten; then it is back", async () => {
  await host.sshd.stop();
  let contacts = 0;
  const listener = createServer((socket) => {
    contacts += 1;
    socket.destroy();
  });
  // One that is left over after a failure holds nothing up.
  listener.unref();
  await new Promise<void>((resolve) => listener.listen(host.sshd.port, "127.0.0.1", resolve));
  const env = { DWTEST_LOST: "1" };
  succeeded(heard(await project.preview({ env })));
  const up = succeeded(heard(await project.up({ env })));
  assert.match(said(up), "its host is lost, and nothing was done there");
  assert.equal(
    rows(up).filter((line) => /^([+-]|~.*File)/.test(line) && !/^- .*\bmotd\b/.test(line)),
    [],
    "what stays is as it was",
  );
  succeeded(heard(await project.refresh({ env })));
  const again = succeeded(heard(await project.up({ env })));
  assert.equal(
    rows(again).filter((line) => /^[+~-]/.test(line)),
    [],
  );
  assert.is(contacts, 0, "connections to the lost host");
  await new Promise((resolve) => listener.close(resolve));
  assert.is(await host.sh("cat /etc/motd"), "from dockwright", "what is forgotten is still there");
  await host.sshd.restart();
  const back = succeeded(heard(await project.up()));
  assert.equal(
    rows(back).filter((line) => /^[+-]/.test(line) && !/^\+ .*\bmotd\b/.test(line)),
    [],
    "nothing is replaced",
  );
  assert.is(await host.sh("cat /etc/motd"), "from dockwright");
});

test("key, passphrase and sudo password are nowhere in plain", async () => {
  const key = host.sshd.target.privateKey ?? "";
  const inner = key.split("\n").filter((line) => line.length > 40);
  // The engine is written in Go, whose JSON has other escapes.
  const secrets = [...inner, passphrase, passphrase.replace("&", "\\u0026"), adminPassword];
  const state = JSON.stringify(await project.export());
  const machine = await host.sh(
    "cat /proc/*/cmdline 2>/dev/null | tr '\\0' ' '; cat /var/log/*.log 2>/dev/null; :",
  );
  const files = (await filesIn(site.dir)).map((file) => readFile(file, "latin1"));
  const written = (await Promise.all(files)).join("\n");
  const argv = argumentLists.text();
  const places = { state, said: spoken.join("\n"), argv, machine, written };
  for (const [name, text] of Object.entries(places)) {
    assert.ok(text.length > 0 || name === "machine", name);
    for (const secret of secrets) assert.not.ok(text.includes(secret), `a secret in ${name}`);
  }
  const known = JSON.stringify(await project.export({ showSecrets: true }));
  assert.ok(known.includes(inner[1] ?? "?"), "the search would have found it");
});

test("destroy takes away what was made", async () => {
  succeeded(heard(await project.destroy()));
  assert.is(await host.sh("ls /srv/shop 2>&1 | grep -c 'No such'"), "1");
});

test.run();
