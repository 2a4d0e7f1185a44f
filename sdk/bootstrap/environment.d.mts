import type { Facts } from "./preflight.mjs";
import type { Step } from "./steps.mjs";

export interface LockFile {
  readonly packages?: Readonly<
    Record<string, { readonly version?: string; readonly optional?: boolean; peer?: boolean }>
  >;
}
export const root: string;
export function toolEnvironment(): NodeJS.ProcessEnv;
export function isInstalled(lock: LockFile, installed: LockFile): boolean;
export function setUpSteps(
  facts: Facts,
  options?: { readonly images?: readonly string[]; readonly packages?: readonly string[] },
): readonly Step[];
