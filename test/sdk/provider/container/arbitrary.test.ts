// Properties of what people write: read as written, or refused in words.
// DOCKWRIGHT_CASES sets the number of cases (npm run soak: 10,000).
import fc from "fast-check";
import * as assert from "uvu/assert";
import { formatDuration, parseDurationMs } from "../../../../sdk/docker/durations.ts";
import { formatPort, type PublishedPort, parsePortSpec } from "../../../../sdk/docker/ports.ts";
import { formatSize, parseSizeBytes } from "../../../../sdk/docker/sizes.ts";
import { SdkError } from "../../../../sdk/errors.ts";
import { checkFields } from "../../../../sdk/provider/check.ts";
import { observeInputs } from "../../../../sdk/provider/container/observe.ts";
import { type Body, writeOptions } from "../../../../sdk/provider/container/option.ts";
import {
  type ContainerInputs,
  containerInputs,
  containerOptions,
} from "../../../../sdk/provider/container/options.ts";
import { bindingsOf, sameBindings } from "../../../../sdk/provider/container/ports.ts";
import { diffFields } from "../../../../sdk/provider/diff.ts";
import type { Value, ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { inspectOf } from "./inspect.ts";

// With 10,000 cases, some minutes.
const test = suite("provider/container/arbitrary", { timeoutMs: 20 * 60_000 });
const numRuns = Number(process.env["DOCKWRIGHT_CASES"] ?? "500");

const port = fc.integer({ min: 1, max: 65_535 });
const hostIp = fc.oneof(
  fc.constantFrom("127.0.0.1", "0.0.0.0", "::1", "fd00::7", "192.0.2.1"),
  fc.ipV4(),
);
const published: fc.Arbitrary<PublishedPort> = fc
  .record(
    {
      hostIp,
      hostPort: port,
      containerPort: port,
      protocol: fc.constantFrom("tcp" as const, "udp" as const, "sctp" as const),
    },
    { requiredKeys: ["containerPort", "protocol"], noNullPrototype: true },
  )
  .chain((one) =>
    one.hostPort === undefined || one.hostPort === 65_535
      ? fc.constant(one)
      : fc
          .option(fc.integer({ min: one.hostPort + 1, max: 65_535 }), { nil: undefined })
          .map((hostPortEnd) => (hostPortEnd === undefined ? one : { ...one, hostPortEnd })),
  );

test("a port is read as it was written", () => {
  fc.assert(
    fc.property(published, (one) => {
      assert.equal(parsePortSpec(formatPort(one)), [one]);
    }),
    { numRuns },
  );
});

/** Either a value or an error for people; never another one. */
function readsOrRefuses(read: (text: string) => unknown): (text: string) => void {
  return (text) => {
    try {
      read(text);
    } catch (error) {
      assert.instance(error, SdkError);
    }
  };
}

const texts = fc.oneof(
  fc.string(),
  fc.stringMatching(/^[0-9:.\-/a-z[\]]{0,24}$/),
  fc.stringMatching(/^[0-9.]{1,6}[a-z]{0,3}$/),
);
for (const [name, read] of [
  ["port", parsePortSpec],
  ["size", parseSizeBytes],
  ["duration", parseDurationMs],
] as const) {
  test(`any text is a ${name}, or is refused in words`, () => {
    fc.assert(fc.property(texts, readsOrRefuses(read)), { numRuns });
  });
}

test("sizes and durations are read as they were written", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), (number) => {
      assert.is(parseSizeBytes(formatSize(number)), number);
      assert.is(parseDurationMs(formatDuration(number)), number);
    }),
    { numRuns },
  );
});

test("ports mean the same in any order, and in either form", () => {
  const lists = fc.array(published, { maxLength: 5 });
  fc.assert(
    fc.property(lists, (list) => {
      const long = bindingsOf({ ports: list as unknown as Value });
      const short = bindingsOf({ publish: list.map(formatPort) });
      assert.ok(sameBindings(long, short));
      assert.ok(sameBindings(long, [...short].reverse()));
    }),
    { numRuns },
  );
});

const text = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const path = fc.array(text, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
const some = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const mount = fc
  .oneof(
    fc.record({
      type: some(fc.constant("volume")),
      source: text,
      target: path,
      readOnly: some(fc.boolean()),
      volumeOptions: some(
        fc.record({
          noCopy: some(fc.constant(true)),
          labels: some(fc.dictionary(text, text, { minKeys: 1 })),
          driver: some(text),
        }),
      ),
    }),
    fc.record({
      type: fc.constant("bind"),
      source: path,
      target: path,
      bindOptions: some(fc.record({ propagation: some(fc.constantFrom("rslave", "shared")) })),
    }),
    fc.record({
      type: fc.constant("tmpfs"),
      target: path,
      tmpfsOptions: some(
        fc.record({
          sizeBytes: some(fc.integer({ min: 1 })),
          mode: some(fc.integer({ min: 1, max: 0o7777 })),
        }),
      ),
    }),
  )
  .map((one) => JSON.parse(JSON.stringify(one)) as ValueMap);

/** The places that a refresh of exactly what was made, and then the same program, would show. */
function drift(declared: ValueMap, known: ValueMap | undefined): readonly string[] {
  const body: Body = { HostConfig: {} };
  writeOptions(containerOptions, body, declared);
  const seen = observeInputs(inspectOf(body), undefined, known as ContainerInputs | undefined);
  const { name: _, ...rest } = seen as unknown as { [name: string]: Value };
  return diffFields(containerInputs, rest as ValueMap, declared).map(({ property }) => property);
}

test("mounts of any kind are read back as they were declared, and by an import", () => {
  const lists = fc.uniqueArray(mount, { maxLength: 4, selector: (one) => one["target"] });
  fc.assert(
    fc.property(lists, (mounts) => {
      const declared = { image: "x", mounts };
      fc.pre(checkFields(containerInputs, declared).length === 0);
      assert.equal(drift(declared, declared), []);
      assert.equal(drift(declared, undefined), []);
    }),
    { numRuns },
  );
});

test.run();
