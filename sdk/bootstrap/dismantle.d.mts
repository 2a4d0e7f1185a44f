import type { Step } from "./steps.mjs";

export function reasonToKeep(
  held: { readonly containers: number; readonly volumes: number } | undefined,
): string | undefined;
export function mountsOf(place: string, mountInfo: string): readonly string[];
export function dismantle(options: { readonly all: boolean }): readonly Step[];
export function removeCaches(say: (line: string) => void): Promise<void>;
