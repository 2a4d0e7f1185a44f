// The gate of a new container through the real plugin: what passes, what fails at once, what is left
// (nothing) and what is said (the last log lines, no secret).
import * as assert from "uvu/assert";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing } from "../../docker/fixture.ts";
import { bundle, type Given, Plugin, refusal, urnOf } from "../plugin.ts";

const test = suite("provider/gate");
const lab = new Fixture("provider-gate");
const reason = missing();
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let plugin: Plugin;

test.before(async () => {
  if (reason) return;
  built = await bundle();
  await lab.makeImage();
  plugin = await Plugin.start(built.path);
});
test.after(async () => {
  if (reason) return;
  await plugin.stop();
  await built?.remove();
  await lab.clean();
});

function rule(name: string, run: () => Promise<void>): void {
  if (reason) test.skip(`${name} (${reason})`);
  else test(name, run);
}

function shell(line: string, more: object = {}): Given {
  return { image: lab.image, command: ["/bin/busybox", "sh", "-c", line], stopGraceMs: 0, ...more };
}

/** Makes a container that must not get ready; gives what was said, and how long it took. */
async function failing(given: Given, timeoutS = 0) {
  const name = lab.name();
  const urn = urnOf("Container", name);
  const { inputs } = await plugin.check(urn, given);
  const started = performance.now();
  const said = await refusal(plugin.create(urn, inputs, { timeoutS }));
  const tookMs = performance.now() - started;
  const left = await lab.client.containers.list({ all: true, filters: { name: [name] } });
  assert.equal(left, [], "nothing is left of it");
  return { said, tookMs };
}

/** So long that whoever waits for it is seen, and the test fails. */
const longMs = 300_000;

rule(
  "a container that exits fails at once, is removed, and its last log lines are told",
  async () => {
    const { said, tookMs } = await failing(
      shell("for i in 1 2 3; do echo line $i; done; echo last words >&2; exit 7", {
        ready: { runningMs: longMs, timeoutMs: longMs },
      }),
    );
    assert.match(said, "did not get ready");
    assert.match(said, "exited with code 7");
    assert.match(said, "it was removed; what ran before it is untouched");
    // The daemon does not keep the order between the two streams.
    assert.match(said, /its last log lines:\n(last words\n)?line 1\n/);
    for (const line of ["line 2\n", "line 3", "last words"]) assert.match(said, line);
    assert.ok(tookMs < longMs / 5, `${tookMs} ms`);
  },
);

rule("of a long log, the last 20 lines", async () => {
  const line =
    "for i in 0 1 2 3 4 5 6 7 8 9; do for j in 0 1 2 3 4 5 6 7 8 9; do echo n$i$j; done; done";
  const { said } = await failing(shell(`${line}; exit 1`));
  const told = said.match(/^n\d\d$/gm) ?? [];
  assert.is(told.length, 20);
  assert.is(told.at(-1), "n99");
});

rule("secrets do not come up in the log lines that are told, in whatever form", async () => {
  const password = "p@ss word/1";
  const forms = [password, encodeURIComponent(password), Buffer.from(password).toString("base64")];
  const { said } = await failing({
    values: {
      image: lab.image,
      env: { PASSWORD: password },
      command: [
        "/bin/busybox",
        "sh",
        "-c",
        `echo "seen: $PASSWORD"; echo ${forms.slice(1).join(" ")}; exit 1`,
      ],
    },
    secrets: new Set(["env.PASSWORD"]),
  });
  for (const form of forms) assert.not.match(said, form);
  assert.match(said, "seen: [secret]\n[secret] [secret]");
});

rule("a health check that fails ends the gate as soon as it says `unhealthy`", async () => {
  const { said, tookMs } = await failing(
    shell("sleep 600", {
      healthCheck: {
        test: ["CMD", "/bin/busybox", "sh", "-c", "echo no database; exit 1"],
        intervalMs: 200,
        retries: 2,
      },
      ready: { timeoutMs: longMs },
    }),
  );
  assert.match(said, 'status "unhealthy"');
  assert.match(said, "no database");
  assert.ok(tookMs < longMs / 5, `${tookMs} ms`);
});

rule("a wait has an end, and says what was last seen", async () => {
  const { said } = await failing(
    shell("sleep 600", {
      healthCheck: { test: ["CMD", "/bin/busybox", "false"], intervalMs: 60_000 },
      ready: { timeoutMs: 700 },
    }),
  );
  assert.match(said, "is not healthy after 700 ms");
  assert.match(said, 'status "starting"');
});

rule("customTimeouts stand above ready.timeoutMs", async () => {
  const { said } = await failing(
    shell("sleep 600", { ready: { tcp: { port: 9 }, timeoutMs: longMs } }),
    1,
  );
  assert.match(said, /is not listening on port 9 after \d+ ms/);
});

rule("ready.http passes at the expected status, and at no other", async () => {
  const serve =
    "mkdir -p /tmp/www; echo hello > /tmp/www/index.html; exec busybox httpd -f -p 8080 -h /tmp/www";
  const ready = (http: object) => ({ ready: { http: { port: 8080, ...http }, timeoutMs: 20_000 } });
  const good = await plugin.make(urnOf("Container", lab.name()), shell(serve, ready({})));
  assert.is(good.outputs.values["running"], true);
  const odd = ready({ path: "/none", status: 404 });
  const expected = await plugin.make(urnOf("Container", lab.name()), shell(serve, odd));
  assert.is(expected.outputs.values["running"], true);
  const wrong = { ready: { http: { port: 8080, status: 204 }, timeoutMs: 1500 } };
  const { said } = await failing(shell(serve, wrong));
  assert.match(said, "HTTP status 200");
});

rule("ready.tcp without a network address says what to do", async () => {
  const { said } = await failing(
    shell("sleep 600", { networkMode: "none", ready: { tcp: { port: 80 } } }),
  );
  assert.match(said, "it has no network address to ask");
  assert.match(said, "fix: give it a network, or use a health check");
});

rule("a container that cannot even start is removed, with the daemon's words", async () => {
  const { said } = await failing({ image: lab.image, command: ["/no/such/program"] });
  assert.match(said, "/no/such/program");
});

rule(
  "progress stands on the resource's own line, and the last line says that it is ready",
  async () => {
    const name = lab.name();
    const urn = urnOf("Container", name);
    await plugin.make(urn, shell("sleep 600", { ready: { runningMs: 100 } }));
    const lines = plugin.lines.filter((line) => line.urn === urn);
    assert.ok(lines.length > 0 && lines.every(({ ephemeral }) => ephemeral));
    assert.match(lines.at(-1)?.text ?? "", /: ready after \d+\.\d s$/);
  },
);

test.run();
