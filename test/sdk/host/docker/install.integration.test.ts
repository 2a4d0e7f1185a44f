// Docker from a signed repository: its key checked by the fingerprint, the version pinned and held; and what
// refuses the declaration finds the host as it was.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { Machine } from "../../../../sdk/host/machine.ts";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { type Lab, makeHosts, missingForLab } from "../../../lab/hosts.ts";
import { failuresOf, type Life, lifeOf } from "../../../support/hostresource.ts";
import { missingForSigning, Signer, type SigningKey } from "../../../support/signedrepo.ts";
import { suite } from "../../../support/suite.ts";
import { machineOf } from "./host.ts";

const test = suite("host: Docker from a signed repository", { long: true, timeoutMs: 300_000 });
const missing = missingForLab() ?? missingForSigning();
const kind = "DockerEngine";
const versions = ["26.1.3", "26.1.4"] as const;
const epoch = (version: string) => `5:${version}-1~debian.13~trixie`;

let lab: Lab | undefined;
let signer: Signer;
let folder = "";
let key: SigningKey;
let stranger: SigningKey;
let machine: Machine;
let life: Life;

const must = async (line: string): Promise<string> => {
  const { code, stdout, stderr } = await machine.run(line, { timeoutMs: 60_000 });
  assert.is(code, 0, `${line}: ${stdout}${stderr}`);
  return stdout.trim();
};
const declared = (more: ValueMap = {}, repository: ValueMap = {}): ValueMap => ({
  repository: {
    url: "file:/srv/docker",
    key: key.text,
    fingerprint: key.fingerprint,
    ...repository,
  },
  ...more,
});
/** All that an installation could touch. */
const state = () =>
  must(`dpkg-query -W -f '\${Package} \${Version} \${db:Status-Abbrev}\\n'
    find /etc/apt /usr/sbin/policy-rc.d /var/lib/dockwright -type f ! -path '*/jobs/*' 2>/dev/null |
      sort | xargs sha256sum`);

async function refusal(inputs: ValueMap): Promise<string> {
  try {
    await lifeOf(machine, { kind }, inputs).create();
  } catch (error) {
    return String(error);
  }
  throw new Error("it was taken");
}

if (missing !== undefined) test.skip(missing);
else {
  test.before(async () => {
    signer = await Signer.open();
    folder = await mkdtemp(path.join(tmpdir(), "dwtest-repo-"));
    key = await signer.makeKey("docker");
    stranger = await signer.makeKey("stranger");
    const packages = versions.flatMap((version) => {
      const dockerd = `#!/bin/sh\necho "Docker version ${version}, build 0a1b2c3"\n`;
      return [
        { name: "docker-ce", version: epoch(version), programs: { "usr/bin/dockerd": dockerd } },
        { name: "docker-ce-cli", version: epoch(version) },
      ];
    });
    const all = [...packages, { name: "containerd.io", version: "1.7.27-1" }];
    await signer.makeRepository(folder, "trixie", key, all);
    lab = await makeHosts([{ name: "repo13", suite: "trixie" }], {
      log: (line) => process.stdout.write(`${line}\n`),
    });
    const [host] = lab.hosts;
    assert.ok(host);
    machine = machineOf(host);
    await cp(folder, host.path("/srv/docker"), { recursive: true });
    await must("chmod -R go=rX /srv/docker");
  });
  test.after(async () => {
    await lab?.close();
    await signer.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("what refuses the declaration finds the host as it was", async () => {
    const before = await state();
    const other = declared({}, { fingerprint: stranger.fingerprint });
    assert.match(
      await refusal(other),
      new RegExp(`fingerprint ${key.fingerprint}, and ${stranger.fingerprint} is declared`),
    );
    const { key: _, ...keyless } = declared()["repository"] as Record<string, string>;
    assert.equal(failuresOf(kind, { repository: keyless }), ["repository.key: is required"]);
    const both = { key: key.text + stranger.text };
    assert.match(await refusal(declared({}, both)), /has 2 keys/);
    assert.match(
      await refusal(declared({ version: "99.0" })),
      /offers no docker-ce 99\.0.*26\.1\.4/s,
    );
    assert.is(await state(), before);
  });

  test("a repository that another key signed is refused by apt, and leaves nothing", async () => {
    const before = await state();
    const forged = { key: stranger.text, fingerprint: stranger.fingerprint };
    assert.match(await refusal(declared({}, forged)), /NO_PUBKEY|not signed|verif/i);
    assert.is(await state(), before);
  });

  test("a version is installed, held, and found again", async () => {
    life = await lifeOf(machine, { kind }, declared({ version: versions[0] })).create();
    assert.equal(life.recorded.outputs, {
      engineVersion: versions[0],
      packageName: "docker-ce",
      packageVersion: epoch(versions[0]),
      apiVersion: "1.45",
    });
    const held = await must("apt-mark showhold");
    assert.equal(held.split("\n"), ["containerd.io", "docker-ce", "docker-ce-cli"]);
    assert.not.match(await must("apt-get -s dist-upgrade"), /^Inst docker-ce/m);
    assert.ok(await life.refresh());
    assert.equal(life.changes(), []);
  });

  test("what was changed behind our back shows in its place, and is repaired", async () => {
    await must("apt-mark unhold docker-ce");
    assert.ok(await life.refresh());
    assert.equal(life.changes(), ["delete hold"]);
    await life.up();
    assert.match(await must("apt-mark showhold"), /^docker-ce$/m);
    await must(
      "echo >> /etc/apt/keyrings/dockwright-docker.asc; sed -i s/A/B/ /etc/apt/keyrings/dockwright-docker.asc",
    );
    assert.ok(await life.refresh());
    assert.equal(life.changes(), ["update repository.key"]);
    await life.up();
    assert.ok(await life.refresh());
    assert.equal(life.changes(), []);
  });

  test("another version, newer or older, is installed in its place", async () => {
    for (const version of [versions[1], versions[0]]) {
      await life.up(declared({ version }));
      assert.is(life.recorded.outputs["engineVersion"], version);
      assert.match(await must("apt-mark showhold"), /^docker-ce$/m);
    }
  });

  test("given up: repository and key go, the packages stay and may change", async () => {
    await life.delete();
    assert.is(await must("apt-mark showhold"), "");
    assert.is(
      await must("ls /etc/apt/keyrings /etc/apt/sources.list.d | grep dockwright || :"),
      "",
    );
    assert.match(await must("dockerd --version"), new RegExp(versions[0]));
  });
}

test.run();
