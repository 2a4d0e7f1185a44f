// docs/platforms.md has a row for each member of a service's spec, and says what the code says.
// `DOCKWRIGHT_WRITE=1` writes the table into the page.

import { readFileSync, writeFileSync } from "node:fs";
import * as assert from "uvu/assert";
import type { ClusterKind } from "../../components/platform.ts";
import { clusterSupport, eachSupport, nestedSupport } from "../../components/platforms/support.ts";
import { suite } from "../support/suite.ts";

const page = new URL("../../docs/platforms.md", import.meta.url);
const kinds: readonly ClusterKind[] = ["swarm", "ecs", "kubernetes"];
/** What a daemon and a pool cannot do; all else they do as the argument's own words say. */
const hosts: { readonly [member: string]: string } = {
  autoscale: "no: `replicas`",
  placement: "a pool: which hosts; a daemon: no",
  acrossHosts: "a pool: published between hosts; a daemon: no",
  secretEnv: "in the environment, secret in the state",
  routes: "a `Proxy` each",
};

/** Members of members, by the member that they are of: of one, or of each of several. */
const nested: { readonly [member: string]: readonly string[] } = Object.fromEntries([
  ...Object.entries(nestedSupport.kubernetes).map(([member, rows]) => [
    member,
    Object.keys(rows as object).map((one) => `${member}.${one}`),
  ]),
  ...Object.entries(eachSupport.swarm).map(([member, rows]) => [
    member,
    Object.keys(rows as object).map((one) => `${member}[].${one}`),
  ]),
]);

/** A member, or a member of one: `rollout.batch`. */
function cellOf(kind: ClusterKind, path: string): string {
  const [member = "", part] = path.split(/\[?\]?\./);
  const whole = (clusterSupport[kind] as Rows)[member];
  if (whole === undefined) throw new Error(`${kind} has no ${member}`);
  const support = part === undefined || typeof whole !== "string" ? whole : partOf(kind, path);
  if (typeof support === "string") return support;
  const refused = `no: ${support.instead}`;
  return support.routed === undefined
    ? refused
    : `${support.routed}; without \`routes\` ${refused}`;
}

type Rows = {
  readonly [member: string]: string | { readonly instead: string; readonly routed?: string };
};

function partOf(kind: ClusterKind, path: string) {
  const [member = "", part = ""] = path.split(/\[?\]?\./);
  const all = { ...nestedSupport[kind], ...eachSupport[kind] };
  const rows = (all as object as { readonly [member: string]: Rows })[member];
  const found = rows?.[part];
  if (found === undefined) throw new Error(`${kind} has no ${path}`);
  return found;
}

function table(): string {
  const paths = Object.keys(clusterSupport.ecs).flatMap((one) => [one, ...(nested[one] ?? [])]);
  const rows = paths.map((path) => {
    const [whole = ""] = path.split(/\[|\./);
    const cells = [
      hosts[path] ?? (whole === "placement" ? "a pool: as declared" : "as declared"),
      ...kinds.map((kind) => cellOf(kind, path)),
    ];
    return `| \`${path}\` | ${cells.join(" | ")} |`;
  });
  const head = [
    "| member | daemon, pool | Swarm | ECS | Kubernetes |",
    "| --- | --- | --- | --- | --- |",
  ];
  return [...head, ...rows].join("\n");
}

const test = suite("the page of platforms");

test("its table is that of the code", () => {
  const text = readFileSync(page, "utf8");
  const [before = "", rest = ""] = text.split("<!-- table -->\n");
  const [now = "", after = ""] = rest.split("\n<!-- end of table -->");
  if (process.env["DOCKWRIGHT_WRITE"] === "1") {
    const whole = `${before}<!-- table -->\n${table()}\n<!-- end of table -->${after}`;
    writeFileSync(page, whole);
    return;
  }
  assert.equal(now.split("\n"), table().split("\n"));
});

test("every cluster has the same members", () => {
  const [first = [], ...others] = kinds.map((kind) => Object.keys(clusterSupport[kind]).sort());
  for (const other of others) assert.equal(other, first);
});

test.run();
