// Where a service stores and listens: volumes, ports, networks, secrets and configurations.
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import type { Composition } from "./load.ts";
import { mapping } from "./merge.ts";
import type { PlannedArgs, PlannedAttachment, PlannedMount } from "./plan.ts";
import { isValues, plainText, type Values } from "./source.ts";

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : value === undefined ? [] : [value];
}

/** A path of the host: relative ones start at the file's folder, `~` at the home. */
export function hostPath(text: string, folder: string): string {
  if (text.startsWith("~")) return path.join(process.env["HOME"] ?? "/", text.slice(1));
  return path.resolve(folder, text);
}

function isHostPath(text: string): boolean {
  return /^[./~]/.test(text);
}

interface Bind {
  /** As Docker's short form has it: a source that is not there is made. */
  readonly bind: string;
}

/** `SOURCE:TARGET[:OPTIONS]`, or a target alone. */
function shortMount(text: string, folder: string): PlannedMount | Bind | string {
  const [first = "", second, modes = ""] = text.split(":");
  if (second === undefined) return first;
  const words = modes.split(",").filter((word) => word !== "" && word !== "rw");
  if (isHostPath(first)) {
    const options = words.length === 0 ? "" : `:${words.join(",")}`;
    return { bind: `${hostPath(first, folder)}:${second}${options}` };
  }
  const readOnly = words.includes("ro") ? { readOnly: true } : {};
  const noCopy = words.includes("nocopy") ? { volumeOptions: { noCopy: true } } : {};
  return { volume: first, args: { target: second, ...readOnly, ...noCopy } };
}

function longMount(value: Values, folder: string): PlannedMount | string {
  const target = plainText(value["target"]);
  const readOnly = value["read_only"] === true ? { readOnly: true } : {};
  const { type = "volume", source } = value;
  if (type === "tmpfs") {
    const size = isValues(value["tmpfs"]) ? value["tmpfs"]["size"] : undefined;
    const tmpfsOptions = size === undefined ? {} : { tmpfsOptions: { sizeBytes: Number(size) } };
    return { args: { type: "tmpfs", target, ...readOnly, ...tmpfsOptions } };
  }
  if (type === "bind") {
    const bind = isValues(value["bind"]) ? value["bind"] : {};
    const propagation = bind["propagation"];
    const bindOptions = propagation === undefined ? {} : { bindOptions: { propagation } };
    const place = hostPath(plainText(source), folder);
    return { args: { type: "bind", source: place, target, ...readOnly, ...bindOptions } };
  }
  if (source === undefined) return target;
  const volume = isValues(value["volume"]) ? value["volume"] : {};
  const noCopy = volume["nocopy"] === true ? { volumeOptions: { noCopy: true } } : {};
  return { volume: plainText(source), args: { target, ...readOnly, ...noCopy } };
}

export interface Stores {
  readonly mounts: readonly PlannedMount[];
  readonly args: PlannedArgs;
}

/** The volumes of a service; those without a name become anonymous ones. */
export function storesOf(service: Values, { folder }: Composition): Stores {
  const all = listOf(service["volumes"]).map((one) =>
    isValues(one) ? longMount(one, folder) : shortMount(plainText(one), folder),
  );
  const anonymous = all.filter((one) => typeof one === "string");
  const mounts = all.filter((one) => typeof one === "object" && "args" in one);
  const binds = all.flatMap((one) => (typeof one === "object" && "bind" in one ? [one.bind] : []));
  return {
    mounts,
    args: {
      ...(anonymous.length === 0 ? {} : { anonymousVolumes: anonymous }),
      ...(binds.length === 0 ? {} : { binds }),
    },
  };
}

function longPort(value: Values): PlannedArgs {
  const { published, host_ip: hostIp, protocol } = value;
  const [first, last] = plainText(published ?? "").split("-");
  return {
    containerPort: Number(value["target"]),
    ...(first ? { hostPort: Number(first) } : {}),
    ...(last ? { hostPortEnd: Number(last) } : {}),
    ...(hostIp === undefined ? {} : { hostIp }),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

/** What a service publishes, in the long and in the short form, and what it only names. */
export function portsOf(service: Values): PlannedArgs {
  const all = listOf(service["ports"]);
  const long = all.filter(isValues).map(longPort);
  const short = all.filter((one) => !isValues(one)).map(String);
  const exposed = listOf(service["expose"]).map(String);
  return {
    ...(long.length === 0 ? {} : { ports: long }),
    ...(short.length === 0 ? {} : { publish: short }),
    ...(exposed.length === 0 ? {} : { exposedPorts: exposed }),
  };
}

/** The networks of a service: those that it names, or the default one. */
export function attachmentsOf(key: string, service: Values): readonly PlannedAttachment[] {
  if (service["network_mode"] !== undefined) return [];
  const given = service["networks"];
  const named = given === undefined || given === null ? { default: null } : mapping(given);
  const own = typeof service["container_name"] === "string" ? [service["container_name"]] : [];
  return Object.entries(named).map(([network, value]) => {
    const one = isValues(value) ? value : {};
    const aliases = [...new Set([key, ...own, ...listOf(one["aliases"]).map(String)])];
    return {
      network,
      args: {
        aliases,
        ...(one["ipv4_address"] === undefined ? {} : { ipv4Address: one["ipv4_address"] }),
        ...(one["ipv6_address"] === undefined ? {} : { ipv6Address: one["ipv6_address"] }),
        ...(one["link_local_ips"] === undefined ? {} : { linkLocalIps: one["link_local_ips"] }),
        ...(one["mac_address"] === undefined ? {} : { macAddress: one["mac_address"] }),
      },
    };
  });
}

/** The text of a secret or a configuration: of a file, of a variable, or in place. */
function textOf(kind: string, name: string, composition: Composition): string {
  const all = kind === "secrets" ? composition.secrets : composition.configs;
  const one = all[name];
  const { file, environment, content } = one ?? {};
  if (typeof content === "string") return content;
  if (typeof environment === "string") return composition.variables[environment] ?? "";
  if (typeof file === "string") return readFileSync(hostPath(file, composition.folder), "utf8");
  throw new SdkError(ErrorCode.BadInput, `${kind}.${name} has no file, environment or content`, {
    fix: "external ones are of Swarm: give the file that it comes from",
  });
}

interface Reference {
  readonly name: string;
  readonly target: string | undefined;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

function referenceOf(value: unknown): Reference {
  const given = isValues(value) ? value : { source: value };
  const number = (one: unknown) => (one === undefined ? undefined : Number(one));
  const { target } = given;
  return {
    name: plainText(given["source"]),
    target: target === undefined ? undefined : plainText(target),
    mode: number(given["mode"]),
    uid: number(given["uid"]),
    gid: number(given["gid"]),
  };
}

/** Secrets lie below /run/secrets; one with a path of its own, and a configuration, is a file. */
export function filesOf(service: Values, composition: Composition): PlannedArgs {
  const secrets: Record<string, string> = {};
  const files: Record<string, PlannedArgs> = {};
  for (const kind of ["secrets", "configs"]) {
    for (const value of listOf(service[kind])) {
      const { name, target, ...rest } = referenceOf(value);
      const content = textOf(kind, name, composition);
      const given = Object.entries(rest).filter(([, one]) => one !== undefined);
      const place = target ?? (kind === "secrets" ? name : `/${name}`);
      if (kind === "secrets" && !place.startsWith("/")) secrets[place] = content;
      else files[place] = { content, ...Object.fromEntries(given) };
    }
  }
  return {
    ...(Object.keys(secrets).length === 0 ? {} : { secrets }),
    ...(Object.keys(files).length === 0 ? {} : { files }),
  };
}
