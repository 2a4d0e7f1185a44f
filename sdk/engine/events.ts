// What the engine did, from its event log (`--event-log`): a JSON object a line. Secrets stand in it as
// "[secret]". Only what callers ask for is read; kinds of events that are not known are left out.
// pulumi/sdk/go/common/apitype/events.go
import { mkdtemp, readFile, rm } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { failureCode } from "../failure-line.ts";

/** What was done, or would be, to a resource. */
export interface ResourceStep {
  /** `same`, `create`, `update`, `replace`, `delete`, `create-replacement`, `delete-replaced`, ... */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** The component that it is a part of. */
  readonly parent: string | undefined;
  /** Name of the provider that it is made by, where it has one of its own. */
  readonly provider: string | undefined;
  /** What the state has of it. */
  readonly old: Readonly<Record<string, unknown>> | undefined;
  /** What the program says. */
  readonly inputs: Readonly<Record<string, unknown>> | undefined;
}

export interface PolicyFinding {
  readonly policy: string;
  readonly pack: string;
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

export interface Diagnostic {
  readonly urn: string;
  readonly severity: string;
  readonly message: string;
}

export interface EngineEvents {
  readonly steps: readonly ResourceStep[];
  readonly policies: readonly PolicyFinding[];
  /** Errors and warnings. */
  readonly diagnostics: readonly Diagnostic[];
  /** The resources that failed, with the error's code where their provider told it. */
  readonly failed: readonly { readonly urn: string; readonly code: string | undefined }[];
}

interface State {
  readonly parent?: string;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface Line {
  readonly resourcePreEvent?: {
    readonly metadata: {
      readonly op: string;
      readonly urn: string;
      readonly type: string;
      readonly old?: State | null;
      readonly new?: State | null;
    };
  };
  readonly resOpFailedEvent?: { readonly metadata: { readonly urn: string } };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly severity: string;
    readonly message: string;
  };
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly policyName: string;
    readonly policyPackName: string;
    readonly enforcementLevel: string;
    readonly message: string;
  };
}

/** `urn:...::web1-provider::ID` is of the provider `web1-provider`. */
const providerName = (reference: string | undefined): string | undefined =>
  reference?.split("::").at(-2);

function stepOf({ op, urn, type, ...states }: Required<Line>["resourcePreEvent"]["metadata"]) {
  const state = states.new ?? states.old;
  return {
    op,
    urn,
    type,
    parent: state?.parent === "" ? undefined : state?.parent,
    provider: providerName(state?.provider),
    old: states.old?.outputs ?? states.old?.inputs,
    inputs: states.new?.inputs,
  };
}

/** Reads the text of an event log; a last line that was cut off is left out. */
export function parseEvents(text: string): EngineEvents {
  const steps: ResourceStep[] = [];
  const policies: PolicyFinding[] = [];
  const diagnostics: Diagnostic[] = [];
  const failed: string[] = [];
  const codes = new Map<string, string>();
  for (const line of text.split("\n")) {
    const event = parseLine(line);
    if (event.resourcePreEvent) steps.push(stepOf(event.resourcePreEvent.metadata));
    if (event.resOpFailedEvent) failed.push(event.resOpFailedEvent.metadata.urn);
    if (event.policyEvent) {
      const { policyName, policyPackName, enforcementLevel, resourceUrn = "" } = event.policyEvent;
      const message = event.policyEvent.message.trim();
      const finding = { policy: policyName, pack: policyPackName, level: enforcementLevel };
      policies.push({ ...finding, urn: resourceUrn, message });
    }
    if (event.diagnosticEvent) {
      const { urn = "", severity, message } = event.diagnosticEvent;
      const code = failureCode(message);
      if (code !== undefined) codes.set(urn, code);
      else if (severity === "error" || severity === "warning") {
        diagnostics.push({ urn, severity, message: message.trim() });
      }
    }
  }
  const withCodes = [...new Set(failed)].map((urn) => ({ urn, code: codes.get(urn) }));
  return { steps, policies, diagnostics, failed: withCodes };
}

function parseLine(line: string): Line {
  try {
    return line.trim() === "" ? {} : (JSON.parse(line) as Line);
  } catch {
    return {};
  }
}

/** What a run of pulumi needs to write its events. */
export interface EventLog {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Runs with a log of its events, in a folder that nobody else reads and that is gone afterwards. */
export async function withEvents<T>(
  run: (log: EventLog) => Promise<T>,
): Promise<{ readonly result: T; readonly events: EngineEvents }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "dockwright-events-"));
  const file = path.join(folder, "events");
  try {
    // The flag is one of those that the CLI knows only so; its own Automation API does the same.
    const env = { PULUMI_DEBUG_COMMANDS: "true" };
    const result = await run({ args: ["--event-log", file], env });
    return { result, events: parseEvents(await readFile(file, "utf8").catch(() => "")) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The name of a resource, the last part of its URN. */
export const nameOfUrn = (urn: string): string => urn.split("::").at(-1) ?? urn;
