// docs/platforms.md has a row for each member of a service's spec, and says what the code says.
// `DOCKWRIGHT_WRITE=1` writes the table into the page.

import { readFileSync, writeFileSync } from "node:fs";
import * as assert from "uvu/assert";
import type { ClusterKind } from "../../components/platform.ts";
import { clusterSupport } from "../../components/platforms/support.ts";
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

function cellOf(kind: ClusterKind, member: string): string {
  const support = Object.entries(clusterSupport[kind]).find(([name]) => name === member)?.[1];
  if (support === undefined) throw new Error(`${kind} has no ${member}`);
  return typeof support === "string" ? support : `no: ${support.instead}`;
}

function table(): string {
  const rows = Object.keys(clusterSupport.ecs).map((member) => {
    const cells = [hosts[member] ?? "as declared", ...kinds.map((kind) => cellOf(kind, member))];
    return `| \`${member}\` | ${cells.join(" | ")} |`;
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
