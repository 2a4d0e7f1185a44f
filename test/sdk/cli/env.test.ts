// `dockwright env`: which daemon is meant, and what a shell makes of the lines.
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import * as assert from "uvu/assert";
import { chooseDaemon, type DaemonAccess, daemonsOf } from "../../../sdk/cli/env-daemons.ts";
import { renderShell, shellOf } from "../../../sdk/cli/env-shell.ts";
import type { ExportedResource } from "../../../sdk/engine/project.ts";
import { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";

const test = suite("cli/env");

const secret = (text: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(text),
});
const resource = (
  type: string,
  name: string,
  outputs: Record<string, unknown>,
): ExportedResource => ({
  urn: `urn:pulumi:dev::shop::dockwright:index:${type}::${name}`,
  type: `dockwright:index:${type}`,
  outputs,
});
const daemons = (...resources: readonly ExportedResource[]): readonly DaemonAccess[] =>
  daemonsOf({ version: 3, deployment: { resources } });

const pem = { ca: "CA\n", cert: "CERT\n", key: secret("KEY\n") };

test("a TLS daemon, with its key out of a secret", () => {
  const found = daemons(resource("TlsDaemon", "web1", { dockerHost: "tcp://a:2376", ...pem }));
  const tls = { ca: "CA\n", cert: "CERT\n", key: "KEY\n" };
  assert.equal(found, [{ name: "web1", dockerHost: "tcp://a:2376", tls }]);
});

test("a daemon behind SSH has no files", () => {
  const found = daemons(resource("Daemon", "web1", { dockerHost: "ssh://admin@a:22", ca: "" }));
  assert.equal(found, [{ name: "web1", dockerHost: "ssh://admin@a:22", tls: undefined }]);
});

test("what says no address, or is no daemon, or goes away, is none", () => {
  const gone = { ...resource("Daemon", "old", { dockerHost: "ssh://a" }), delete: true };
  const found = daemons(
    resource("LocalDaemon", "local", {}),
    resource("Host", "web1", { dockerHost: "ssh://a" }),
    resource("DockerDaemon", "part", { dockerHost: { unknown: true } }),
    gone,
  );
  assert.equal(found, []);
  assert.equal(daemonsOf({ version: 3, deployment: {} }), []);
});

const two = daemons(
  resource("Daemon", "web1", { dockerHost: "ssh://a" }),
  resource("Daemon", "web2", { dockerHost: "ssh://b" }),
);
const choices: readonly (readonly [string, readonly DaemonAccess[], string | undefined, string])[] =
  [
    ["by its name", two, "web2", "web2"],
    ["the only one", two.slice(0, 1), undefined, "web1"],
    ["one of several must be named", two, undefined, "has 2 daemons; name one: web1, web2"],
    ["an unknown one", two, "web3", 'has no daemon "web3"; name one of web1, web2'],
    ["none at all", [], "web1", "has no daemon that can be reached; run `pulumi up` first"],
  ];
for (const [what, all, name, want] of choices) {
  test(`the daemon: ${what}`, () => {
    let got: string;
    try {
      got = chooseDaemon(all, name, "dev").name;
    } catch (error) {
      got = error instanceof SdkError ? `${error.message}; ${error.fix ?? ""}` : String(error);
    }
    assert.ok(got.includes(want), got);
  });
}

test("the lines for sh and fish, as docker-machine wrote them", () => {
  const settings = { DOCKER_TLS_VERIFY: "1", DOCKER_HOST: "tcp://a:2376", GONE: undefined };
  assert.equal(renderShell(settings, "sh").split("\n"), [
    "export DOCKER_TLS_VERIFY='1'",
    "export DOCKER_HOST='tcp://a:2376'",
    "unset GONE",
  ]);
  assert.equal(renderShell(settings, "fish").split("\n"), [
    "set -gx DOCKER_TLS_VERIFY '1';",
    "set -gx DOCKER_HOST 'tcp://a:2376';",
    "set -e GONE;",
  ]);
  assert.is(renderShell({ A: "it's\\" }, "fish"), "set -gx A 'it\\'s\\\\';");
});

test("any value arrives in a shell as it was", () => {
  const value = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(value, (text) => {
      const lines = renderShell({ VALUE: text }, "sh");
      const { stdout } = spawnSync("sh", ["-c", `${lines}\nprintf %s "$VALUE"`]);
      return stdout.toString("utf8") === text;
    }),
    { numRuns: 50 },
  );
});

test("the shell: asked for, or the person's own", () => {
  assert.is(shellOf("fish", { SHELL: "/bin/bash" }), "fish");
  assert.is(shellOf(undefined, { SHELL: "/usr/bin/fish" }), "fish");
  assert.is(shellOf(undefined, { SHELL: "/bin/zsh" }), "sh");
  assert.is(shellOf(undefined, {}), "sh");
  assert.throws(
    () => shellOf("cmd", {}),
    (error: unknown) => error instanceof SdkError && error.message === 'the shell is "cmd"',
  );
});

test.run();
