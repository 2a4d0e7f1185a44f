// The same release by each tool, on hosts of the lab: Debian 13's Compose, which recreates, and Swarm,
// which starts the new before it ends the old. Each runs on the hosts themselves, so that no connection is
// in its time. Compose's containers publish a port; Swarm's are asked by name from within their network,
// since a published port goes with the container there, or needs IPVS.
import { cp } from "node:fs/promises";
import { ErrorCode, SdkError } from "../../sdk/errors.ts";
import type { LabHost } from "../lab/hosts.ts";
import { startLoad } from "../support/outcomes.ts";

export const composePort = 8090;

/** Runs a line on a host; an error where it fails. */
export async function sure(host: LabHost, line: string): Promise<string> {
  const { code, stdout, stderr } = await host.run(line);
  if (code === 0) return stdout.trim();
  throw new SdkError(ErrorCode.CommandFailed, `on ${host.name}: ${line}: ${stdout}${stderr}`);
}

/** Requests that are lost while it runs, on that port of each host. */
export async function lostIn(
  hosts: readonly LabHost[],
  port: number,
  work: () => Promise<number>,
): Promise<{ readonly took: number; readonly lost: number }> {
  const loads = await Promise.all(
    hosts.map(({ address }) => startLoad({ url: `http://${address}:${port}/`, rate: 30 })),
  );
  const took = await work();
  const sums = await Promise.all(loads.map((load) => load.stop()));
  return { took, lost: sums.reduce((sum, { failed }) => sum + failed, 0) };
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Puts the image on each host, the same on all; gives its id. */
export async function prepare(hosts: readonly LabHost[], context: string): Promise<string> {
  const [first, ...others] = hosts;
  if (first === undefined) throw new SdkError(ErrorCode.BadInput, "there is no host");
  const archive = "/srv/answerer.tar";
  await cp(context, first.path("/srv/answerer"), { recursive: true });
  await sure(first, "DOCKER_BUILDKIT=0 docker build -q -t answerer /srv/answerer");
  await sure(first, `docker save -o ${archive} answerer`);
  for (const host of others) {
    await cp(first.path(archive), host.path(archive));
    await sure(host, `docker load -q -i ${archive}`);
  }
  return sure(first, "docker image inspect -f '{{.Id}}' answerer");
}

const composeFile = `services:
  web:
    image: answerer
    environment: { VERSION: "\${VERSION}" }
    ports: ["${composePort}:8080"]
    init: true
`;

export class Compose {
  private readonly hosts: readonly LabHost[];

  constructor(hosts: readonly LabHost[]) {
    this.hosts = hosts;
  }

  async make(): Promise<void> {
    for (const host of this.hosts) {
      await sure(
        host,
        `mkdir -p /srv/web && cat >/srv/web/compose.yaml <<'END'\n${composeFile}END`,
      );
    }
    await this.release("v0");
  }

  /** All hosts at once; gives the seconds. */
  release(version: string): Promise<number> {
    const line = `cd /srv/web && VERSION=${version} docker compose up --detach --quiet-pull`;
    return seconds(() => Promise.all(this.hosts.map((host) => sure(host, line))));
  }

  async remove(): Promise<void> {
    await Promise.all(
      this.hosts.map((host) => host.run("cd /srv/web && docker compose down -t 1")),
    );
  }
}

/** One new container a host, started beside the old one, which then ends: no gate, no route, no drain. */
export class ByHand {
  private readonly hosts: readonly LabHost[];

  constructor(hosts: readonly LabHost[]) {
    this.hosts = hosts;
  }

  /** All hosts at once; gives the seconds. */
  release(version: string): Promise<number> {
    const start = `docker run --detach --init --name by-hand-${version} --env VERSION=${version} answerer`;
    const old = "docker ps -aq --filter name=by-hand-";
    const end = 'docker stop -t 1 "$id" && docker rm "$id"';
    const line = `old=$(${old}) && ${start} && for id in $old; do ${end}; done`;
    return seconds(() => Promise.all(this.hosts.map((host) => sure(host, line))));
  }
}

export class Swarm {
  private readonly manager: LabHost;
  private readonly workers: readonly LabHost[];
  private readonly prefix: string;

  constructor([manager, ...workers]: readonly LabHost[], prefix: string) {
    if (manager === undefined) throw new SdkError(ErrorCode.BadInput, "a swarm needs a host");
    this.manager = manager;
    this.workers = workers;
    this.prefix = prefix;
  }

  /** By its id: Swarm asks no registry for that. */
  async make(image: string): Promise<void> {
    const { manager, workers } = this;
    await sure(manager, `docker swarm init --advertise-addr ${manager.address}`);
    const token = await sure(manager, "docker swarm join-token -q worker");
    for (const host of workers) {
      await sure(host, `docker swarm join --token ${token} ${manager.address}:2377`);
    }
    await sure(manager, "docker network create -d overlay --attachable asked");
    const order = "--update-order start-first --update-parallelism 0";
    const place = `--network asked --endpoint-mode dnsrr --replicas ${workers.length + 1} --no-resolve-image`;
    const create = `docker service create --quiet --name web ${order} ${place} --env VERSION=v0 ${image}`;
    await sure(manager, create);
    await sure(
      manager,
      `docker run -d --name ${this.prefix}-client --network asked --env ASK=http://web:8080/ ${image}`,
    );
  }

  release(version: string): Promise<number> {
    const line = `docker service update --quiet --env-add VERSION=${version} web`;
    return seconds(() => sure(this.manager, line));
  }

  /** Requests so far that got no answer. */
  async lost(): Promise<number> {
    const count = `docker logs ${this.prefix}-client 2>&1 | grep -c ^failed || :`;
    return Number(await sure(this.manager, count));
  }

  async remove(): Promise<void> {
    await this.manager.run(`docker rm -f ${this.prefix}-client; docker service rm web`);
    const leave = "docker swarm leave --force";
    await Promise.all([this.manager, ...this.workers].map((host) => host.run(leave)));
  }
}
