// Sizes, durations and ports: Docker's short forms.
import fc from "fast-check";
import * as assert from "uvu/assert";
import { formatDuration, nanosecondsOf, parseDurationMs } from "../../../sdk/docker/durations.ts";
import { formatPort, parsePortSpec, portBindingsOf } from "../../../sdk/docker/ports.ts";
import { formatSize, parseSizeBytes } from "../../../sdk/docker/sizes.ts";
import { SdkError } from "../../../sdk/errors.ts";
import { cases } from "../../support/cases.ts";
import { suite } from "../../support/suite.ts";

const test = suite("docker: sizes, durations, ports");
const refused = (error: unknown) =>
  error instanceof SdkError && error.code === "BAD_INPUT" && error.fix !== undefined;

function noCrash(parse: (text: string) => unknown, letters: RegExp): void {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(letters)), (text) => {
      try {
        parse(text);
      } catch (error) {
        if (!refused(error)) throw error;
      }
    }),
    cases(5000),
  );
}

for (const [text, bytes] of [
  ["0", 0],
  ["1", 1],
  ["32b", 32],
  ["32B", 32],
  ["1k", 1024],
  ["1kb", 1024],
  ["1KiB", 1024],
  ["512m", 512 * 2 ** 20],
  ["1.5g", 1.5 * 2 ** 30],
  ["1 GB", 2 ** 30],
  ["2t", 2 * 2 ** 40],
  ["1p", 2 ** 50],
  ["0.3k", 307],
] as const) {
  test(`the size ${text} is ${bytes} bytes`, () => assert.is(parseSizeBytes(text), bytes));
}
for (const text of [
  "",
  "m",
  "-1",
  "1x",
  "1mm",
  "1..5g",
  ".5g",
  "1  g",
  "1e3",
  "9000p",
  "1ib",
  "٣m",
]) {
  test(`the size ${JSON.stringify(text)} is refused`, () =>
    assert.throws(() => parseSizeBytes(text), refused));
}
test("a formatted size is read as the same", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (bytes) => assert.is(parseSizeBytes(formatSize(bytes)), bytes)),
    cases(),
  );
  assert.is(formatSize(512 * 2 ** 20), "512m");
});
test("no size crashes", () => noCrash(parseSizeBytes, /^[0-9.]{0,5} ?[kmgtpib]{0,3}$/));

for (const [text, ms] of [
  ["0", 0],
  ["0s", 0],
  ["1m30s", 90_000],
  ["250ms", 250],
  ["1h", 3_600_000],
  ["1.5s", 1500],
  [".5s", 500],
  ["1.s", 1000],
  ["+2s", 2000],
  ["10us", 0.01],
  ["10µs", 0.01],
  ["10μs", 0.01],
  ["1ns", 0.000001],
  ["1h1m1s1ms", 3_661_001],
  ["2s1m", 62_000],
] as const) {
  test(`the duration ${text} is ${ms} ms`, () => assert.is(parseDurationMs(text), ms));
}
for (const text of [
  "",
  "1",
  "s",
  "-1s",
  "1d",
  "1m 30s",
  "1m30",
  ".s",
  "1e3s",
  "1..5s",
  "99999999999999h",
]) {
  test(`the duration ${JSON.stringify(text)} is refused`, () =>
    assert.throws(() => parseDurationMs(text), refused));
}
test("a formatted duration is read as the same", () => {
  fc.assert(
    fc.property(fc.nat(), (ms) => assert.is(parseDurationMs(formatDuration(ms)), ms)),
    cases(),
  );
  assert.is(formatDuration(90_000), "1m30s");
  assert.is(nanosecondsOf(parseDurationMs("1.5s")), 1_500_000_000);
});
test("no duration crashes", () => noCrash(parseDurationMs, /^[+-]?(?:[0-9.]{0,4}[hmsnu]{0,2})*$/));

for (const [text, want] of [
  ["80", [{ containerPort: 80, protocol: "tcp" }]],
  ["8080:80", [{ hostPort: 8080, containerPort: 80, protocol: "tcp" }]],
  ["53:53/udp", [{ hostPort: 53, containerPort: 53, protocol: "udp" }]],
  ["80/TCP", [{ containerPort: 80, protocol: "tcp" }]],
  [
    "127.0.0.1:8080:80",
    [{ hostIp: "127.0.0.1", hostPort: 8080, containerPort: 80, protocol: "tcp" }],
  ],
  ["127.0.0.1::80", [{ hostIp: "127.0.0.1", containerPort: 80, protocol: "tcp" }]],
  ["[::1]:8080:80", [{ hostIp: "::1", hostPort: 8080, containerPort: 80, protocol: "tcp" }]],
  ["::1:8080:80", [{ hostIp: "::1", hostPort: 8080, containerPort: 80, protocol: "tcp" }]],
  [
    "8000-8001:80-81",
    [
      { hostPort: 8000, containerPort: 80, protocol: "tcp" },
      { hostPort: 8001, containerPort: 81, protocol: "tcp" },
    ],
  ],
  [
    "7000-7001/sctp",
    [
      { containerPort: 7000, protocol: "sctp" },
      { containerPort: 7001, protocol: "sctp" },
    ],
  ],
] as const) {
  test(`the port ${text} is read`, () => assert.equal(parsePortSpec(text), want));
}
for (const text of [
  "",
  "80:web",
  "0",
  "65536",
  "80:",
  "80/tcp/udp",
  "80/icmp",
  "1.2.3:80:80",
  "host:80:80",
  "81-80",
  "8000-8002:80-81",
  "80-",
  "[1.2.3.4]:80:80",
  "[::1]:1:80:80",
  "-80",
]) {
  test(`the port ${JSON.stringify(text)} is refused`, () =>
    assert.throws(() => parsePortSpec(text), refused));
}
test("a formatted port is read as the same", () => {
  const port = fc.integer({ min: 1, max: 65535 });
  const made = fc.record(
    {
      hostIp: fc.oneof(fc.ipV4(), fc.ipV6()),
      hostPort: port,
      containerPort: port,
      protocol: fc.constantFrom("tcp", "udp", "sctp"),
    },
    { requiredKeys: ["containerPort", "protocol"], noNullPrototype: true },
  );
  fc.assert(
    fc.property(made, (one) => assert.equal(parsePortSpec(formatPort(one)), [one])),
    cases(),
  );
});
test("no port crashes", () => noCrash(parsePortSpec, /^[0-9:.[\]/a-z-]{0,20}$/));
test("ports become bindings, several of one container port too", () => {
  const ports = ["8080:80", "127.0.0.1:81:80", "53/udp"].flatMap(parsePortSpec);
  assert.equal(portBindingsOf(ports), {
    "80/tcp": [
      { HostIp: "", HostPort: "8080" },
      { HostIp: "127.0.0.1", HostPort: "81" },
    ],
    "53/udp": [{ HostIp: "", HostPort: "" }],
  });
});
test.run();
