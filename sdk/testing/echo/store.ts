// The folder of an echo provider: its plan, its journal, and what "exists".

import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { EchoCall, EchoPlan, EchoResource } from "./plan.ts";

export class EchoStore {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(join(folder, "things"), { recursive: true });
  }

  private file(urn: string, id: string): string {
    const key = createHash("sha256").update(`${urn}\n${id}`).digest("hex").slice(0, 32);
    return join(this.folder, "things", `${key}.json`);
  }

  plan(): EchoPlan {
    const file = join(this.folder, "plan.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as EchoPlan) : {};
  }

  setPlan(plan: EchoPlan): void {
    writeFileSync(join(this.folder, "plan.json"), JSON.stringify(plan));
  }

  /** Writes a call down, whole, in the order of the calls. */
  note(call: EchoCall): void {
    appendFileSync(join(this.folder, "journal.jsonl"), `${JSON.stringify(call)}\n`);
  }

  journal(): readonly EchoCall[] {
    const file = join(this.folder, "journal.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as EchoCall);
  }

  forget(): void {
    rmSync(join(this.folder, "journal.jsonl"), { force: true });
  }

  /** How many things were made so far: no two have the same number, whatever was forgotten. */
  count(): number {
    const file = join(this.folder, "count");
    const next = existsSync(file) ? Number(readFileSync(file, "utf8")) + 1 : 1;
    writeFileSync(file, String(next));
    return next;
  }

  put(resource: EchoResource): void {
    writeFileSync(this.file(resource.urn, resource.id), JSON.stringify(resource));
  }

  get(urn: string, id: string): EchoResource | undefined {
    const file = this.file(urn, id);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as EchoResource) : undefined;
  }

  remove(urn: string, id: string): void {
    rmSync(this.file(urn, id), { force: true });
  }

  things(): readonly EchoResource[] {
    const folder = join(this.folder, "things");
    const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return files.map(
      (name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as EchoResource,
    );
  }
}
