// A Compose file as a plan: what `ComposeStack` makes, and `dockwright import compose` writes.
// Specification: compose-spec.io, as docker-compose 2.26 reads it.
import { ErrorCode, SdkError } from "../errors.ts";
import { type Composition, type LoadOptions, loadCompose } from "./load.ts";
import { mapping } from "./merge.ts";
import type { ComposePlan, LeftOut, PlannedArgs, PlannedNetwork, PlannedService } from "./plan.ts";
import { leftOf, planService, waitsOf } from "./service.ts";
import { isValues, type Place, plainText, type Values } from "./source.ts";

function texts(value: unknown): Readonly<Record<string, string>> {
  const pairs = Object.entries(mapping(value));
  return Object.fromEntries(pairs.map(([name, one]) => [name, plainText(one ?? "")]));
}

/** The name of one that is there already: `external: true`, or the old form with a name in it. */
function externalName(key: string, value: Values): string | undefined {
  const { external, name } = value;
  if (isValues(external)) return plainText(external["name"] ?? key);
  return external === true ? plainText(name ?? key) : undefined;
}

/** Options of the driver that a network of ours has words for. */
const networkWords = {
  "com.docker.network.bridge.enable_icc": (text: string) => ({ icc: text === "true" }),
  "com.docker.network.bridge.enable_ip_masquerade": (text: string) => ({
    masquerade: text === "true",
  }),
  "com.docker.network.driver.mtu": (text: string) => ({ mtu: Number(text) }),
  "com.docker.network.bridge.name": (text: string) => ({ bridgeName: text }),
  "com.docker.network.bridge.host_binding_ipv4": (text: string) => ({ hostBinding: text }),
} as const;

function networkOptions(value: unknown): PlannedArgs {
  const all = Object.entries(texts(value));
  const others = all.filter(([name]) => !Object.hasOwn(networkWords, name));
  const typed = all.flatMap(([name, text]) =>
    Object.hasOwn(networkWords, name)
      ? [networkWords[name as keyof typeof networkWords](text)]
      : [],
  );
  const options = others.length === 0 ? {} : { options: Object.fromEntries(others) };
  return Object.assign(options, ...typed) as PlannedArgs;
}

function planNetwork(key: string, value: Values): PlannedNetwork {
  const external = externalName(key, value);
  if (external !== undefined) return { key, external, args: {} };
  const ipam = isValues(value["ipam"]) ? value["ipam"] : {};
  const [pool] = (Array.isArray(ipam["config"]) ? ipam["config"] : []).filter(isValues);
  const { subnet, gateway, ip_range: ipRange, aux_addresses: aux } = pool ?? {};
  return {
    key,
    args: {
      ...(value["name"] === undefined ? {} : { name: plainText(value["name"]) }),
      ...(value["internal"] === true ? { internal: true } : {}),
      ...(value["attachable"] === true ? { attachable: true } : {}),
      ...(value["enable_ipv6"] === true ? { ipv6: true } : {}),
      ...networkOptions(value["driver_opts"]),
      ...(value["labels"] === undefined ? {} : { labels: texts(value["labels"]) }),
      ...(subnet === undefined ? {} : { subnet }),
      ...(gateway === undefined ? {} : { gateway }),
      ...(ipRange === undefined ? {} : { ipRange }),
      ...(aux === undefined ? {} : { auxAddresses: texts(aux) }),
    },
  };
}

function planVolume(key: string, value: Values): PlannedNetwork {
  const external = externalName(key, value);
  if (external !== undefined) return { key, external, args: {} };
  const args: PlannedArgs = {
    ...(value["name"] === undefined ? {} : { name: plainText(value["name"]) }),
    ...(value["driver"] === undefined ? {} : { driver: plainText(value["driver"]) }),
    ...(value["driver_opts"] === undefined ? {} : { driverOptions: texts(value["driver_opts"]) }),
    ...(value["labels"] === undefined ? {} : { labels: texts(value["labels"]) }),
  };
  return { key, args };
}

/** Keys of networks and volumes that are not carried over. */
function leftOfParts(composition: Composition): readonly LeftOut[] {
  const { lineOf, networks, volumes, rest } = composition;
  const note = (place: Place, why: string) => ({
    path: place.join("."),
    ...lineOf(place),
    why,
  });
  const drivers = Object.entries(networks).flatMap(([key, { driver, external }]) =>
    external === undefined && driver !== undefined && driver !== "bridge" && driver !== "default"
      ? [note(["networks", key, "driver"], "a network of one daemon is a bridge")]
      : [],
  );
  const used = {
    networks: [
      "name",
      "external",
      "internal",
      "attachable",
      "enable_ipv6",
      "driver",
      "driver_opts",
      "labels",
      "ipam",
    ],
    volumes: ["name", "external", "driver", "driver_opts", "labels"],
  };
  const others = Object.entries({ networks, volumes }).flatMap(([kind, all]) =>
    Object.entries(all).flatMap(([key, one]) =>
      Object.keys(one)
        .filter((name) => !name.startsWith("x-") && !used[kind as "networks"].includes(name))
        .map((name) => note([kind, key, name], "Dockwright has no such option")),
    ),
  );
  const roots = Object.keys(rest).map((key) => note([key], "not read here"));
  return [...drivers, ...others, ...roots];
}

/** Services after those that they wait for; a circle is an error. */
function inOrder(services: readonly PlannedService[]): readonly PlannedService[] {
  const done: PlannedService[] = [];
  let rest = services;
  while (rest.length > 0) {
    const names = new Set(rest.map(({ key }) => key));
    const ready = rest.filter(({ after }) => after.every((name) => !names.has(name)));
    if (ready.length === 0) {
      const circle = rest.map(({ key }) => key).join(", ");
      throw new SdkError(ErrorCode.BadInput, `services wait for each other: ${circle}`);
    }
    done.push(...ready);
    rest = rest.filter((one) => !ready.includes(one));
  }
  return done;
}

function requireAll(composition: Composition, services: readonly PlannedService[]): void {
  const { networks, volumes } = composition;
  const there = new Set(services.map(({ key }) => key));
  for (const { key, after, networks: joined, mounts } of services) {
    const missing =
      after.find((name) => !there.has(name)) ??
      joined.find(({ network }) => network !== "default" && !Object.hasOwn(networks, network))
        ?.network ??
      mounts.find(({ volume }) => volume !== undefined && !Object.hasOwn(volumes, volume))?.volume;
    if (missing === undefined) continue;
    throw new SdkError(
      ErrorCode.BadInput,
      `services.${key} names ${missing}, which is not in the file`,
      {
        fix: "declare it, or switch on its profile",
      },
    );
  }
}

/** Reads a Compose file, or what is usual in a folder, and says what it comes to. */
export function planCompose(file: string, options: LoadOptions = {}): ComposePlan {
  const composition = loadCompose(file, options);
  const entries = Object.entries(composition.services);
  const awaited = new Set(
    entries.flatMap(([, service]) =>
      [...waitsOf(service)].flatMap(([name, condition]) =>
        condition === "service_completed_successfully" ? [name] : [],
      ),
    ),
  );
  const services = entries.map(([key, service]) =>
    planService(key, service, composition, awaited.has(key)),
  );
  requireAll(composition, services);
  const usesDefault = services.some(({ networks }) =>
    networks.some(({ network }) => network === "default"),
  );
  const networks = { ...(usesDefault ? { default: {} } : {}), ...composition.networks };
  const left = [
    ...leftOfParts(composition),
    ...entries.flatMap(([key, service]) => leftOf(key, service, composition)),
  ];
  return {
    folder: composition.folder,
    name: composition.name,
    networks: Object.entries(networks).map(([key, value]) => planNetwork(key, value)),
    volumes: Object.entries(composition.volumes).map(([key, value]) => planVolume(key, value)),
    services: inOrder(services),
    left: left.toSorted(
      (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.path.localeCompare(b.path),
    ),
  };
}
