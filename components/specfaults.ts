// What of a service's spec every cloud's cluster would refuse, or, worse, leave out without a word. Pure.

/** A member and why it cannot be. */
export interface SpecFault {
  readonly propertyPath: string;
  readonly reason: string;
}

/** What these rules look at. */
interface Judged {
  readonly platform?: string;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly healthCheck?: { readonly test: readonly string[] };
  readonly tmpfs?: { readonly [path: string]: string };
}

/** How a cluster differs. */
interface Ways {
  /** What people call it. */
  readonly on: string;
  /** The processors that it has, as Docker names them; undefined for whatever its nodes have. */
  readonly processors?: readonly string[];
  /** Whether folders in memory take options beyond their size. */
  readonly mountOptions: boolean;
}

function platformFaults(platform: string | undefined, { on, processors }: Ways) {
  if (platform === undefined) return [];
  const [system, processor = ""] = platform.split("/");
  if (system === "linux" && (processors?.includes(processor) ?? processor !== "")) return [];
  const allowed = (processors ?? ["amd64", "arm64", "..."]).map((one) => `linux/${one}`).join(", ");
  return [{ propertyPath: "platform", reason: `is "${platform}"; ${on} takes ${allowed}` }];
}

function capabilityFaults(member: "capAdd" | "capDrop", names: readonly string[] = []) {
  return names.flatMap((name, index) => {
    if (/^(?!CAP_)[A-Z_]+$/.test(name)) return [];
    const reason = `is "${name}"; write capitals without CAP_, such as NET_BIND_SERVICE or ALL`;
    return [{ propertyPath: `${member}[${index}]`, reason }];
  });
}

function checkFaults(test: readonly string[] | undefined) {
  const [kind = ""] = test ?? ["NONE"];
  if (["CMD", "CMD-SHELL", "NONE"].includes(kind)) return [];
  const reason = `is "${kind}"; begin with CMD or CMD-SHELL`;
  return [{ propertyPath: "healthCheck.test[0]", reason }];
}

const isSize = (option: string): boolean => /^size=\d+[kmg]?$/i.test(option);

function tmpfsFaults(tmpfs: Judged["tmpfs"] = {}, { on, mountOptions }: Ways) {
  return Object.entries(tmpfs).flatMap(([path, options]) => {
    const words = options.split(",").filter((word) => word !== "" && word !== "rw");
    const other = words.find(
      (word) => !isSize(word) && !(mountOptions && !word.startsWith("size=")),
    );
    if (other === undefined) return [];
    const nearest = mountOptions ? "write a size such as size=64m" : "it takes a size, size=64m";
    const reason = `has ${other}, which is not possible on ${on}; ${nearest}`;
    return [{ propertyPath: `tmpfs["${path}"]`, reason }];
  });
}

/** Everything of these that the cluster would refuse or leave out. */
export function specFaults(values: Judged, ways: Ways): readonly SpecFault[] {
  return [
    ...platformFaults(values.platform, ways),
    ...capabilityFaults("capAdd", values.capAdd),
    ...capabilityFaults("capDrop", values.capDrop),
    ...checkFaults(values.healthCheck?.test),
    ...tmpfsFaults(values.tmpfs, ways),
  ];
}

const bytesIn: { readonly [unit: string]: number } = {
  "": 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
};

/** The size among the options of a folder in memory, in bytes; none where there is none. */
export function tmpfsBytes(options: string): number | undefined {
  const found = /(?:^|,)size=(\d+)([kmg]?)/i.exec(options);
  if (found === null) return undefined;
  return Number(found[1]) * (bytesIn[(found[2] ?? "").toLowerCase()] ?? 1);
}

/** The options of a folder in memory but for its size: Docker's own, where they do not say otherwise. */
export function tmpfsOptions(options: string): readonly string[] {
  const given = options.split(",").filter((word) => word !== "" && !isSize(word));
  const usual = ["rw", "noexec", "nosuid", "nodev"];
  const opposite = (word: string) => (word === "rw" ? "ro" : word.slice(2));
  const kept = usual.filter((word) => !given.includes(opposite(word)) && !given.includes(word));
  return [...kept, ...given];
}
