// The sources keep the rules: format and structure (layers among them), types, and what only a typed
// linter sees. The same three commands as `npm run check`.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "./support/suite.ts";

const root = join(import.meta.dirname, "..");
const test = suite("check", { timeoutMs: 300_000 });

const commands: readonly [string, readonly string[]][] = [
  ["biome", ["check"]],
  ["tsc", ["-p", "tsconfig.json"]],
  ["eslint", ["."]],
];
for (const [program, args] of commands) {
  test(`${program} has nothing to say`, () => {
    const file = join(root, "node_modules", ".bin", program);
    const { status, stdout, stderr } = spawnSync(file, args, { cwd: root, encoding: "utf8" });
    assert.is(status, 0, `${stdout}${stderr}`);
  });
}

test.run();
