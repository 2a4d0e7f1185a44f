export interface Facts {
  readonly node: string;
  readonly platform: string;
  readonly root: boolean;
  readonly engine: boolean;
  readonly go: boolean;
  readonly downloads: boolean;
  readonly daemon: "answers" | "denied" | "absent";
  readonly dockerd: boolean;
  readonly apt: boolean;
  readonly mmdebstrap: boolean;
  readonly npm: boolean;
}
export interface Trouble {
  readonly sentence: string;
  readonly fix: string;
}
export function readFacts(): Promise<Facts>;
export function findTroubles(facts: Facts, command: string): readonly Trouble[];
export function troubleWords(troubles: readonly Trouble[]): string;
