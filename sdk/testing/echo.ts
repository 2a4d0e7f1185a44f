// Echo providers for a Pulumi project: a folder with an executable for each package, and the lines of
// Pulumi.yaml by which the engine finds them. No cloud, no credentials, nothing downloaded.

import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { packageRoot } from "../engine/package.ts";
import type { EchoCall, EchoPlan, EchoResource } from "./echo/plan.ts";
import { EchoStore } from "./echo/store.ts";

/** Which packages, and how they behave. */
export interface EchoOptions {
  /** The packages to stand in for: aws, gcp, kubernetes, docker, ... any. */
  readonly packages: readonly string[];
  /**
   * What shall fail, and what else is not as the tables of the provider have it.
   * @defaultValue nothing
   */
  readonly plan?: EchoPlan;
}

/** Providers that do nothing, and remember everything. */
export interface Echo {
  /** For Pulumi.yaml, at its top level: where the engine finds the providers. */
  readonly pluginLines: string;
  /** The calls of the engine so far, in their order. */
  journal(): readonly EchoCall[];
  /** Forgets the calls so far; what "exists" stays. */
  forget(): void;
  /** What "exists", whatever the state says. */
  things(): readonly EchoResource[];
  /** Changes something behind the engine's back: another `inputs` or `outputs` of what "exists". */
  put(resource: EchoResource): void;
  /** Another plan, from the next run on. */
  plan(plan: EchoPlan): void;
}

/** Makes echo providers in a folder, which has to be the project's own or below it. */
export function makeEcho(folder: string, { packages, plan = {} }: EchoOptions): Echo {
  const script = path.join(packageRoot(), "dist", "echo", "echo.cjs");
  const store = new EchoStore(path.join(folder, "echo"));
  store.setPlan(plan);
  for (const name of packages) {
    const directory = path.join(folder, "echo", name);
    mkdirSync(directory, { recursive: true });
    const words = [process.execPath, script, name, path.join(folder, "echo")];
    const command = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    const file = path.join(directory, `pulumi-resource-${name}`);
    writeFileSync(file, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  }
  const lines = packages.map((name) => `    - name: ${name}\n      path: echo/${name}\n`);
  return {
    pluginLines: `plugins:\n  providers:\n${lines.join("")}`,
    journal: () => store.journal(),
    forget: () => {
      store.forget();
    },
    things: () => store.things(),
    put: (resource) => {
      store.put(resource);
    },
    plan: (next) => {
      store.setPlan(next);
    },
  };
}
