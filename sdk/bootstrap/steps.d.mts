export class StepError extends Error {
  constructor(message: string, options?: { fix?: string; tail?: readonly string[] });
  readonly fix: string | undefined;
  readonly tail: readonly string[];
  readonly step?: string;
}
export interface StepTools {
  readonly tell: (detail: string) => void;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}
export interface Step {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly run: (tools: StepTools) => Promise<unknown>;
}
export interface StepView {
  readonly name: string;
  readonly state: "waiting" | "running" | "done" | "skipped" | "failed";
  readonly detail?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
}
export function stepWords(step: StepView, now: number): string;
export function failureWords(name: string, error: Error): string;
export function runSteps(
  steps: readonly Step[],
  options?: { readonly out?: unknown; readonly signal?: AbortSignal },
): Promise<void>;
