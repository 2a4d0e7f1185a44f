// A service of a Compose file as one of the plan.
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { parseSizeBytes } from "../docker/sizes.ts";
import { ErrorCode, SdkError } from "../errors.ts";
import type { Composition } from "./load.ts";
import { mapping } from "./merge.ts";
import { options } from "./options.ts";
import { attachmentsOf, filesOf, hostPath, portsOf, storesOf } from "./places.ts";
import type { LeftOut, PlannedArgs, PlannedService } from "./plan.ts";
import { isValues, type Place, plainText, type Values } from "./source.ts";

/** Keys that are read here, beside those of `options`. */
const known = new Set([
  ...["image", "build", "environment", "env_file", "ports", "expose", "volumes", "networks"],
  ...["network_mode", "depends_on", "deploy", "scale", "container_name", "secrets", "configs"],
  ...["profiles", "extends", "links", "pull_policy"],
]);
/** Keys that no container of one machine has. */
const reasons: Readonly<Record<string, string>> = {
  container_name:
    "containers are named by what they run, so that the next one can stand beside; its name is found on its networks",
  volumes_from: "name the volumes in both services",
  external_links: "attach both to a network, and use its name there",
  develop: "Compose's own watcher",
  pull_policy: "what an image is decides whether it is pulled",
};
const deployed = new Set(["replicas", "resources", "restart_policy"]);

/** What a container has as Compose makes it: Dockwright's own defaults give less. */
const asCompose = { readOnly: false, capDrop: [], securityOpt: [] };

function environmentOf(service: Values, { folder, variables }: Composition): PlannedArgs {
  const given = service["env_file"];
  const files = Array.isArray(given) ? given : given === undefined ? [] : [given];
  const env: Record<string, string> = {};
  for (const one of files as readonly unknown[]) {
    const file = hostPath(plainText(isValues(one) ? one["path"] : one), folder);
    try {
      Object.assign(env, parseEnv(readFileSync(file, "utf8")));
    } catch (cause) {
      if (isValues(one) && one["required"] === false) continue;
      throw new SdkError(ErrorCode.Missing, `there is no env_file ${file}`, { cause });
    }
  }
  for (const [name, value] of Object.entries(mapping(service["environment"]))) {
    const text = value === null || value === undefined ? variables[name] : plainText(value);
    if (text !== undefined) env[name] = text;
  }
  return Object.keys(env).length === 0 ? {} : { env };
}

function buildOf(value: unknown, { folder, variables }: Composition): PlannedArgs {
  const given = isValues(value) ? value : { context: value };
  const args = Object.entries(mapping(given["args"])).flatMap(([name, one]) => {
    const text = one === null || one === undefined ? variables[name] : plainText(one);
    return text === undefined ? [] : [[name, text] as const];
  });
  const labels = Object.entries(mapping(given["labels"])).map(([name, one]) => [
    name,
    plainText(one ?? ""),
  ]);
  return {
    context: hostPath(plainText(given["context"] ?? "."), folder),
    ...(given["dockerfile"] === undefined ? {} : { dockerfile: plainText(given["dockerfile"]) }),
    ...(given["target"] === undefined ? {} : { target: plainText(given["target"]) }),
    ...(given["network"] === undefined ? {} : { networkMode: plainText(given["network"]) }),
    ...(given["no_cache"] === true ? { noCache: true } : {}),
    ...(Array.isArray(given["cache_from"]) ? { cacheFrom: given["cache_from"].map(String) } : {}),
    ...(args.length === 0 ? {} : { args: Object.fromEntries(args) }),
    ...(labels.length === 0 ? {} : { labels: Object.fromEntries(labels) }),
  };
}

const built = new Set([
  "context",
  "dockerfile",
  "target",
  "network",
  "no_cache",
  "cache_from",
  "args",
  "labels",
]);

/** The section `deploy`, as far as one machine has it. */
function deployOf(service: Values): PlannedArgs {
  const deploy = isValues(service["deploy"]) ? service["deploy"] : {};
  const resources = isValues(deploy["resources"]) ? deploy["resources"] : {};
  const limits = isValues(resources["limits"]) ? resources["limits"] : {};
  const reserved = isValues(resources["reservations"]) ? resources["reservations"] : {};
  const policy = isValues(deploy["restart_policy"]) ? deploy["restart_policy"] : undefined;
  const words: Readonly<Record<string, string>> = {
    none: "no",
    "on-failure": "on-failure",
    any: "always",
  };
  const bytes = (value: unknown) => parseSizeBytes(plainText(value));
  return {
    ...(limits["memory"] === undefined ? {} : { memoryBytes: bytes(limits["memory"]) }),
    ...(limits["cpus"] === undefined ? {} : { cpus: Number(limits["cpus"]) }),
    ...(limits["pids"] === undefined ? {} : { pidsLimit: Number(limits["pids"]) }),
    ...(reserved["memory"] === undefined
      ? {}
      : { memoryReservationBytes: bytes(reserved["memory"]) }),
    ...(policy === undefined
      ? {}
      : { restart: words[plainText(policy["condition"] ?? "any")] ?? "no" }),
    ...(policy?.["max_attempts"] === undefined
      ? {}
      : { restartMaxRetries: Number(policy["max_attempts"]) }),
  };
}

function replicasOf(service: Values): number {
  const deploy = isValues(service["deploy"]) ? service["deploy"] : {};
  return Number(deploy["replicas"] ?? service["scale"] ?? 1);
}

/** Names of the services that come before one, with the condition of each. */
export function waitsOf(service: Values): ReadonlyMap<string, string> {
  const given = Object.entries(mapping(service["depends_on"])).map(
    ([name, value]) =>
      [
        name,
        isValues(value) ? plainText(value["condition"] ?? "service_started") : "service_started",
      ] as const,
  );
  const linked = (Array.isArray(service["links"]) ? service["links"] : []).map(
    (link) => [plainText(link).split(":")[0] ?? "", "service_started"] as const,
  );
  const [, joined] = /^service:(.+)$/.exec(plainText(service["network_mode"] ?? "")) ?? [];
  return new Map([
    ...linked,
    ...(joined === undefined ? [] : [[joined, "service_started"] as const]),
    ...given,
  ]);
}

/** Keys of a service that are not carried over. */
export function leftOf(key: string, service: Values, { lineOf }: Composition): readonly LeftOut[] {
  const note = (place: Place, why: string): LeftOut => {
    const whole = ["services", key, ...place];
    return { path: whole.join("."), ...lineOf(whole), why };
  };
  const unknown = "Dockwright has no such option";
  const own = Object.keys(service)
    .filter((name) => !name.startsWith("x-"))
    .filter(
      (name) => reasons[name] !== undefined || !(known.has(name) || Object.hasOwn(options, name)),
    )
    .map((name) => note([name], reasons[name] ?? unknown));
  const deploy = isValues(service["deploy"]) ? Object.keys(service["deploy"]) : [];
  const swarm = deploy
    .filter((name) => !deployed.has(name))
    .map((name) => note(["deploy", name], "Swarm's own"));
  const build = isValues(service["build"]) ? Object.keys(service["build"]) : [];
  const builder = build
    .filter((name) => !built.has(name))
    .map((name) => note(["build", name], unknown));
  const links = Array.isArray(service["links"]) ? service["links"] : [];
  const aliased = links.some((link) => plainText(link).includes(":"));
  return [
    ...own,
    ...swarm,
    ...builder,
    ...(aliased ? [note(["links"], "give the other service an alias on a network")] : []),
  ];
}

/** What a container that runs to its end has not: nobody watches it, or starts it again. */
const lasting = new Set(["restart", "restartMaxRetries", "healthCheck", "openStdin"]);

function ofTask(args: PlannedArgs): PlannedArgs {
  return Object.fromEntries(Object.entries(args).filter(([name]) => !lasting.has(name)));
}

/** A service in Dockwright's words. `once` says that something waits for it to complete. */
export function planService(
  key: string,
  service: Values,
  composition: Composition,
  once: boolean,
): PlannedService {
  const { image, build, network_mode: mode } = service;
  if (image === undefined && build === undefined) {
    throw new SdkError(ErrorCode.BadInput, `services.${key} has neither image nor build`);
  }
  const plain = Object.entries(service).flatMap(([name, value]) => {
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    return option === undefined || value === null ? [] : [option(value, service)];
  });
  const stores = storesOf(service, composition);
  const [, joins] = /^service:(.+)$/.exec(plainText(mode ?? "")) ?? [];
  const args = Object.assign(
    {},
    asCompose,
    ...plain,
    environmentOf(service, composition),
    portsOf(service),
    stores.args,
    filesOf(service, composition),
    deployOf(service),
    mode === undefined || joins !== undefined ? {} : { networkMode: plainText(mode) },
  ) as PlannedArgs;
  // Docker's own default, which Compose leaves to it; Dockwright's is no swap.
  const { memoryBytes, memorySwapBytes } = args;
  const swap =
    typeof memoryBytes === "number" && memorySwapBytes === undefined
      ? { memorySwapBytes: memoryBytes * 2 }
      : {};
  const all = { ...args, ...swap };
  return {
    key,
    once,
    replicas: once ? 1 : replicasOf(service),
    image: {
      ...(build === undefined ? {} : { build: buildOf(build, composition) }),
      ...(image === undefined ? {} : { ref: plainText(image) }),
    },
    args: once ? ofTask(all) : all,
    networks: attachmentsOf(key, service),
    mounts: stores.mounts,
    after: [...waitsOf(service).keys()],
    ...(joins === undefined ? {} : { joins }),
  };
}
