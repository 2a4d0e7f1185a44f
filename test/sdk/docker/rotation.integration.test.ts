// A whole rotation of the authority against a real daemon, which loads a certificate by a restart only:
// plain TLS clients are refused while its socket is down and never for a certificate, our own client
// sees no error, and the container runs on. Prints the restarts and the longest gap.

import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import * as assert from "uvu/assert";
import { DockerClient } from "../../../sdk/docker/client.ts";
import type { TlsMaterials } from "../../../sdk/docker/types.ts";
import { type Lab, type LabHost, makeHosts, missingForLab } from "../../lab/hosts.ts";
import { suite } from "../../support/suite.ts";
import { Declared, setDaysLater } from "../provider/declared.ts";
import { must, port, startTls, stop, type TlsFiles, writeFiles } from "./tlshost.ts";

const plain = suite("docker: rotation", { timeoutMs: 8 * 60_000 });
const reason = missingForLab();
const test =
  reason === undefined
    ? plain
    : (name: string, _run: () => Promise<void>) => plain.skip(`${name}: ${reason}`);
const log = (line: string) => process.stdout.write(`${line}\n`);

let lab: Lab | undefined;
/** What must end with the test, however it ends. */
const running = new Set<{ stop(): Promise<void> }>();

plain.before(async () => {
  if (reason !== undefined) return;
  lab = await makeHosts([{ name: "web", suite: "bookworm", docker: "installed" }], { log });
});
plain.after(async () => {
  await Promise.all([...running].map((one) => one.stop()));
  await lab?.close();
});

/** One connection and one request; resolves with undefined, or with why not. */
function ping(of: LabHost, tls: TlsMaterials): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connectTls({ host: of.address, port, minVersion: "TLSv1.2", ...tls });
    let said = "";
    socket.setTimeout(10_000, () => socket.destroy(new Error("no answer in 10 s")));
    socket.once("secureConnect", () => {
      socket.write("GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n");
    });
    socket.on("data", (data: Buffer) => {
      said += data.toString();
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      resolve(`${error.code ?? ""} ${error.message}`);
    });
    socket.once("close", () => {
      resolve(said.startsWith("HTTP/1.1 200") ? undefined : `closed ${said.slice(0, 60)}`);
    });
  });
}

/** A plain TLS client that connects anew for each request. */
class PlainLoop {
  readonly errors: string[] = [];
  passed = 0;
  longestGapMs = 0;
  tls: TlsMaterials;
  #going = true;
  readonly #done: Promise<void>;

  constructor(of: LabHost, tls: TlsMaterials) {
    this.tls = tls;
    this.#done = this.#run(of);
    running.add(this);
  }

  /** Waits for some more answers. */
  async answers(more: number): Promise<void> {
    const wanted = this.passed + more;
    const deadline = performance.now() + 30_000;
    while (this.passed < wanted) {
      if (performance.now() > deadline) throw new Error(`no answers: ${this.errors.at(-1) ?? ""}`);
      await sleep(20);
    }
  }

  async #run(of: LabHost): Promise<void> {
    let last = performance.now();
    while (this.#going) {
      const error = await ping(of, this.tls);
      const at = performance.now();
      if (error === undefined) {
        this.passed += 1;
        this.longestGapMs = Math.max(this.longestGapMs, at - last);
        last = at;
      } else this.errors.push(error);
      await sleep(10);
    }
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#done;
  }
}

/** Errors of a socket that is down; all others have to do with certificates, or are unknown. */
const isDown = (error: string) =>
  /^(ECONNREFUSED|ECONNRESET|EPIPE) /.test(error) && !/certificate|alert/i.test(error);

const container =
  "cd / && tar -cf - -h usr/bin/sleep $(ldd /usr/bin/sleep | grep -o '/[^ ]*' | cut -c 2-) | " +
  "docker import - sleeper >/dev/null && docker run -d --name kept --network none sleeper /usr/bin/sleep 86400";

/** Our own client, called again and again. */
class OwnLoop {
  readonly errors: unknown[] = [];
  passed = 0;
  #going = true;
  readonly #docker: DockerClient;
  readonly #done: Promise<void>;

  constructor(of: LabHost, tls: TlsMaterials) {
    this.#docker = new DockerClient({ kind: "tcp", host: of.address, port, tls });
    this.#done = this.#run();
    running.add(this);
  }

  async #run(): Promise<void> {
    while (this.#going) {
      try {
        const found = await this.#docker.containers.list({ all: true });
        await this.#docker.containers.inspect(found[0]?.Id ?? "");
        this.passed += 1;
      } catch (error) {
        this.errors.push(error);
      }
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#done;
    this.#docker.close();
  }
}

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

plain.run();
