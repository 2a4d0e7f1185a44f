// From the nodes of a swarm as they are to those that are wanted, as steps. Pure: no daemon, no clock.
// Who joins does so before anybody leaves, so that tasks have somewhere to go and managers stay enough;
// who leaves is drained, demoted, and only then leaves. Raft: a majority of the managers must agree.

export type SwarmRole = "manager" | "worker";
export type SwarmAvailability = "active" | "pause" | "drain";

export interface WantedNode {
  readonly name: string;
  readonly role: SwarmRole;
  readonly availability: SwarmAvailability;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a machine says of itself. `unreached`: it does not answer, or it is lost. */
export type LocalSight =
  | { readonly kind: "out" }
  | { readonly kind: "in"; readonly id: string }
  | { readonly kind: "unreached" };

/** A node as the managers list it. */
export interface ListedNode {
  readonly id: string;
  /** The name that the declaration knows it by; none where it is not of the declaration. */
  readonly name: string | undefined;
  readonly role: SwarmRole;
  readonly availability: SwarmAvailability;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the managers have word of it. */
  readonly up: boolean;
}

export interface SwarmSight {
  /** By name: machines of the declaration, of now and of before. */
  readonly machines: Readonly<Record<string, LocalSight>>;
  /** Empty where there is no swarm yet. */
  readonly listed: readonly ListedNode[];
}

export type SwarmStep =
  | { readonly kind: "init"; readonly name: string }
  | { readonly kind: "join"; readonly name: string; readonly role: SwarmRole }
  | {
      readonly kind: "set";
      readonly name: string;
      readonly id: string;
      readonly wanted: WantedNode;
    }
  | { readonly kind: "promote"; readonly name: string; readonly id: string }
  | { readonly kind: "drain"; readonly name: string; readonly id: string }
  | { readonly kind: "demote"; readonly name: string; readonly id: string }
  | { readonly kind: "leave"; readonly name: string; readonly id: string }
  /** It cannot be asked to leave: it is taken off the list, a manager after it was demoted. */
  | {
      readonly kind: "forget";
      readonly name: string;
      readonly id: string;
      readonly role: SwarmRole;
    };

/** How many managers may be lost before nothing can be changed any more. */
export function tolerated(managers: number): number {
  return Math.max(0, Math.floor((managers - 1) / 2));
}

const byName = <T extends { readonly name?: string | undefined }>(a: T, b: T) =>
  (a.name ?? "") < (b.name ?? "") ? -1 : 1;

function sameLabels(a: ListedNode["labels"], b: ListedNode["labels"]): boolean {
  const text = (labels: ListedNode["labels"]) => JSON.stringify(Object.entries(labels).sort());
  return text(a) === text(b);
}

/** How a node that is there differs from what is wanted, but for its role. */
export function needsSetting(listed: ListedNode, wanted: WantedNode): boolean {
  return listed.availability !== wanted.availability || !sameLabels(listed.labels, wanted.labels);
}

interface Sorted {
  readonly joining: readonly WantedNode[];
  readonly staying: readonly { readonly wanted: WantedNode; readonly listed: ListedNode }[];
  /** Nodes of the declaration that it has no more; a machine's former entry is one. */
  readonly leaving: readonly (ListedNode & { readonly name: string })[];
}

function sortOut(wanted: readonly WantedNode[], { machines, listed }: SwarmSight): Sorted {
  const entryOf = ({ name }: WantedNode) => {
    const machine = machines[name];
    // One that cannot be asked is what the managers know by its name.
    if (machine?.kind === "in") return listed.find(({ id }) => id === machine.id);
    return machine?.kind === "out" ? undefined : listed.find((node) => node.name === name);
  };
  const staying = wanted.flatMap((node) => {
    const entry = entryOf(node);
    return entry === undefined ? [] : [{ wanted: node, listed: entry }];
  });
  const kept = new Set(staying.map(({ listed: { id } }) => id));
  return {
    staying,
    joining: wanted.filter((node) => entryOf(node) === undefined),
    leaving: listed.flatMap((node) =>
      node.name === undefined || kept.has(node.id) ? [] : [{ ...node, name: node.name }],
    ),
  };
}

/** Whether the machine itself can be told to leave. */
function canLeave(node: ListedNode & { readonly name: string }, { machines }: SwarmSight): boolean {
  const machine = machines[node.name];
  return machine?.kind === "in" && machine.id === node.id;
}

/** The steps that make the swarm what is wanted; none when it is. */
export function planSwarm(wanted: readonly WantedNode[], sight: SwarmSight): readonly SwarmStep[] {
  const { joining, staying, leaving } = sortOut([...wanted].sort(byName), sight);
  const first = joining.find(({ role }) => role === "manager");
  const init = sight.listed.length === 0 && first !== undefined ? first : undefined;
  const join = (role: SwarmRole) =>
    joining.flatMap((node): SwarmStep[] =>
      node === init || node.role !== role ? [] : [{ kind: "join", name: node.name, role }],
    );
  const going = [...leaving].sort(byName);
  const asked = going.filter((node) => canLeave(node, sight));
  const lost = going.filter((node) => !asked.includes(node));
  const change = (from: SwarmRole) =>
    staying.filter(({ wanted: node, listed }) => listed.role === from && node.role !== from);
  return [
    ...(init ? [{ kind: "init", name: init.name } as const] : []),
    // The dead first: each of them counts against the majority.
    ...lost.map(({ name, id, role }) => ({ kind: "forget", name, id, role }) as const),
    ...join("manager"),
    ...change("worker").map(({ listed: { id }, wanted: { name } }) => {
      return { kind: "promote", name, id } as const;
    }),
    ...join("worker"),
    ...staying.flatMap(({ listed, wanted: node }): SwarmStep[] =>
      needsSetting(listed, node)
        ? [{ kind: "set", name: node.name, id: listed.id, wanted: node }]
        : [],
    ),
    ...asked.map(({ name, id }) => ({ kind: "drain", name, id }) as const),
    ...change("manager").map(({ listed: { id }, wanted: { name } }) => {
      return { kind: "demote", name, id } as const;
    }),
    ...asked.flatMap(({ name, id, role }): SwarmStep[] => [
      ...(role === "manager" ? [{ kind: "demote", name, id } as const] : []),
      { kind: "leave", name, id },
    ]),
  ];
}

/** A step in words. */
export function describeSwarmStep(step: SwarmStep): string {
  const { kind, name } = step;
  switch (kind) {
    case "init":
      return `make the swarm on ${name}`;
    case "join":
      return `${name} joins as ${step.role}`;
    case "set":
      return `availability and labels of ${name}`;
    case "promote":
      return `${name} becomes a manager`;
    case "drain":
      return `tasks move off ${name}`;
    case "demote":
      return `${name} becomes a worker`;
    case "leave":
      return `${name} leaves`;
    case "forget":
      return `${name}, which is not reached, is taken off the list`;
  }
}

/** What is to be said of the number of managers, and of a change that takes some away. */
export function quorumWarnings(
  wanted: readonly Pick<WantedNode, "name" | "role">[],
  before: readonly Pick<WantedNode, "name" | "role">[] = [],
): readonly string[] {
  const managers = wanted.filter(({ role }) => role === "manager");
  const count = managers.length;
  const names = new Set(managers.map(({ name }) => name));
  const former = before.filter(({ role }) => role === "manager");
  const gone = former.filter(({ name }) => !names.has(name));
  const words: string[] = [];
  if (count === 1 && wanted.length > 1) {
    words.push("one manager: when it is lost, nothing of the swarm can be changed; take 3");
  }
  if (count > 0 && count % 2 === 0) {
    words.push(
      `${count} managers bear the loss of ${tolerated(count)}, no more than ${count - 1} do; take ${count + 1}`,
    );
  }
  if (count > 7)
    words.push(
      `${count} managers: each change waits for ${count - tolerated(count)} of them; 7 are enough`,
    );
  if (gone.length > tolerated(former.length) && former.length > 1) {
    const list = gone.map(({ name }) => name).join(", ");
    words.push(
      `${gone.length} of ${former.length} managers go at once (${list}): should they be lost rather than leave, there is no majority; change them one by one`,
    );
  }
  return words;
}
