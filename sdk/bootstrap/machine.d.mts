export interface StepContext {
  readonly tell: (text: string) => void;
  readonly signal?: AbortSignal;
}
export declare const dockerSocket: string;
export declare function daemonState(): Promise<"answers" | "denied" | "absent">;
export declare function findDockerd(): Promise<string | undefined>;
export declare function installPackages(
  names: readonly string[],
  context: StepContext,
): Promise<void>;
export declare function startDaemon(context: StepContext): Promise<void>;
export declare function withoutInstalled(names: readonly string[]): Promise<string[]>;
