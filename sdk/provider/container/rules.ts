// Combinations of options that Docker refuses late, or takes and then ignores. Each rule names the
// place to change; all that is wrong comes back at once. A rule for what a single value can tell
// stands with its field.

import type { Failure } from "../check.ts";
import { formatPath, type ValueMap } from "../values.ts";
import type { ContainerInputs } from "./options.ts";
import { type Binding, bindingsOf, bindingText } from "./ports.ts";
import { secretsTarget } from "./secrets.ts";

type Rule = (inputs: ContainerInputs) => readonly (Failure | undefined)[];

function failure(property: string, reason: string): Failure {
  return { property, reason };
}

/** Whether something was given: not false, and not empty. */
function isGiven(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (typeof value === "object") return Object.keys(value).length > 0;
  return true;
}

/** Every one of the options that is given, refused for the same reason. */
function none(
  inputs: ContainerInputs,
  names: readonly (keyof ContainerInputs)[],
  reason: string,
): readonly Failure[] {
  return names.filter((name) => isGiven(inputs[name])).map((name) => failure(name, reason));
}

const networks: Rule = (inputs) => {
  const { networkMode: mode, networkDisabled } = inputs;
  const published = ["ports", "publish", "publishAllPorts"] as const;
  const own = ["networks", "links", "macAddress"] as const;
  if (networkDisabled === true) {
    return none(
      inputs,
      [...published, ...own, "networkMode"],
      "need a network; leave networkDisabled out",
    );
  }
  if (mode === undefined) {
    const many = isGiven(inputs.networks);
    return many
      ? none(inputs, ["links"], "are of the default bridge; give links, or aliases, in `networks`")
      : [];
  }
  const given = `is ${JSON.stringify(mode)}`;
  const clash = isGiven(inputs.networks)
    ? [failure("networkMode", `${given}, and networks are given too; leave one of them out`)]
    : [];
  const others = none(inputs, own.slice(1), `cannot be had: networkMode ${given}`);
  if (mode === "host") {
    return [
      ...clash,
      ...others,
      ...none(
        inputs,
        published,
        "are of no use: on the host's network, every port is the host's own",
      ),
    ];
  }
  if (mode === "none") {
    return [
      ...clash,
      ...others,
      ...none(inputs, published, "need a network, and networkMode is none"),
    ];
  }
  const shared = "belong to the container whose network is shared; say it there";
  const names = [
    "hostname",
    "domainname",
    "dns",
    "dnsOptions",
    "dnsSearch",
    "extraHosts",
    "exposedPorts",
  ] as const;
  return [...clash, ...others, ...none(inputs, [...published, ...names], shared)];
};

/** Whether two addresses of the host are, or include, the same. */
function sameHost(a: string, b: string): boolean {
  const any = (ip: string) => ip === "" || ip === "0.0.0.0" || ip === "::";
  return a === b || any(a) || any(b);
}

const ports: Rule = (inputs) => {
  const all = bindingsOf(inputs as unknown as ValueMap);
  const long = inputs.ports?.length ?? 0;
  const property = (index: number) => (index < long ? `ports[${index}]` : "publish");
  return all.map((binding, index) => {
    const before = all.slice(0, index).find((other) => clashes(binding, other));
    if (!before) return undefined;
    const reason = `is the host's port ${binding.hostPort}/${binding.port.split("/")[1] ?? ""}, which is taken by ${bindingText(before)} already`;
    return failure(property(index), reason);
  });
};

function clashes(a: Binding, b: Binding): boolean {
  const protocol = ({ port }: Binding) => port.split("/")[1];
  if (a.hostPort === "" || a.hostPort !== b.hostPort || protocol(a) !== protocol(b)) return false;
  // Of a range, the daemon takes a free one for each.
  return !a.hostPort.includes("-") && sameHost(a.hostIp, b.hostIp);
}

const memory: Rule = (inputs) => {
  const { memoryBytes: limit, memorySwapBytes: swap, memoryReservationBytes: reserved } = inputs;
  return [
    swap !== undefined && limit === undefined
      ? failure("memorySwapBytes", "needs memoryBytes beside it")
      : undefined,
    swap !== undefined && limit !== undefined && swap !== -1 && swap < limit
      ? failure(
          "memorySwapBytes",
          `is ${swap}, less than memoryBytes: it counts memory and swap together`,
        )
      : undefined,
    reserved !== undefined && limit !== undefined && reserved > limit
      ? failure("memoryReservationBytes", `is ${reserved}, more than memoryBytes`)
      : undefined,
    inputs.oomKillDisable === true && limit === undefined
      ? failure(
          "oomKillDisable",
          "needs memoryBytes: without a limit, the host would run out of memory",
        )
      : undefined,
  ];
};

const processors: Rule = (inputs) =>
  inputs.cpus === undefined
    ? []
    : none(inputs, ["cpuPeriodUs", "cpuQuotaUs"], "say the same as cpus; leave one of them out");

const life: Rule = (inputs) => {
  const { restart = "no" } = inputs;
  return [
    inputs.restartMaxRetries !== undefined && restart !== "on-failure"
      ? failure("restartMaxRetries", `needs restart "on-failure", and it is "${restart}"`)
      : undefined,
    inputs.autoRemove === true && restart !== "no"
      ? failure(
          "autoRemove",
          `and restart "${restart}" contradict each other: a container that is removed cannot be started again`,
        )
      : undefined,
    inputs.autoRemove === true && isGiven(inputs.secrets)
      ? failure(
          "autoRemove",
          "would leave the secrets in the host's memory when the container ends; leave it out",
        )
      : undefined,
    inputs.autoRemove === true && inputs.removeVolumes === false
      ? failure("removeVolumes", "cannot be false with autoRemove: Docker removes them with it")
      : undefined,
    inputs.stdinOnce === true && inputs.openStdin !== true
      ? failure("stdinOnce", "needs openStdin")
      : undefined,
  ];
};

const namespaces: Rule = (inputs) => [
  ...(inputs.utsMode === "host"
    ? none(inputs, ["hostname", "domainname"], "are the host's own with utsMode host")
    : []),
  inputs.networkMode === "host" &&
  Object.keys(inputs.sysctls ?? {}).some((name) => name.startsWith("net."))
    ? failure("sysctls", "of net. would be the host's own: networkMode is host")
    : undefined,
];

const health: Rule = ({ healthCheck }) => {
  if (healthCheck?.test[0] !== "NONE") return [];
  const odd = Object.keys(healthCheck).filter((name) => name !== "test");
  const set = odd.filter((name) => healthCheck[name as keyof typeof healthCheck] !== 0);
  return set.map((name) => failure(`healthCheck.${name}`, 'is of no use: the test is "NONE"'));
};

const devices: Rule = ({ deviceRequests = [] }) =>
  deviceRequests.map((request, index) =>
    isGiven(request.count) && request.count !== 0 && isGiven(request.deviceIds)
      ? failure(`deviceRequests[${index}]`, "has count and deviceIds; leave one of them out")
      : undefined,
  );

/** Where each mount of a declaration appears, by the place that says so. */
function targetsOf(inputs: ContainerInputs): readonly (readonly [string, string])[] {
  const plain = (path: string) => (path === "/" ? path : path.replace(/\/+$/, ""));
  return [
    ...(inputs.mounts ?? []).map(
      ({ target }, at) => [`mounts[${at}].target`, plain(target)] as const,
    ),
    ...(inputs.binds ?? []).map(
      (text, at) => [`binds[${at}]`, plain(text.split(":")[1] ?? "")] as const,
    ),
    ...Object.keys(inputs.tmpfs ?? {}).map(
      (path) => [formatPath(["tmpfs", path]), plain(path)] as const,
    ),
    ...(inputs.anonymousVolumes ?? []).map(
      (path, at) => [`anonymousVolumes[${at}]`, plain(path)] as const,
    ),
    ...(isGiven(inputs.secrets) ? [["secrets", secretsTarget] as const] : []),
  ];
}

const mounts: Rule = (inputs) => {
  const all = targetsOf(inputs);
  return all.map(([property, target], index) => {
    const before = all.slice(0, index).find(([, other]) => other === target);
    return before ? failure(property, `is at ${target}, where ${before[0]} is already`) : undefined;
  });
};

/** Files cannot be put where only the start makes a place for them, nor into a read-only `/`. */
const files: Rule = (inputs) => {
  const memory = [
    ...Object.keys(inputs.tmpfs ?? {}),
    ...(inputs.mounts ?? []).filter(({ type }) => type === "tmpfs").map(({ target }) => target),
  ];
  const fixed = (inputs.mounts ?? []).filter(({ readOnly }) => readOnly === true);
  return Object.keys(inputs.files ?? {}).map((path) => {
    const property = formatPath(["files", path]);
    const inside = (folder: string) => path.startsWith(`${folder.replace(/\/+$/, "")}/`);
    const gone = memory.find(inside);
    if (gone !== undefined)
      return failure(
        property,
        `lies in tmpfs ${gone}, which is empty at the start; choose another place`,
      );
    if (isGiven(inputs.secrets) && inside(secretsTarget))
      return failure(property, `lies in ${secretsTarget}; give it as one of \`secrets\``);
    const closed = fixed.find(({ target }) => inside(target));
    if (closed) return failure(property, `lies in the mount ${closed.target}, which is read-only`);
    if (inputs.readOnly === true && path.lastIndexOf("/") === 0)
      return failure(property, "lies in / itself, which is read-only; choose a folder below it");
    return undefined;
  });
};

const rules: readonly Rule[] = [
  networks,
  ports,
  memory,
  processors,
  life,
  namespaces,
  health,
  devices,
  mounts,
  files,
];

/** Every rule that a declaration breaks. */
export function checkTogether(inputs: ContainerInputs): readonly Failure[] {
  return rules.flatMap((rule) => rule(inputs)).filter((one) => one !== undefined);
}
