// Logs as lines however their bytes are cut, several sources as one, moments, and what is told of them.
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import * as assert from "uvu/assert";
import { eventOf } from "../../../../sdk/cli/live/events.ts";
import { wantedBy } from "../../../../sdk/cli/live/following.ts";
import { LineReader, type LogLine } from "../../../../sdk/cli/live/lines.ts";
import { lineWriter, queryOf } from "../../../../sdk/cli/live/logs.ts";
import { Merger } from "../../../../sdk/cli/live/merge.ts";
import { parseMomentMs } from "../../../../sdk/cli/live/moment.ts";
import { rowsOf } from "../../../../sdk/cli/live/states.ts";
import { isColoured, painter } from "../../../../sdk/cli/live/stream.ts";
import { LogDemuxer } from "../../../../sdk/docker/logs.ts";
import { suite } from "../../../support/suite.ts";
import { containerResource, containerUrn, hostResources, listed, viewWith } from "./state.ts";

const test = suite("cli/live: streams");

const at = (index: number): string => `2026-01-01T00:00:00.00000000${index}Z`;

function frame(kind: number, text: string | Buffer): Buffer {
  const data = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}

/** The lines of these bytes, cut at these places. */
function linesOf(bytes: Buffer, cuts: readonly number[]): readonly LogLine[] {
  const demuxer = new LogDemuxer();
  const reader = new LineReader();
  const lines: LogLine[] = [];
  let from = 0;
  for (const size of [...cuts, bytes.length]) {
    const part = bytes.subarray(from, from + size);
    for (const chunk of demuxer.push(part)) lines.push(...reader.push(chunk));
    from += size;
  }
  return [...lines, ...reader.end()];
}

test("lines: both streams, long ones joined without the inner time, whatever way they are cut", () => {
  const umlaut = Buffer.from("ü");
  const bytes = Buffer.concat([
    frame(1, `${at(1)} one\n`),
    frame(1, Buffer.concat([Buffer.from(`${at(2)} long `), umlaut.subarray(0, 1)])),
    frame(2, `${at(3)} bad\n`),
    frame(1, Buffer.concat([Buffer.from(`${at(4)} `), umlaut.subarray(1), Buffer.from(" end\n")])),
    frame(1, `${at(5)} \n`),
    frame(2, `${at(7)} two `),
    frame(2, `${at(8)} parts\n`),
    frame(1, `${at(6)} last`),
  ]);
  const want = [
    { time: at(1), stream: "stdout", line: "one" },
    { time: at(3), stream: "stderr", line: "bad" },
    { time: at(2), stream: "stdout", line: "long ü end" },
    { time: at(5), stream: "stdout", line: "" },
    { time: at(7), stream: "stderr", line: "two parts" },
    { time: at(6), stream: "stdout", line: "last" },
  ];
  assert.equal(linesOf(bytes, []), want);
  const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 40 });
  fc.assert(fc.property(cuts, (sizes) => assert.equal(linesOf(bytes, sizes), want)));
});

test("lines of a terminal have no messages, and end by a return", () => {
  const reader = new LineReader();
  const push = (text: string) => reader.push({ stream: "stdout", data: Buffer.from(text) });
  assert.equal(push(`${at(1)} on`), []);
  assert.equal(
    push(`e\r\n${at(2)} two\r\n`).map(({ line }) => line),
    ["one", "two"],
  );
});

async function* timed(times: readonly number[], pauseMs = 0) {
  for (const one of times) {
    if (pauseMs > 0) await sleep(pauseMs);
    yield { time: at(one) };
  }
}

async function collect<T extends { readonly time: string }>(merger: Merger<T>) {
  const seen: number[] = [];
  for await (const { time } of merger) seen.push(Number(time.slice(-2, -1)));
  return seen;
}

const noTrouble = (error: unknown) => assert.unreachable(String(error));

test("merged: in the order of time, however slow a source is", async () => {
  const merger = new Merger({ onTrouble: noTrouble });
  void merger.add(timed([1, 4, 7], 5));
  void merger.add(timed([2, 3, 8]));
  void merger.add(timed([5, 6], 2));
  assert.equal(await collect(merger), [1, 2, 3, 4, 5, 6, 7, 8]);
});

test("merged: a silent source holds nothing up for longer than the window", async () => {
  const merger = new Merger<{ readonly time: string }>({ windowMs: 20, onTrouble: noTrouble });
  let talk = () => {};
  const silent = new Promise<void>((resolve) => {
    talk = resolve;
  });
  void merger.add(
    (async function* () {
      await silent;
      yield* timed([9]);
    })(),
  );
  void merger.add(timed([1, 2]));
  const seen: string[] = [];
  for await (const { time } of merger) {
    seen.push(time);
    if (seen.length === 2) talk();
  }
  assert.equal(seen, [at(1), at(2), at(9)]);
});

test("merged: a source that breaks is told, and the others go on", async () => {
  const told: string[] = [];
  const merger = new Merger<{ readonly time: string }>({ onTrouble: (e) => told.push(String(e)) });
  void merger.add(
    (async function* () {
      yield* timed([1]);
      throw new Error("cut");
    })(),
  );
  void merger.add(timed([2, 3]));
  assert.equal(await collect(merger), [1, 2, 3]);
  assert.equal(told, ["Error: cut"]);
});

test("merged: a slow reader slows the sources", async () => {
  let made = 0;
  const merger = new Merger<{ readonly time: string }>({ onTrouble: noTrouble });
  void merger.add(
    (async function* () {
      for (; made < 5000; made++) yield { time: String(made).padStart(5, "0") };
    })(),
  );
  let read = 0;
  for await (const _ of merger) {
    read += 1;
    if (read > 1) continue;
    // Time enough to make all of them.
    await sleep(20);
    assert.ok(made < 1000, `${made} were made for one that was read`);
  }
  assert.is(read, 5000);
});

const now = Date.parse("2026-01-31T12:00:00Z");
const moments: readonly [string, number | RegExp][] = [
  ["10m", now - 600_000],
  ["1h30m", now - 5_400_000],
  ["0s", now],
  ["2026-01-31T11:00:00Z", now - 3_600_000],
  ["2026-01-31", Date.parse("2026-01-31")],
  ["1769860800", 1_769_860_800_000],
  ["yesterday", /--since is "yesterday"/],
  ["", /--since is ""/],
  ["10", /duration "10"/],
];
for (const [text, want] of moments) {
  test(`moment: ${JSON.stringify(text)}`, () => {
    const parse = () => parseMomentMs("--since", text, now);
    if (typeof want === "number") assert.is(parse(), want);
    else assert.throws(parse, want);
  });
}

test("queries: a number of lines, or all; anything else is refused", () => {
  assert.equal(queryOf({ tail: "5", since: "1s" }, now), { tail: 5, sinceMs: now - 1000 });
  assert.equal(queryOf({ tail: "all" }, now), {});
  assert.throws(() => queryOf({ tail: "-1" }, now), /--tail is "-1"/);
});

test("a line on the screen has host and replica; times and colour only where asked for", () => {
  const named = { service: "shop", name: "shop-1", label: "shop-1" };
  const read = { ...named, host: "web1", container: "c" };
  const entry = { ...read, time: at(1), stream: "stderr" as const, line: "text" };
  const other = { ...read, label: "shop-10" };
  assert.is(lineWriter([read, other], {}, false)(entry), "web1/shop-1  | text\n");
  assert.match(lineWriter([read], { timestamps: true }, false)(entry), `| ${at(1)} text`);
  assert.match(lineWriter([read], {}, true)(entry), "\u001b[36mweb1/shop-1 |\u001b[0m text");
  const line = JSON.parse(lineWriter([read], { json: true }, true)(entry)) as object;
  assert.equal(Object.keys(line), [
    ...["time", "host", "service", "name", "container", "stream", "line"],
  ]);
});

test("colour: in a terminal alone, and not where the person wants none", () => {
  assert.is(isColoured({ isTTY: true }, {}), true);
  assert.is(isColoured({ isTTY: true }, { NO_COLOR: "1" }), false);
  assert.is(isColoured({ isTTY: true }, { TERM: "dumb" }), false);
  assert.is(isColoured({}, {}), false);
  const paint = painter(true);
  assert.is.not(paint("a", "x"), paint("b", "x"));
  assert.is(paint("a", "x"), paint("a", "x"));
});

const view = viewWith(...hostResources("web1"), containerResource("shop-1", "web1"));

test("followed: the same resource, another replica of the service; others only with all", () => {
  const [host] = view.hosts;
  const rows = host === undefined ? [] : rowsOf(view, host, [listed("shop-1")]);
  const wanted = wantedBy(rows, false);
  assert.is(wanted(containerUrn("shop-1"), "new")?.name, "shop-1");
  assert.is(wanted(containerUrn("shop-2"), "new")?.service, "shop");
  assert.is(wanted(containerUrn("shop-two"), "new"), undefined);
  assert.is(wanted("urn:pulumi:dev::site::other::shop-3", "new"), undefined);
  assert.is(wantedBy(rows, true)("urn:pulumi:dev::site::other::blog", "new")?.service, "blog");
});

test("events: what the state or a label names; a command's words are nobody's business", () => {
  const [host] = view.hosts;
  if (host === undefined) throw new Error("no host");
  const names = new Map([["network n1", "front"]]);
  const told = (Type: string, Action: string, Attributes: Readonly<Record<string, string>>) =>
    eventOf(view, host, names, {
      Type,
      Action,
      Actor: { ID: "i1", Attributes },
      time: 0,
      timeNano: 1_500_000,
    });
  const ours = { "dockwright.urn": containerUrn("shop-1"), name: "shop-1-aaaa" };
  const died = told("container", "die", { ...ours, exitCode: "3" });
  assert.equal(
    [died?.exitCode, died?.name, died?.time],
    [3, "shop-1-aaaa", "1970-01-01T00:00:00.001Z"],
  );
  const exec = told("container", "exec_create: mysql -phush", ours);
  assert.is(exec?.action, "exec_create");
  assert.is(told("network", "connect", { name: "n1" })?.resource, "front");
  assert.is(told("network", "connect", { name: "n2" }), undefined);
  assert.is(told("container", "start", { name: "foreign" }), undefined);
});

test.run();
