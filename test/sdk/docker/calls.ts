// The changing calls of the client, read out of its source: every `ApiCall` with a `method` of
// POST, PUT or DELETE. A call that this cannot read is an error, so that none gets by unseen.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packageRoot } from "../../../sdk/engine/package.ts";

export interface ClientCall {
  /** `containers.start`: file and function. */
  readonly name: string;
  readonly method: string;
  /** With `*` for what the caller gives: `containers/ID/start`. */
  readonly path: string;
}

const changing: ReadonlySet<string> = new Set(["POST", "PUT", "DELETE"]);
const reading: ReadonlySet<string> = new Set(["GET", "HEAD"]);

function propertyOf(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of node.properties) {
    if (property.name?.getText() !== name) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return undefined;
}

function nameOf(node: ts.Node): string {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if ((ts.isMethodDeclaration(at) || ts.isFunctionDeclaration(at)) && at.name) {
      return at.name.getText();
    }
  }
  return "";
}

function parametersOf(node: ts.Node): readonly string[] {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isMethodDeclaration(at) || ts.isFunctionDeclaration(at)) {
      return at.parameters.map((parameter) => parameter.name.getText());
    }
  }
  return [];
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}

/** The text with a `*` for each value; a bare parameter such as `${verb}` stays as `{verb}`. */
function patternOf(path: ts.Expression): string | undefined {
  if (ts.isStringLiteral(path) || ts.isNoSubstitutionTemplateLiteral(path)) return path.text;
  if (!ts.isTemplateExpression(path)) return undefined;
  const spans = path.templateSpans.map(({ expression, literal }) => {
    const hole = ts.isIdentifier(expression) ? `{${expression.text}}` : "*";
    return hole + literal.text;
  });
  return path.head.text + spans.join("");
}

/** What the callers in the same file give for a parameter, by the name of the function that gives it. */
function givenFor(file: ts.SourceFile, callee: string, index: number): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  visit(file, (node) => {
    if (!ts.isCallExpression(node)) return;
    const called = node.expression.getText().split(".").at(-1);
    if (called !== callee) return;
    const value = node.arguments[index];
    if (value === undefined || !ts.isStringLiteral(value)) {
      throw new Error(`${file.fileName}: ${callee} is given something that is no plain text`);
    }
    given.set(nameOf(node), value.text);
  });
  return given;
}

function callsAt(file: ts.SourceFile, stem: string, node: ts.ObjectLiteralExpression) {
  // Every ApiCall has these three, and nothing else has.
  const [method, path] = [propertyOf(node, "method"), propertyOf(node, "path")];
  if (!method || !path || !propertyOf(node, "doing")) return [];
  const where = `${stem}.${nameOf(node)}`;
  if (!ts.isStringLiteral(method)) {
    // The transport passes on what it is given.
    if (stem === "transport") return [];
    throw new Error(`${where} makes a call whose method is not written out`);
  }
  if (reading.has(method.text)) return [];
  const pattern = patternOf(path);
  if (!changing.has(method.text) || pattern === undefined) {
    throw new Error(`${where} makes a call that cannot be read: ${node.getText().slice(0, 80)}`);
  }
  const hole = /\{(\w+)\}/.exec(pattern)?.[1];
  if (hole === undefined) return [{ name: where, method: method.text, path: pattern }];
  const index = parametersOf(node).indexOf(hole);
  if (index < 0) throw new Error(`${where} makes a call to a path that cannot be read: ${pattern}`);
  return [...givenFor(file, nameOf(node), index)].map(([caller, text]) => ({
    name: `${stem}.${caller}`,
    method: method.text,
    path: pattern.replace(`{${hole}}`, text),
  }));
}

/** The changing calls in a text. */
export function callsIn(name: string, text: string): readonly ClientCall[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true);
  const stem = name.replace(/^.*\//, "").replace(/\.ts$/, "");
  const calls: ClientCall[] = [];
  visit(file, (node) => {
    if (ts.isObjectLiteralExpression(node)) calls.push(...callsAt(file, stem, node));
  });
  return calls;
}

function sources(): readonly string[] {
  return globSync("sdk/**/*.ts", { cwd: packageRoot() })
    .filter((file) => !file.includes("node_modules"))
    .sort();
}

const read = (file: string) => readFileSync(join(packageRoot(), file), "utf8");

/** Every changing call that is made to a daemon. */
export function clientCalls(): readonly ClientCall[] {
  return sources().flatMap((file) => callsIn(file, read(file)));
}

/** Files that open connections of HTTP by themselves: what they send goes past the transport. */
export function otherHttp(): readonly string[] {
  const imports = /^import (?!type).*?from "node:https?"/ms;
  return sources().filter((file) => imports.test(read(file)));
}

/** Files, of those that make resources, that call a function of the client: `restart`. */
export function callersOf(method: string): readonly string[] {
  const call = new RegExp(`\\.${method}\\(`);
  const folders = /^sdk\/(provider|haproxy|docker\/(volume-backup|image-copy))/;
  return sources().filter((file) => folders.test(file) && call.test(read(file)));
}
