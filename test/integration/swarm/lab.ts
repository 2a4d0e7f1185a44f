// A swarm over hosts of a lab, reached over SSH, with a proxy on one of them: what the tests of
// swarms change again and again. What the program reads is a file, so that a change costs no run of
// the engine.
import { writeFile } from "node:fs/promises";
import { release } from "node:os";
import * as path from "node:path";
import { checkKernel } from "../../../sdk/cli/kernel.ts";
import type { Project } from "../../../sdk/engine/project.ts";
import { type Lab, type LabHost, makeHosts } from "../../lab/hosts.ts";
import { makeAnswerer } from "../../support/answerer.ts";
import { makeSite, type Site } from "../../support/site.ts";

/** What the program reads. */
export interface SwarmSettings {
  readonly managers: readonly string[];
  readonly workers: readonly string[];
  /** The node that builds the image and has the proxy. */
  readonly seat: string;
  /** Hosts that are gone for good. */
  readonly lost: readonly string[];
  readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly liveRestore: boolean;
  /** Whether the overlay network is encrypted: without ESP in the kernel nothing would go. */
  readonly encrypted: boolean;
  /** Whether there is more than the cluster: network, secret, service, proxy. */
  readonly service: boolean;
  readonly version: string;
  readonly password: string;
  /** Laid over the arguments of the service. */
  readonly more: Readonly<Record<string, unknown>>;
}

export interface SwarmLab {
  readonly lab: Lab;
  readonly site: Site;
  readonly project: Project;
  readonly host: (name: string) => LabHost;
  set(settings: Partial<SwarmSettings>): Promise<void>;
  /** Runs a line on a host; throws when it fails. */
  sure(name: string, line: string): Promise<string>;
  close(): Promise<void>;
}

/** Whether the kernel, which all hosts of a lab share, carries encrypted overlay networks. */
export async function canEncrypt(): Promise<boolean> {
  return (await checkKernel("esp", release())).state === "ok";
}

export async function sure(host: LabHost, line: string): Promise<string> {
  const { code, stdout, stderr } = await host.run(line);
  if (code !== 0) throw new Error(`on ${host.name}: ${line}: ${stderr}`);
  return stdout.trim();
}

export async function makeSwarmLab(
  names: { readonly managers: readonly string[]; readonly workers: readonly string[] },
  program: string,
  log: (line: string) => void,
): Promise<SwarmLab> {
  const all = [...names.managers, ...names.workers];
  const specs = all.map((name) => ({
    name,
    suite: "bookworm" as const,
    docker: "installed" as const,
  }));
  const lab = await makeHosts(specs, { log });
  const site = await makeSite({ topic: "swarm", files: { "index.ts": program } });
  await makeAnswerer(path.join(site.dir, "answerer"));
  const logins = lab.hosts.map(({ name, address, port, user, privateKey, hostKey }) => {
    return { name, address, port, user, privateKey, hostKey };
  });
  await site.write("hosts.json", JSON.stringify(logins));
  let settings: SwarmSettings = {
    ...names,
    seat: all[0] ?? "",
    lost: [],
    labels: {},
    liveRestore: false,
    encrypted: await canEncrypt(),
    service: false,
    version: "v1",
    password: "first-password",
    more: {},
  };
  const write = () => writeFile(path.join(site.dir, "settings.json"), JSON.stringify(settings));
  await write();
  const host = (name: string) => {
    const found = lab.hosts.find((one) => one.name === name);
    if (!found) throw new Error(`no host ${name}`);
    return found;
  };
  return {
    lab,
    site,
    host,
    project: await site.stack("dev"),
    async set(more) {
      settings = { ...settings, ...more };
      await write();
    },
    sure: (name, line) => sure(host(name), line),
    async close() {
      await lab.close();
      await site.close();
    },
  };
}
