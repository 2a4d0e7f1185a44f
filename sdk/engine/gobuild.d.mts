export interface BuildOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (words: string) => void;
}
export interface BuildProgress {
  readonly phase: "download" | "compile" | "link";
  readonly done: number;
  readonly total: number;
}
export const buildReason: string;
export function progressWords(progress: BuildProgress, elapsedMs: number): string;
export interface GoSettings {
  readonly GOVERSION?: string;
  readonly GOTOOLCHAIN?: string;
}
export function isUsableGo(settings: GoSettings, wanted: string): boolean;
export function canBuildEngine(env?: NodeJS.ProcessEnv): Promise<boolean>;
export function buildEngine(options?: BuildOptions): Promise<string>;
export function withLock<T>(
  lock: string,
  options: { readonly signal?: AbortSignal | undefined; readonly onWait: () => void },
  work: () => Promise<T>,
): Promise<T>;
