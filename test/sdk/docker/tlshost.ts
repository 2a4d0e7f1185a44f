// A dockerd behind mutual TLS on a host of the lab: its files, its start and its end.
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { LabHost } from "../../lab/hosts.ts";

export const port = 2376;

export async function must(of: LabHost, line: string): Promise<string> {
  const { code, stdout, stderr } = await of.run(line);
  assert.is(code, 0, `${of.name}: ${line}: ${stdout}${stderr}`);
  return stdout.trim();
}

export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export async function writeFiles(of: LabHost, files: TlsFiles): Promise<void> {
  const script = Object.entries(files).map(
    ([name, text]) => `umask 077; cat > /etc/docker/tls/${name}.pem <<'END'\n${text}END\n`,
  );
  await must(of, `mkdir -p -m 0700 /etc/docker/tls\n${script.join("")}`);
}

const withTls = [
  "--tlsverify",
  "--tlscacert=/etc/docker/tls/ca.pem",
  "--tlscert=/etc/docker/tls/cert.pem",
  "--tlskey=/etc/docker/tls/key.pem",
];

/** Starts dockerd; it is up when its own socket answers. */
export async function start(of: LabHost, ...flags: readonly string[]): Promise<void> {
  const all = ["--live-restore", "-H unix:///var/run/docker.sock", ...flags].join(" ");
  await must(of, `setsid dockerd ${all} >>/var/log/dockerd.log 2>&1 &`);
  for (let left = 600; left > 0; left--) {
    if ((await of.run("docker version >/dev/null 2>&1")).code === 0) return;
    await sleep(50);
  }
  throw new Error(await must(of, "tail -30 /var/log/dockerd.log"));
}

/** Starts it on TCP, with the files that were written. */
export const startTls = (of: LabHost) => start(of, ...withTls, `-H tcp://0.0.0.0:${port}`);

/** Ends it, if it runs; the containers run on. */
export async function stop(of: LabHost): Promise<void> {
  await must(
    of,
    "p=$(cat /run/docker.pid 2>/dev/null) || exit 0\nkill $p 2>/dev/null || exit 0\n" +
      "while kill -0 $p 2>/dev/null; do sleep 0.02; done",
  );
}
