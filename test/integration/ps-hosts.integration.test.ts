// `dockwright ps` and `logs` over four hosts with daemons of their own, reached over SSH, by the command as it
// is published: every container with release, host, ports and drift, also where a host is away.
import * as assert from "uvu/assert";
import { missingForLab } from "../lab/hosts.ts";
import { asPrinted } from "../support/clischema.ts";
import { builtDockwright } from "../support/command.ts";
import { type Listing, listingOf } from "../support/listing.ts";
import { succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { makePoolLab, type PoolLab, sure } from "./pool/lab.ts";

const test = suite("integration/ps-hosts", {
  long: true,
  timeoutMs: 300_000,
  missing: missingForLab(),
});
const log = (line: string) => process.stdout.write(`${line}\n`);
const count = 4;
let pool: PoolLab;

const listing = (...more: readonly string[]) => listingOf(pool.site, ...more);

const daemons = () => pool.hosts.map(({ name }) => `${name}-docker`);
const ofService = ({ containers }: Listing) =>
  containers
    .filter(({ service }) => service === "shop")
    .toSorted((a, b) => a.host.localeCompare(b.host));

test.before(async () => {
  pool = await makePoolLab(count, "ps-hosts", { log });
  succeeded(await pool.project.up());
});
test.after(async () => {
  await pool.close();
});

test("all containers of all hosts, with release and ports, and nothing that differs", async () => {
  const found = await listing("--check");
  assert.is(found.code, 0, found.stderr + JSON.stringify(found.containers));
  assert.equal(found.hosts.map(({ name }) => name).sort(), daemons());
  assert.equal(
    ofService(found).map(({ host, state, release, drift }) => [host, state, release, drift]),
    daemons().map((name) => [name, "running", 1, []]),
  );
  const edges = found.containers.filter(({ service }) => service.startsWith("edge-"));
  const serving = edges.filter(({ ports }) => ports.length > 0);
  assert.equal(serving.map(({ host }) => host).sort(), daemons());
  for (const { ports } of serving) assert.match(ports.join(), /^0\.0\.0\.0:80->\d+\/tcp/);
});

test("logs of all of them, each line with its host", async () => {
  const { code, stdout, stderr } = await builtDockwright(pool.site, "logs", "--json", "-n", "1");
  assert.is(code, 0, stderr);
  const lines = stdout.split("\n").filter((line) => line !== "");
  const hosts = lines.map(
    (line) => asPrinted<{ readonly host: string }>("logs", JSON.parse(line)).host,
  );
  assert.equal([...new Set(hosts)].sort(), daemons());
});

test("what was done behind the program's back on each host, and a host that is away", async () => {
  const [first, second, third, fourth] = pool.hosts;
  if (!first || !second || !third || !fourth) throw new Error("there are four hosts");
  const name = async (host: typeof first) => (await pool.containers(host))[0] ?? "";
  await sure(first, `docker stop -t 0 ${await name(first)}`);
  await sure(second, `docker pause ${await name(second)}`);
  await sure(third, `docker rm -f ${await name(third)}`);
  const found = await listing("--check");
  assert.is(found.code, 2);
  assert.equal(
    ofService(found).map(({ drift }) => drift.map(({ kind }) => kind)),
    [["stopped"], ["paused"], ["gone"], []],
  );
  await fourth.close();
  const away = await listing();
  assert.is(away.code, 3);
  assert.equal(
    away.hosts.flatMap(({ name: host, trouble }) => (trouble === undefined ? [] : [host])),
    [`${fourth.name}-docker`],
  );
  assert.is(ofService(away).length, count - 1);
});

test.run();
