// What a stack has by its state, what differs from what runs, and which containers a name means.
import * as assert from "uvu/assert";
import { chooseVolume, consistencyOf } from "../../../../sdk/cli/live/backup.ts";
import { chooseOne, chooseRows } from "../../../../sdk/cli/live/choose.ts";
import { psExitCode, renderRows } from "../../../../sdk/cli/live/ps.ts";
import { claimOf, healthOf, portsOf, type Row, rowsOf } from "../../../../sdk/cli/live/states.ts";
import type { StackView } from "../../../../sdk/cli/live/view.ts";
import type { ContainerSummary } from "../../../../sdk/docker/types.ts";
import type { ExportedResource } from "../../../../sdk/engine/index.ts";
import { suite } from "../../../support/suite.ts";
import {
  containerResource,
  containerUrn,
  hostResources,
  listed,
  owner,
  reference,
  urnOf,
  viewWith,
} from "./state.ts";

const test = suite("cli/live: states");

const release = (current: number) => ({
  urn: urnOf("dockwright:index:Service$dockwright:index:Release", "shop-release"),
  type: "dockwright:index:Release",
  outputs: {
    service: "shop",
    number: current,
    releases: [3, 2].map((number) => ({
      number,
      at: "2026-01-01T00:00:00.000Z",
      by: "ann",
      hash: "h",
      images: [],
      containers: [{ name: number === 3 ? "shop-1-aaaa" : "shop-1-old" }],
    })),
  },
});

const view = viewWith(...hostResources("web1"), containerResource("shop-1", "web1"), release(3));

function hostOf(one: StackView) {
  const [host] = one.hosts;
  if (host === undefined) throw new Error("the view has no host");
  return host;
}

const rowsWith = (...containers: readonly ContainerSummary[]): readonly Row[] =>
  rowsOf(view, hostOf(view), containers);

const foreign = { Labels: {} };
const drifts: readonly [string, readonly ContainerSummary[], readonly string[]][] = [
  ["as recorded", [listed("shop-1")], []],
  ["gone", [], ["gone"]],
  ["stopped", [listed("shop-1", { State: "exited" })], ["stopped"]],
  ["paused", [listed("shop-1", { State: "paused" })], ["paused"]],
  ["restarting is no stop", [listed("shop-1", { State: "restarting" })], []],
  ["another of its name", [listed("shop-1", { Id: "x", ...foreign })], ["foreign"]],
  ["made anew by somebody of ours", [listed("shop-1", { Id: "x" })], ["replaced"]],
  [
    "another of its name, of another image, that does not run",
    [listed("shop-1", { Id: "x", ImageID: "sha256:two", State: "created", ...foreign })],
    ["foreign", "image", "stopped"],
  ],
  ["the name is another's, the id is ours", [listed("shop-1", { Names: ["/renamed"] })], []],
];
for (const [name, containers, want] of drifts) {
  test(`drift: ${name}`, () => {
    const [row, ...more] = rowsWith(...containers);
    assert.equal(
      row?.drift.map(({ kind }) => kind),
      want,
    );
    assert.is(row?.container, "shop-1-aaaa");
    assert.is(row?.release, 3);
    assert.equal(more, []);
  });
}

test("one that was not to run is no drift where it does not", () => {
  const idle = containerResource("shop-1", "web1", { outputs: { running: false } });
  const other = viewWith(...hostResources("web1"), idle);
  const [row] = rowsOf(other, hostOf(other), [listed("shop-1", { State: "exited" })]);
  assert.equal(row?.drift, []);
});

test("what bears the stack's label and is in no state is told; another's is not seen", () => {
  const labels = (more: Readonly<Record<string, string>>) => ({
    "dockwright.urn": containerUrn("shop-9"),
    "dockwright.owner": owner,
    ...more,
  });
  const left = listed("shop-9", { Labels: labels({}) });
  const run = listed("one", { Labels: labels({ "dockwright.run": "shop" }) });
  const others = [
    listed("o1", { Labels: labels({ "dockwright.owner": "another" }) }),
    listed("o2", { Labels: { "dockwright.urn": "urn:pulumi:qa::site::x::y" } }),
    listed("o3", { Labels: {} }),
  ];
  const rows = rowsWith(listed("shop-1"), left, run, ...others);
  const told = rows.map(({ kind, container, drift }) => [kind, container, drift.length]);
  assert.equal(told, [
    ["run", "one-aaaa", 0],
    ["container", "shop-1-aaaa", 0],
    ["left", "shop-9-aaaa", 1],
  ]);
});

test("of two ways to one daemon, neither takes what is recorded by the other for left over", () => {
  const both = viewWith(
    ...hostResources("web1"),
    ...hostResources("again", { host: "unix:///run/again.sock" }),
    containerResource("shop-1", "web1"),
    containerResource("shop-2", "again"),
  );
  const daemon = [listed("shop-1"), listed("shop-2")];
  const told = both.hosts.map((host) => rowsOf(both, host, daemon).map(({ name }) => name));
  assert.equal(told, [["shop-1"], ["shop-2"]]);
});

test("whose an object is goes by stack, project and word", () => {
  const host = hostOf(view);
  const urn = containerUrn("shop-1");
  const claim = (labels: Readonly<Record<string, string>> | undefined) =>
    claimOf(view, host, labels);
  assert.is(claim({ "dockwright.urn": urn }), "ours");
  assert.is(claim({ "dockwright.urn": urn, "dockwright.owner": "another" }), "other");
  assert.is(claim({ "dockwright.urn": urn.replace("::site::", "::blog::") }), "foreign");
  assert.is(claim(undefined), "foreign");
});

test("hosts: by what made their provider, one a machine, secrets and nested texts read", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(JSON.stringify({ host: "a", privateKey: "hush" })),
  };
  const two = viewWith(
    ...hostResources("web1", { ssh: secret }),
    ...hostResources("web2", { lost: "true" }),
    ...hostResources("web3", { lost: "true" }),
    ...hostResources("unused"),
    ...["web1", "web2", "web3"].map((host, index) => containerResource(`shop-${index}`, host)),
  );
  assert.equal(
    two.hosts.map(({ name, lost }) => [name, lost]),
    [
      ["web1", false],
      ["web2", true],
      ["web3", true],
    ],
  );
  assert.equal(two.hosts[0]?.config["ssh"], { host: "a", privateKey: "hush" });
  assert.is(two.hosts[0]?.owner, owner);
});

test("health and ports are the daemon's words", () => {
  const health = ["Up 2 hours (healthy)", "Up (unhealthy)", "Up 1 s (health: starting)", "Up 3 h"];
  assert.equal(health.map(healthOf), ["healthy", "unhealthy", "starting", undefined]);
  const Ports = [
    { PrivatePort: 443, Type: "tcp" },
    { IP: "::", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
    { IP: "0.0.0.0", PrivatePort: 53, PublicPort: 53, Type: "udp" },
  ];
  assert.equal(portsOf({ Ports }), ["0.0.0.0:53->53/udp", "[::]:8080->80/tcp"]);
});

test("names: a service, a resource, a container, the beginning of an id; each once", () => {
  const rows = rowsWith(listed("shop-1"));
  for (const name of ["shop", "shop-1", "shop-1-aaaa"]) {
    assert.is(chooseRows(rows, [name, "shop"]).length, 1, name);
  }
  assert.throws(() => chooseRows(rows, ["blog"]), /no service and no container is called "blog"/);
});

test("a command runs where it can: running before stopped, healthy before sick, as recorded first", () => {
  const [row] = rowsWith(listed("shop-1"));
  if (row === undefined) throw new Error("no row");
  const gone: Row = { ...row, id: undefined, state: "gone" };
  const stopped: Row = { ...row, id: "a", state: "exited" };
  const sick: Row = { ...row, id: "b", health: "unhealthy" };
  const odd: Row = { ...row, id: "c", drift: [{ kind: "foreign", says: "" }] };
  assert.is(chooseOne([gone, stopped, odd, sick, row], "shop", undefined).id, row.id);
  assert.is(chooseOne([stopped, odd, sick], "shop", undefined).id, "b");
  assert.throws(() => chooseOne([gone], "shop", undefined), /shop-1-aaaa is gone/);
  assert.throws(() => chooseOne([row], "shop", "web9"), /not on a host "web9"/);
});

test("a volume: by either name, on the host that has it, and not one that goes", () => {
  const volume = (name: string, host: string, more: Partial<ExportedResource> = {}) => ({
    urn: urnOf("dockwright:index:Volume", name),
    type: "dockwright:index:Volume",
    id: `${name}-cccc`,
    provider: reference(host),
    ...more,
  });
  const two = viewWith(
    ...hostResources("web1"),
    ...hostResources("web2"),
    volume("data", "web1"),
    volume("data", "web2"),
    volume("logs", "web1"),
    volume("old", "web1", { delete: true }),
  );
  assert.is(chooseVolume(two, "logs", undefined).id, "logs-cccc");
  assert.is(chooseVolume(two, "logs-cccc", "web1").name, "logs");
  assert.is(chooseVolume(two, "data", "web2").host.name, "web2");
  const refused: readonly [string, string | undefined, RegExp][] = [
    ["data", undefined, /"data" is a volume on 2 hosts/],
    ["logs", "web2", /no volume is called "logs" on web2; there are data on web1/],
    ["old", undefined, /no volume is called "old"/],
  ];
  for (const [name, host, words] of refused) {
    assert.throws(() => chooseVolume(two, name, host), words);
  }
  assert.is(consistencyOf(undefined), "pause");
  assert.throws(() => consistencyOf("freeze"), /--consistency is "freeze"/);
});

test("exit codes: a silent host before a difference, and that only when asked for", () => {
  const drifted = rowsWith();
  const well = [{ name: "web1", trouble: undefined }];
  assert.is(psExitCode(well, drifted, false), 0);
  assert.is(psExitCode(well, drifted, true), 2);
  assert.is(psExitCode(well, rowsWith(listed("shop-1")), true), 0);
  assert.is(psExitCode([{ name: "web1", trouble: "away" }], drifted, true), 3);
});

test("the table has a row a container, with its drift", () => {
  const text = renderRows(rowsWith());
  assert.match(text, /shop +│ web1 +│ shop-1-aaaa +│ gone/);
  assert.match(text, 'gone: no container "shop-1-aaaa" is there');
});

test.run();
