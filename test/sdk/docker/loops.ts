// Clients that ask a daemon without a pause, to see what a change of it does to them.
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { DockerClient } from "../../../sdk/docker/client.ts";
import type { TlsMaterials } from "../../../sdk/docker/types.ts";
import { port } from "./tlshost.ts";

interface Place {
  readonly address: string;
}

/** What must end with the test, however it ends. */
const running = new Set<{ stop(): Promise<void> }>();

export async function stopLoops(): Promise<void> {
  await Promise.all([...running].map((one) => one.stop()));
}

/** One connection and one request; resolves with undefined, or with why not. */
export function ping(of: Place, tls: TlsMaterials): Promise<string | undefined> {
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
export class PlainLoop {
  readonly errors: string[] = [];
  passed = 0;
  longestGapMs = 0;
  tls: TlsMaterials;
  #going = true;
  readonly #done: Promise<void>;

  constructor(of: Place, tls: TlsMaterials) {
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

  async #run(of: Place): Promise<void> {
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
export const isDown = (error: string) =>
  /^(ECONNREFUSED|ECONNRESET|EPIPE) /.test(error) && !/certificate|alert/i.test(error);

/** Our own client, called again and again. */
export class OwnLoop {
  readonly errors: unknown[] = [];
  passed = 0;
  #going = true;
  readonly #docker: DockerClient;
  readonly #done: Promise<void>;

  constructor(of: Place, tls: TlsMaterials) {
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

/** A page that is asked for again and again, each time by a connection of its own. */
export class PageLoop {
  readonly errors: string[] = [];
  passed = 0;
  #going = true;
  readonly #done: Promise<void>;

  constructor(url: string, wanted: string) {
    this.#done = this.#run(url, wanted);
    running.add(this);
  }

  async #run(url: string, wanted: string): Promise<void> {
    while (this.#going) {
      const answer = await page(url);
      if (answer.includes(wanted)) this.passed += 1;
      else this.errors.push(`${new Date().toISOString()} ${answer}`);
      await sleep(10);
    }
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#done;
  }
}

/** The body of a page, or why there is none. */
function page(url: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = get(url, { agent: false, timeout: 10_000 }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      answer.once("end", () => resolve(body));
      answer.once("error", (error) => resolve(String(error)));
    });
    sent.once("timeout", () => sent.destroy(new Error("no answer in 10 s")));
    sent.once("error", (error) => resolve(String(error)));
  });
}
