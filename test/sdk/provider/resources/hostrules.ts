// What the tests of the host resources share: a machine of their own, and the two questions that each
// resource is asked.
import * as assert from "uvu/assert";
import type { Life } from "../../../support/hostresource.ts";
import {
  makeNamespaced,
  missingForNamespaces,
  type Namespaced,
} from "../../../support/namespaced.ts";
import { suite } from "../../../support/suite.ts";

export interface Rules {
  /** A rule that needs the machine; skipped by name where there can be none. */
  readonly rule: (name: string, run: (host: Namespaced) => Promise<void>) => void;
  readonly test: ReturnType<typeof suite>;
}

export function rulesFor(title: string, prepare?: (host: Namespaced) => Promise<void>): Rules {
  const test = suite(title);
  const reason = missingForNamespaces();
  let host: Namespaced | undefined;
  test.before(async () => {
    if (reason) return;
    host = await makeNamespaced();
    await prepare?.(host);
  });
  test.after(async () => {
    await host?.close();
  });
  return {
    test,
    rule(name, run) {
      if (reason) {
        test.skip(`${name} (${reason})`);
        return;
      }
      test(name, async () => {
        if (!host) throw new Error("there is no machine");
        await run(host);
      });
    },
  };
}

/** Looked at, nothing differs: the second update is silent. */
export async function silent(life: Life): Promise<void> {
  assert.ok(await life.refresh(), "it is there");
  assert.equal(life.changes(), []);
}

/** What was done behind our back shows at those places, and the update repairs it. */
export async function drift(
  host: Namespaced,
  life: Life,
  line: string,
  places: readonly string[],
): Promise<void> {
  await host.sh(line);
  const there = await life.refresh();
  assert.equal(there ? life.changes() : ["gone"], places, line);
  await life.up();
  await silent(life);
}
