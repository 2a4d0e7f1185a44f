// The entries of a Gateway, held against the Gateway API's own description, as a kept package ships it: its
// types, by the compiler, for members that are unknown, missing or of another kind; its schema for words,
// forms and numbers. The other objects are in schema.integration.test.ts.

import { join } from "node:path";
import { validate } from "@kubernetes-models/gateway-api/_schemas/IoK8sSigsGatewayApiApisV1HTTPRoute";
import type { ErrorObject } from "ajv";
import ts from "typescript";
import * as assert from "uvu/assert";
import { Service } from "../../../components/index.ts";
import { KubernetesCluster } from "../../../components/kubernetes/index.ts";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { ofType, type Registered, register } from "../../../sdk/testing/recorder.ts";
import { suite } from "../../support/suite.ts";

const test = suite("kubernetes/httproute");
type Inputs = Registered["inputs"];

const image = { ref: `registry.example.com/shop@sha256:${"ab".repeat(32)}` };

/** All that is said of a route: of the least, and of as many hosts, paths and names as there are. */
async function routes(): Promise<readonly Inputs[]> {
  const all = await register(() => {
    const gateway = { name: "edge", namespace: "front", listener: "https" };
    const labels = { team: "a" };
    const least = new KubernetesCluster("least", { kubeconfig: "x", gateway: { name: "edge" } });
    const most = new KubernetesCluster("most", {
      kubeconfig: "x",
      gateway,
      labels,
      namespace: "shop",
    });
    const paths = Array.from({ length: 40 }, (_, index) => `/part-${index}`);
    void new Service("shop", { on: least, image, port: 8080, routes: [{ host: "*" }] });
    return new Service("many", {
      on: most,
      image,
      port: 65535,
      routes: [
        { host: "many.test" },
        { host: "*.many.test", path: "/a" },
        ...paths.map((path) => ({ host: "many.test", path })),
      ],
    });
  });
  return ofType(all, "HTTPRoute").map(({ inputs }) => inputs);
}

const from = "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";

/** What the compiler says of each of these, declared as a route; nothing of one that is as it should be. */
function misfits(objects: readonly unknown[]): readonly string[] {
  const file = join(packageRoot(), "test", "routes-to-judge.ts");
  const declared = objects.map(
    (one, index) => `const r${index}: IHTTPRoute = ${JSON.stringify(one)};`,
  );
  const text = [`import type { IHTTPRoute } from "${from}";`, ...declared].join("\n");
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, rest[0]) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  const found = ts.getPreEmitDiagnostics(program).map(({ messageText, file: at, start = 0 }) => ({
    line: at?.getLineAndCharacterOfPosition(start).line ?? 0,
    text: ts.flattenDiagnosticMessageText(messageText, "\n"),
  }));
  const said = (line: number) => found.filter((one) => one.line === line).map((one) => one.text);
  // What is of no object is of the import, on the first line: of all of them.
  return objects.map((_, index) => [...said(0), ...said(index + 1)].join("\n"));
}

/** What the schema says of one. */
function faults(one: unknown): readonly string[] {
  if (validate(one)) return [];
  const { errors } = validate as { readonly errors?: readonly ErrorObject[] };
  return (errors ?? []).map(({ instancePath, keyword, params }) =>
    [instancePath, keyword, JSON.stringify(params)].join(" "),
  );
}

test("every entry of a Gateway is as its API describes it", async () => {
  const all = await routes();
  assert.is(all.length, 5, "one of the least; of the most two hosts, of which one has 41 paths");
  assert.equal(misfits(all).join(""), "");
  assert.equal(all.flatMap(faults), []);
});

test("it does find what is misspelt, missing, of the wrong kind, of no such form, or too much", async () => {
  const [route = {}] = await routes();
  const spec = route["spec"] as { readonly rules: readonly [Inputs] };
  const [rule] = spec.rules;
  const withRule = (more: Inputs) => ({
    ...route,
    spec: { ...spec, rules: [{ ...rule, ...more }] },
  });
  const { spec: _, ...specless } = route;
  const typed: readonly (readonly [unknown, RegExp])[] = [
    [withRule({ backendRef: [] }), /backendRef"' does not exist/],
    [{ ...route, spec: { ...spec, hostname: "a" } }, /hostname"' does not exist/],
    [specless, /spec"' is missing/],
    [withRule({ backendRefs: [{ name: "shop", port: "8080" }] }), /'string' is not assignable/],
    [{ ...route, kind: "HttpRoute" }, /"HttpRoute"' is not assignable/],
  ];
  const misfit = misfits([...typed.map(([one]) => one), route]);
  for (const [index, [, words]] of typed.entries()) assert.match(misfit[index] ?? "", words);
  assert.is(misfit.at(-1), "");
  const formed: readonly (readonly [unknown, RegExp])[] = [
    [specless, /required/],
    [withRule({ backendRefs: [{ name: "shop", port: 65536 }] }), /port .*65535/],
    [withRule({ matches: [{ path: { type: "Prefix", value: "/" } }] }), /path\/type .*PathPrefix/],
    [{ ...route, spec: { ...spec, hostnames: ["*"] } }, /hostnames\/0 .*pattern/],
    [{ ...route, spec: { ...spec, rules: Array.from({ length: 17 }, () => rule) } }, /rules .*16/],
  ];
  for (const [one, words] of formed) assert.match(faults(one).join("\n"), words);
});

test.run();
