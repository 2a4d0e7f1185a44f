// The tables of docs/migration.md: every name in them exists, and every line that is left out says why.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import * as assert from "uvu/assert";
import { packageRoot } from "../../sdk/engine/package.ts";
import { suite } from "../support/suite.ts";

const test = suite("docs/migration");
const root = packageRoot();

interface Line {
  readonly there: string;
  readonly here: string;
}

function linesOf(text: string): readonly Line[] {
  const rows = text.split("\n").filter((row) => row.startsWith("| ") && !row.startsWith("| ---"));
  return rows
    .map((row) => row.split("|").map((cell) => cell.trim()))
    .map(([, there = "", here = ""]) => ({ there, here }))
    .filter(({ there }) => there !== "there");
}

/** Components with their arguments, and functions. */
const namesOf = (here: string): readonly string[] =>
  [...here.matchAll(/`([A-Z]\w*(?:\.\w+)*|(?:export|get|inspect|save)[A-Z]\w*)`/g)].map(
    ([, name = ""]) => name,
  );

/** TypeScript that is wrong for each name that does not exist. */
function claims(names: readonly string[]): string {
  return names
    .map((name, at) => {
      const [component = "", ...fields] = name.split(".");
      const index = JSON.stringify(join(root, "components/index.ts"));
      if (/^[a-z]/.test(component)) {
        return `export type Claim${at} = typeof import(${index}).${component};`;
      }
      const args = `import(${index}).${component}Args`;
      const type = fields.reduce((of, field) => `NonNullable<${of}>["${field}"]`, args);
      return `export type Claim${at} = ${type};`;
    })
    .join("\n");
}

function errorsOf(text: string): readonly string[] {
  const file = join(root, "test/docs/claims.ts");
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, text, ts.ScriptTarget.ESNext)
      : getSourceFile.call(host, name, ...rest);
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  const program = ts.createProgram([file], { ...options, noEmit: true }, host);
  const source = program.getSourceFile(file);
  return program
    .getSemanticDiagnostics(source)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

const lines = linesOf(readFileSync(join(root, "docs/migration.md"), "utf8"));

test("every line names something, or says why it is left out", () => {
  assert.ok(lines.length > 100, `${lines.length} lines`);
  for (const { there, here } of lines) {
    const says = namesOf(here).length > 0 || /^left out: \S+/.test(here);
    assert.ok(says, `${there}: ${here}`);
  }
});

test("a name that does not exist is found", () => {
  assert.match(errorsOf(claims(["Container.nonesuch"])).join(), /nonesuch/);
  assert.match(errorsOf(claims(["getNonesuch"])).join(), /getNonesuch/);
});

test("every name exists", () => {
  const names = [...new Set(lines.flatMap(({ here }) => namesOf(here)))];
  assert.equal(errorsOf(claims(names)), []);
});

test.run();
