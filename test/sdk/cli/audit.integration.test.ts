// `dockwright audit` as a command, over this machine's own daemon: what containers are is found, the
// output and the exit codes are as they are documented, and nothing is changed.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { AuditFinding } from "../../../policy/audit/audit.ts";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { suite } from "../../support/suite.ts";
import { Fixture, missing } from "../docker/fixture.ts";

const test = suite("cli/audit", {
  timeoutMs: 120_000,
  missing: missing() ?? (process.getuid?.() === 0 ? undefined : "this needs root"),
});

const main = path.join(packageRoot(), "sdk", "cli", "main.ts");
let fixture: Fixture;
let bad = "";
let good = "";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, "audit", ...args],
      { maxBuffer: 64 << 20 },
      (error, stdout, stderr) =>
        resolve({
          code: typeof error?.code === "number" ? error.code : error ? 1 : 0,
          stdout,
          stderr,
        }),
    );
  });
}

test.before(async () => {
  fixture = new Fixture("audit");
  await fixture.makeImage();
  bad = fixture.name();
  good = fixture.name();
  await fixture.client.containers.create(bad, {
    Image: fixture.image,
    Cmd: ["true"],
    Env: ["DB_PASSWORD=hush-hush"],
    HostConfig: {
      Privileged: true,
      NetworkMode: "host",
      PidMode: "host",
      Binds: ["/etc:/host:ro", "/var/run/docker.sock:/d"],
      SecurityOpt: ["seccomp=unconfined"],
    },
  });
  await fixture.client.containers.create(good, {
    Image: fixture.image,
    Cmd: ["true"],
    User: "1000",
    Healthcheck: { Test: ["CMD", "true"] },
    HostConfig: {
      NetworkMode: "none",
      CapDrop: ["ALL"],
      ReadonlyRootfs: true,
      SecurityOpt: ["no-new-privileges"],
      Memory: 64 << 20,
      NanoCpus: 1e9,
      PidsLimit: 20,
      LogConfig: { Type: "json-file", Config: { "max-size": "1m" } },
    },
  });
});
test.after(async () => {
  await fixture.clean();
});

test("the findings on a container are those of its faults, as JSON of a fixed form; exit code 2", async () => {
  const { code, stdout, stderr } = await run("--json");
  assert.is(code, 2, stderr);
  const report = JSON.parse(stdout) as { readonly findings: readonly AuditFinding[] };
  assert.equal(Object.keys(report), ["host", "rules", "subjects", "findings"]);
  for (const one of report.findings) {
    assert.equal(Object.keys(one), [
      "rule",
      "id",
      "severity",
      "level",
      "subject",
      "path",
      "what",
      "why",
      "fix",
    ]);
  }
  const of = (name: string) =>
    report.findings.filter(({ subject }) => subject === `container ${name}`);
  const ids = new Set(of(bad).map(({ id }) => id));
  for (const id of ["5.5", "5.6", "5.10", "5.16", "5.22", "5.32", "4.1", "5.11", "7.4"]) {
    assert.ok(ids.has(`CIS ${id}`), `CIS ${id} in ${[...ids].join()}`);
  }
  assert.equal(
    of(good).map(({ rule }) => rule),
    [],
  );
  assert.not.match(stdout, "hush-hush");
});

test("for people: a table, the reasons once, and the count; options of rules change what is found", async () => {
  const { code, stdout } = await run("local");
  assert.is(code, 2);
  assert.match(stdout, new RegExp(`critical.*CIS 5\\.5.*container ${bad}.*Privileged is true`));
  assert.is(stdout.split("CIS 5.5: A privileged container is root").length, 2);
  assert.match(stdout, /\n\d+ findings on this machine.*: \d+ rules over \d+ things\n$/);
  const file = path.join(os.tmpdir(), `${fixture.prefix}.json`);
  await writeFile(file, JSON.stringify({ "few-unused-images": { max: -1 } }));
  const { stdout: more } = await run("--config", file, "--json");
  assert.match(more, '"few-unused-images"');
});

test("what cannot be asked is an error, with exit code 1 and its fix", async () => {
  const socket = await run("--socket", "/nowhere.sock");
  assert.is(socket.code, 1, socket.stdout);
  const unknown = await run("ann@dwtest-no-such-host.invalid");
  assert.is(unknown.code, 1);
  assert.match(
    unknown.stderr,
    "known_hosts has no key of dwtest-no-such-host.invalid\nfix: connect once",
  );
  const level = await run("--fail-on", "everything");
  assert.is(level.code, 1);
  assert.match(level.stderr, "write mandatory or advisory");
});

test.run();
