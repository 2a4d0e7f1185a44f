// What a deploy says of itself: JSON for programs, whose members docs/deploys.md lists, and Markdown for a
// pull request. Nothing in it is secret: the engine's events have "[secret]" in such places.
import type { DeployedImages } from "../../deployed.ts";
import { nameOfUrn, type PolicyFinding } from "../../engine/index.ts";
import type { Changes, Deed, ServiceChange } from "./changes.ts";
import { isNothing } from "./changes.ts";
import type { Failure, Outcome } from "./outcome.ts";

/** What answers once the deploy has ended. */
export interface Serving {
  readonly service: string;
  readonly release: number;
  readonly images: readonly string[];
}

export interface DeployReport {
  /** Grows when a member is taken away or means something else. */
  readonly format: 1;
  readonly project: string;
  readonly stack: string;
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** Whether an update was begun, and not only a preview. */
  readonly applied: boolean;
  readonly durationMs: number;
  /** The images that were asked for, by service. */
  readonly images: DeployedImages;
  /** What the configuration had of them before. */
  readonly imagesBefore: DeployedImages;
  /** Services whose rollback this deploy ends. */
  readonly endedRollbacks: readonly string[];
  readonly changes: Changes;
  readonly policies: readonly {
    readonly policy: string;
    readonly level: string;
    readonly resource: string;
    readonly message: string;
  }[];
  readonly errors: readonly Failure[];
  readonly serving: readonly Serving[];
}

/** A policy's finding, of the resource by its name. */
export const findingOf = ({ policy, level, urn, message }: PolicyFinding) => ({
  policy,
  level,
  resource: nameOfUrn(urn),
  // The engine adds the URN in a line of its own.
  message: message.replace(/\n\s+at urn:\S+$/, ""),
});

const heads: { readonly [outcome in Outcome]: string } = {
  unchanged: "nothing to change",
  changed: "deployed",
  previewed: "preview",
  failed: "failed",
  "bad-input": "refused: what was asked for cannot be deployed",
  "gate-failed": "failed: the new version did not get ready",
  "policy-refused": "refused by the policy pack",
  locked: "not begun: another update holds the stack",
  interrupted: "interrupted",
};

const short = (ref: string): string => ref.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/, "$1");

const code = (text: string): string => `\`${text}\``;

const listed = (texts: readonly string[]): string => texts.map((one) => code(one)).join(", ");

/** `2 containers`. */
function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

const deedWords: readonly (readonly [Deed, string])[] = [
  ["replace", "replaced"],
  ["create", "new"],
  ["update", "changed in place"],
  ["delete", "removed"],
];

function containerWords({ containers }: ServiceChange): string {
  const parts = deedWords.flatMap(([deed, words]) =>
    containers[deed] === 0 ? [] : [`${counted(containers[deed], "container")} ${words}`],
  );
  return parts.length === 0 ? "no container changes" : parts.join(", ");
}

function serviceLines(change: ServiceChange): readonly string[] {
  const { service, images, imagesBefore, hosts, routes } = change;
  const [now, before] = [images.map(short), imagesBefore.map(short)];
  const moved = now.join() !== before.join() && before.length > 0;
  const from = moved ? ` (was ${listed(before)})` : "";
  return [
    `- **${service}**: ${containerWords(change)}${hosts.length === 0 ? "" : ` on ${hosts.join(", ")}`}`,
    ...(now.length === 0 ? [] : [`  - image: ${listed(now)}${from}`]),
    ...(routes.length === 0 ? [] : [`  - requests move: ${listed(routes)}`]),
  ];
}

function changeHead({ applied, outcome }: DeployReport): string {
  if (outcome === "changed") return "What changed";
  return applied ? "What it was to change" : "What it would change";
}

function changeLines(report: DeployReport): readonly string[] {
  const { services, others } = report.changes;
  const rest = deedWords.flatMap(([deed, words]) => {
    const mine = others.filter((one) => one.deed === deed);
    const names = mine.map(({ type, name }) => `${type} ${code(name)}`).join(", ");
    return mine.length === 0 ? [] : [`- ${words}: ${names}`];
  });
  return [
    ...(services.length + rest.length === 0 ? [] : ["", `#### ${changeHead(report)}`, ""]),
    ...services.flatMap(serviceLines),
    ...rest,
  ];
}

/** A text that may hold anything, as a block that it cannot end. */
const block = (text: string): readonly string[] => ["", "````text", text, "````"];

function troubleLines({ errors, policies }: DeployReport): readonly string[] {
  const refusing = policies.filter(({ level }) => level === "mandatory");
  const advice = policies.length - refusing.length;
  return [
    ...refusing.flatMap(({ policy, resource, message }) => [
      "",
      `**${policy}** refuses ${code(resource)}:`,
      ...block(message),
    ]),
    ...(refusing.length > 0 ? [] : errors).flatMap(({ resource, message }) => [
      "",
      `${code(resource)}:`,
      ...block(message),
    ]),
    ...(advice === 0 ? [] : ["", `${counted(advice, "advisory finding")} of the policy pack.`]),
  ];
}

function servingLines({ serving, outcome }: DeployReport): readonly string[] {
  if (serving.length === 0) return [];
  const still = outcome === "changed" ? "" : " still";
  return [
    "",
    ...serving.map(
      ({ service, release, images }) =>
        `${service}: release ${release}${still} serves, ${listed(images.map(short))}.`,
    ),
  ];
}

/** The report as Markdown. */
export function renderMarkdown(report: DeployReport): string {
  const { stack, project, outcome, changes, endedRollbacks, durationMs } = report;
  const seconds = (durationMs / 1000).toFixed(1);
  const nothing = isNothing(changes) && outcome === "previewed";
  return `${[
    `### ${project}, ${stack}: ${nothing ? "nothing to change" : heads[outcome]}`,
    ...(outcome === "changed" ? ["", `Took ${seconds} s.`] : []),
    ...changeLines(report),
    ...(endedRollbacks.length === 0 ? [] : ["", `Ends the rollback of ${listed(endedRollbacks)}.`]),
    ...troubleLines(report),
    ...servingLines(report),
  ].join("\n")}\n`;
}
