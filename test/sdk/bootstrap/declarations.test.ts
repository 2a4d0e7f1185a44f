import * as assert from "uvu/assert";
import { withJsImports } from "../../../sdk/bootstrap/declarations.mjs";
import { suite } from "../../support/suite.ts";

const test = suite("bootstrap/declarations");

const cases: readonly (readonly [string, string, string])[] = [
  ["an import", 'import { a } from "./a.ts";', 'import { a } from "./a.js";'],
  [
    "an import of types",
    'import type { A } from "../b/a.ts";',
    'import type { A } from "../b/a.js";',
  ],
  ["a re-export", 'export { type A, b } from "./a.ts";', 'export { type A, b } from "./a.js";'],
  ["a type's import", 'let a: import("./a.ts").A;', 'let a: import("./a.js").A;'],
  ["a module stays", 'import a from "./a.mjs";', 'import a from "./a.mjs";'],
  ["a package stays", 'import a from "some.ts";', 'import a from "some.ts";'],
  ["other text stays", 'type Name = "./a.ts";', 'type Name = "./a.ts";'],
];
for (const [name, text, want] of cases) test(name, () => assert.is(withJsImports(text), want));

test.run();
