// Words that Docker's own interfaces share: security options, binds, environment lists.
import type { Inputs } from "../inputs.ts";
import type {
  ContainerSubject,
  Declared,
  HostMount,
  NamedValue,
  PublishedPlace,
} from "../subjects.ts";

/** Capabilities without `CAP_`, in capitals. */
export function capabilities(
  declared: Declared<readonly string[]> | undefined,
): Declared<readonly string[]> | undefined {
  if (declared === undefined) return undefined;
  const value = declared.value?.map((name) => name.toUpperCase().replace(/^CAP_/, ""));
  return { path: declared.path, value };
}

/** What `--security-opt` says: `seccomp=unconfined`, `no-new-privileges:true`. */
export function securityOptions(
  declared: Declared<readonly string[]> | undefined,
): Pick<ContainerSubject, "seccomp" | "apparmor" | "selinux" | "noNewPrivileges"> {
  if (declared === undefined) return {};
  const { path, value = [] } = declared;
  const of = (name: string): Declared<string> => {
    const found = value.find((item) => item === name || new RegExp(`^${name}[=:]`).test(item));
    return { path, value: found?.slice(name.length + 1) };
  };
  const gain = of("no-new-privileges").value;
  return {
    seccomp: of("seccomp"),
    apparmor: of("apparmor"),
    selinux: of("label"),
    noNewPrivileges: { path, value: gain === undefined ? undefined : gain !== "false" },
  };
}

/** The members of `mounts` that are of the type bind. */
export function typedMounts(inputs: Inputs): readonly HostMount[] {
  return inputs.items("mounts").flatMap((item) => {
    const source = item.text("source")?.value;
    if (item.raw("type") !== "bind" || source === undefined) return [];
    const propagation = item.inner("bindOptions").text("propagation")?.value;
    const readOnly = item.flag("readOnly")?.value ?? false;
    return [{ path: item.path("source"), source, readOnly, propagation }];
  });
}

/** What a Swarm service publishes: on its nodes, and no word says on which of their addresses. */
export function ofNodes(inputs: Inputs): readonly PublishedPlace[] {
  return inputs.items("ports").flatMap((item) => {
    const port = item.number("publishedPort");
    return port === undefined
      ? []
      : [{ path: port.path, hostPort: port.value, hostIp: "the nodes" }];
  });
}

/** The network of Swarm's tasks: the nodes' own, or another; never the default bridge. */
export function swarmNetwork(
  inputs: Inputs,
  list: string,
  member: string,
): Declared<string> | undefined {
  if (inputs.isUnknown(list)) return undefined;
  const networks = inputs.items(list).map((item) => item.text(member));
  const host = networks.find((one) => one?.value === "host");
  return host ?? { path: inputs.path(list), value: "attached" };
}

/** `SOURCE:TARGET[:OPTIONS]`, where the source is a path of the host. */
export function bindMounts(list: readonly { path: string; value: string }[]): readonly HostMount[] {
  return list.flatMap(({ path, value }) => {
    const [source = "", , options = ""] = value.split(":");
    if (!source.startsWith("/")) return [];
    const words = options.split(",");
    const propagation = words.find((word) => /^r?(shared|slave|private)$/.test(word));
    return [{ path, source, readOnly: words.includes("ro"), propagation }];
  });
}

/** `NAME=VALUE`. */
export function environmentList(
  list: readonly { path: string; value: string }[],
): readonly NamedValue[] {
  return list.map(({ path, value }) => {
    const at = value.indexOf("=");
    return at < 0
      ? { path, name: value, value: "" }
      : { path, name: value.slice(0, at), value: value.slice(at + 1) };
  });
}

/** Names of a list whose items have a `name`. */
export function namesOf(inputs: Inputs, list: string, member: string): Declared<readonly string[]> {
  const items = inputs.items(list);
  const names = items.flatMap((item) => item.text(member)?.value ?? []);
  return { path: inputs.path(list), value: items.length === 0 ? undefined : names };
}

/** Whether a list has items, known or not. */
export function hasAny(inputs: Inputs, list: string): boolean {
  const value = inputs.raw(list);
  return Array.isArray(value) && value.length > 0;
}

/** The first of some values that is declared; undefined if one that could be is not known. */
export function firstOf<T>(...all: readonly (Declared<T> | undefined)[]): Declared<T> | undefined {
  const declared = all.find((one) => one?.value !== undefined);
  return declared ?? (all.includes(undefined) ? undefined : all[0]);
}

/** A log driver with its options. */
export function loggingOf(
  inputs: Inputs,
  driver: string,
  options: string,
): ContainerSubject["logging"] {
  const declared = inputs.text(driver);
  const given = inputs.raw(options);
  if (declared === undefined || inputs.isUnknown(options)) return undefined;
  const map = typeof given === "object" && given !== null ? { ...given } : {};
  return { path: declared.path, value: { driver: declared.value, options: map } };
}
