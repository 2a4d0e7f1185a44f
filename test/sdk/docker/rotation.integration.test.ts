// A whole rotation of the authority against a real daemon, which loads a certificate by a restart only:
// plain TLS clients are refused while its socket is down and never for a certificate, our own client
// sees no error, and the container runs on. Prints the restarts and the longest gap.

import * as assert from "uvu/assert";
import { type Lab, makeHosts, missingForLab } from "../../lab/hosts.ts";
import { suite } from "../../support/suite.ts";
import { Declared, setDaysLater } from "../provider/declared.ts";
import { isDown, OwnLoop, PlainLoop, ping, stopLoops } from "./loops.ts";
import { must, startTls, stop, type TlsFiles, writeFiles } from "./tlshost.ts";

const test = suite("docker: rotation", { timeoutMs: 8 * 60_000, missing: missingForLab() });
const log = (line: string) => process.stdout.write(`${line}\n`);

let lab: Lab | undefined;

test.before(async () => {
  lab = await makeHosts([{ name: "web", suite: "bookworm", docker: "installed" }], { log });
});
test.after(async () => {
  await stopLoops();
  await lab?.close();
});

const container =
  "cd / && tar -cf - -h usr/bin/sleep $(ldd /usr/bin/sleep | grep -o '/[^ ]*' | cut -c 2-) | " +
  "docker import - sleeper >/dev/null && docker run -d --name kept --network none sleeper /usr/bin/sleep 86400";

/** The authority of a stack, a server's certificate and a client's, and an update of all three. */
class Pki {
  readonly root = new Declared("CertificateAuthority", "web");
  readonly server = new Declared("Certificate", "server");
  readonly client = new Declared("Certificate", "alice");

  async up(address: string, values: { readonly rotate?: string }): Promise<void> {
    await this.root.up(values);
    const issuer = {
      caCertificate: this.root.text("certificate"),
      caKey: this.root.text("key"),
      crossCertificate: this.root.text("crossCertificate"),
    };
    await this.server.up({ ...issuer, kind: "server", addresses: [address] });
    await this.client.up({ ...issuer, kind: "client" });
  }

  files(of: Declared): TlsFiles {
    return { ca: this.root.text("bundle"), cert: of.text("certificate"), key: of.text("key") };
  }
}

const started = "docker inspect --format '{{.State.StartedAt}} {{.State.Pid}}' kept";

test("a rotation of the authority: nobody is refused for a certificate", async () => {
  const of = lab?.hosts[0];
  if (!of) throw new Error("the lab is not there");
  const pki = new Pki();
  let restarts = 0;
  const restart = async () => {
    await writeFiles(of, pki.files(pki.server));
    await stop(of);
    await startTls(of);
    restarts += 1;
  };

  await pki.up(of.address, {});
  await writeFiles(of, pki.files(pki.server));
  await startTls(of);
  await must(of, container);
  const before = await must(of, started);
  const oldMaterials = pki.files(pki.client);
  const holdout = new PlainLoop(of, oldMaterials);
  const own = new OwnLoop(of, oldMaterials);
  await holdout.answers(5);

  await pki.up(of.address, { rotate: "now" });
  // Its new certificate comes before the daemon knows of the new authority.
  const early = new PlainLoop(of, pki.files(pki.client));
  await early.answers(5);
  await restart();
  await holdout.answers(5);
  await own.stop();
  // All clients have their new files before the former authority is dropped.
  holdout.tls = pki.files(pki.client);
  const late = new OwnLoop(of, pki.files(pki.client));
  await early.answers(5);

  setDaysLater(31);
  await pki.up(of.address, { rotate: "now" });
  setDaysLater(0);
  assert.is(pki.root.text("crossCertificate"), "");
  await restart();
  await holdout.answers(5);
  for (const one of [late, holdout, early]) await one.stop();

  const gapS = Math.max(holdout.longestGapMs, early.longestGapMs) / 1000;
  const refusals = [...holdout.errors, ...early.errors];
  log(
    `  rotation: ${restarts} restarts, longest gap ${gapS.toFixed(2)} s; plain TLS clients: ` +
      `${holdout.passed + early.passed} answers, ${refusals.length} refusals while the socket was down; ` +
      `own client: ${own.passed + late.passed} rounds, ${own.errors.length + late.errors.length} errors`,
  );
  assert.equal(
    refusals.filter((error) => !isDown(error)),
    [],
  );
  assert.equal([...own.errors, ...late.errors], []);
  assert.ok(own.passed > 5 && late.passed > 5 && refusals.length > 0);
  assert.is(restarts, 2);
  assert.is(await must(of, started), before, "the container runs on");
  assert.match((await ping(of, oldMaterials)) ?? "it was let in", /certificate|alert/i);
});

test.run();
