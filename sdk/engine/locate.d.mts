export const engineVersion: string;
export const minimumEngineVersion: string;
export const hostMark: string;
export interface LocatedEngine {
  readonly cli: string;
  readonly source: "path" | "cache";
  /** Without the leading v; undefined when the file does not run. */
  readonly version: string | undefined;
  readonly host: { readonly file: string; readonly ours: boolean } | undefined;
}
export function cacheDirectory(env?: NodeJS.ProcessEnv): string;
export function engineDirectory(env?: NodeJS.ProcessEnv): string;
export function parseVersion(text: string): readonly number[] | undefined;
export function isNewEnough(text: string, minimum?: string): boolean;
export function which(name: string, env?: NodeJS.ProcessEnv): Promise<string | undefined>;
export function readVersion(cli: string, env?: NodeJS.ProcessEnv): Promise<string | undefined>;
export function isOurHost(file: string): Promise<boolean>;
export function listEngines(env?: NodeJS.ProcessEnv): Promise<readonly LocatedEngine[]>;
export function locateEngine(env?: NodeJS.ProcessEnv): Promise<LocatedEngine | undefined>;
export function downloadsReachable(timeoutMs?: number): Promise<boolean>;
