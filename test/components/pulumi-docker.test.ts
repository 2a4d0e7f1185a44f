// The provider of @pulumi/docker for each kind of daemon: a program compiled against its types, and the
// arguments that its provider gets, as an echo gives them back.
import { RemoteImage } from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import { LocalDaemon } from "../../components/index.ts";
import {
  type DockerProviderArgs,
  dockerProvider,
  dockerProviderArgs,
  type ReachableDaemon,
} from "../../components/pulumi-docker.ts";
import { named, type Registered, register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";

const test = suite("components/pulumi-docker");
const isSecret = "4dabf18193072939515e22adb298388d";

/** The inputs of the provider, secrets unwrapped, JSON values read. */
function seen({ inputs }: Registered): Record<string, unknown> {
  const entries = Object.entries(inputs).map(([name, value]) => {
    const plain =
      typeof value === "object" && value !== null && isSecret in value
        ? (value as unknown as { readonly value: unknown }).value
        : value;
    return [name, name === "sshOpts" ? JSON.parse(String(plain)) : plain] as const;
  });
  return Object.fromEntries(entries);
}

async function inputsFor(daemon: ReachableDaemon, args: DockerProviderArgs = {}) {
  const all = await register(() => {
    const provider = dockerProvider(daemon, args);
    return new RemoteImage("nginx", { name: "nginx:1" }, { provider });
  });
  return seen(named(all, args.name ?? "docker"));
}

test("a daemon on a socket", async () => {
  const daemon = { dockerHost: "unix:///run/docker.sock" };
  assert.equal(await inputsFor(daemon), { host: "unix:///run/docker.sock", sshOpts: [] });
});

test("a daemon behind mutual TLS: all three, the key as a secret", async () => {
  const daemon = { dockerHost: "tcp://203.0.113.10:2376", ca: "CA", cert: "CERT", key: "KEY" };
  const { caMaterial, certMaterial, keyMaterial, host } = await inputsFor(daemon);
  assert.equal(
    [host, caMaterial, certMaterial, keyMaterial],
    [daemon.dockerHost, "CA", "CERT", "KEY"],
  );
  const { keyMaterial: key } = dockerProviderArgs(daemon);
  assert.is(await pulumi.isSecret(pulumi.output(key)), true);
});

test("some of the three is refused", () => {
  assert.throws(
    () => dockerProviderArgs({ dockerHost: "tcp://h:1", ca: "CA" }),
    /all three or none/,
  );
});

test("a daemon over SSH: key file and pinned host key, and no question is asked", async () => {
  const ssh = {
    identityFile: "/home/me/.ssh/id",
    hostKey: "ssh-ed25519 AAAA comment",
    options: ["-v"],
  };
  const { host, sshOpts } = await inputsFor({ dockerHost: "ssh://admin@web1:22" }, { ssh });
  assert.is(host, "ssh://admin@web1:22");
  assert.equal(sshOpts, [
    ...["-o", "BatchMode=yes", "-i", "/home/me/.ssh/id", "-o", "IdentitiesOnly=yes"],
    ...["-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=/dev/null"],
    ...["-o", "KnownHostsCommand=/bin/echo %H ssh-ed25519 AAAA", "-v"],
  ]);
});

test("a LocalDaemon is such a daemon, and the name is the program's", async () => {
  const all = await register(() => {
    const daemon = new LocalDaemon("local", { socketPath: "/run/other.sock" });
    dockerProvider(daemon, { name: "theirs" });
  });
  assert.is(seen(named(all, "theirs"))["host"], "unix:///run/other.sock");
});

test.run();
