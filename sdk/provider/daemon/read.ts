// A daemon as it is, in the words of its declaration: key by key, so that a refresh names what left it.

import { differingFiles } from "../../host/docker/decide.ts";
import { planGeneration, proxiesOf, tlsFiles } from "../../host/docker/files.ts";
import {
  jsonOf,
  type ObservedDaemon,
  observeDaemon,
  sha256,
  siteOf,
} from "../../host/docker/observe.ts";
import { isJsonList, type JsonMap } from "../../host/docker/option.ts";
import type { DaemonOptions } from "../../host/docker/options.ts";
import { socketPath } from "../../host/docker/paths.ts";
import { machineEndpoint, probeDaemon } from "../../host/docker/probe.ts";
import { optionsFromJson } from "../../host/docker/render.ts";
import type { Plain } from "../fields.ts";
import type { Context, Observed, Recorded } from "../resource.ts";
import type { daemonInputs, daemonOutputs } from "./fields.ts";
import { specOf } from "./spec.ts";

type Inputs = Plain<typeof daemonInputs>;
type Outputs = Plain<typeof daemonOutputs>;
type Known = Recorded<typeof daemonInputs, typeof daemonOutputs>;

/** Keys of daemon.json that we write besides the options. */
const connectionKeys = ["hosts", "tls", "tlsverify", "tlscacert", "tlscert", "tlskey"];

interface ReadFile {
  readonly options: DaemonOptions;
  readonly listen: readonly string[];
  /** Keys that nobody declared, or that are not as we write them. */
  readonly others: readonly string[];
}

function readFile(json: JsonMap, declared: Inputs, seen: ObservedDaemon): ReadFile {
  const { options, others } = optionsFromJson(json);
  const hosts = isJsonList(json["hosts"]) ? json["hosts"].map(String) : [];
  const site = siteContainerd(declared, seen);
  const { containerd, ...rest } = options;
  const kept = site !== undefined && containerd === site ? rest : options;
  const wanted = declared.tlsCert === undefined ? [] : connectionKeys.slice(1);
  const wrongTls = connectionKeys
    .slice(1)
    .filter((key) => (json[key] === undefined) === wanted.includes(key));
  return {
    options: { ...kept, ...proxiesOf(seen.environment) },
    listen: hosts.filter((host) => host.startsWith("tcp://")).map((host) => host.slice(6)),
    others: [
      ...Object.keys(others).filter((key) => !connectionKeys.includes(key)),
      ...wrongTls,
      ...(hosts.includes(`unix://${socketPath}`) ? [] : ["hosts"]),
    ],
  };
}

/** The containerd that we wrote because the host has a service of it, and nobody declared one. */
function siteContainerd({ options }: Inputs, seen: ObservedDaemon): string | undefined {
  return options?.containerd === undefined ? seen.containerd : undefined;
}

/** A certificate or key: as declared where the host has those very bytes. */
function material(
  declared: string | undefined,
  hash: string | undefined,
  text: string | undefined,
): string | undefined {
  if (hash === undefined) return undefined;
  return declared !== undefined && sha256(declared) === hash ? declared : (text ?? "");
}

function observedInputs(declared: Inputs, seen: ObservedDaemon, file: ReadFile): Inputs {
  const { bridgeAddress, listen, tlsCa, tlsCert, tlsKey, ...rest } = declared;
  const hash = (name: keyof typeof tlsFiles) => seen.hashes.get(tlsFiles[name]);
  const found = {
    bridgeAddress: seen.bridge?.address === "" ? undefined : seen.bridge?.address,
    listen: file.listen.length === 0 && listen === undefined ? undefined : file.listen,
    tlsCa: material(tlsCa, hash("ca"), seen.ca),
    tlsCert: material(tlsCert, hash("cert"), seen.cert),
    tlsKey: material(tlsKey, hash("key"), undefined),
  };
  const entries = Object.entries({ ...rest, ...found, options: file.options });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Inputs;
}

async function runningFacts(
  context: Context,
  known: Outputs | undefined,
): Promise<Partial<Outputs>> {
  try {
    const { info, apiVersion } = await probeDaemon(machineEndpoint(context.machine), {});
    return {
      serverVersion: info.ServerVersion,
      apiVersion,
      storageDriver: info.Driver,
      dataRoot: info.DockerRootDir,
      cgroupVersion: info.CgroupVersion ?? "1",
      running: true,
    };
  } catch {
    // Whatever keeps it from answering, it is not what containers can be run on.
    return { ...known, running: false };
  }
}

export async function readDaemon(
  context: Context,
  id: string,
  known: Known | undefined,
): Promise<Observed<typeof daemonInputs, typeof daemonOutputs> | undefined> {
  const { machine, signal } = context;
  const seen = await observeDaemon(machine, signal);
  if (seen.dockerd === undefined || seen.init === undefined) return undefined;
  if (seen.json === undefined && seen.owner === undefined) return undefined;
  const declared = known?.inputs ?? {};
  const file = readFile(jsonOf(seen), declared, seen);
  const wanted = planGeneration(specOf(declared), siteOf(machine, seen));
  const facts =
    seen.pid === undefined ? { running: false } : await runningFacts(context, known?.outputs);
  // Certificates tell of themselves; here are those whose mode is another, and what is ours alone.
  const changed = differingFiles(wanted, seen).filter(
    (path) => !path.startsWith("tls/") || seen.hashes.get(path) === hashOf(wanted, path),
  );
  const linked = seen.linked ? [] : ["daemon.json is no longer the link"];
  const files = [...changed, ...linked];
  return {
    id,
    inputs: observedInputs(declared, seen, file),
    outputs: {
      ...(known?.outputs ?? unknownFacts),
      ...facts,
      endpoint: declared.address ?? `unix://${socketPath}`,
      service: seen.service === wanted.service ? "as declared" : "changed",
      files: files.length === 0 ? "as declared" : files.join(", "),
      otherKeys: file.others.length === 0 ? "none" : file.others.join(", "),
    } as Outputs,
  };
}

const unknownFacts = {
  serverVersion: "",
  apiVersion: "",
  storageDriver: "",
  dataRoot: "",
  cgroupVersion: "",
} as const;

function hashOf(wanted: ReturnType<typeof planGeneration>, path: string): string | undefined {
  const file = wanted.files.find((one) => one.path === path);
  return file && sha256(file.text);
}
