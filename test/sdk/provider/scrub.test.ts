// No secret in what the provider says, in whatever form it comes up.
import fc from "fast-check";
import * as assert from "uvu/assert";
import { createScrubber } from "../../../sdk/provider/scrub.ts";
import { suite } from "../../support/suite.ts";

const test = suite("provider/scrub");

function scrub(text: string, ...secrets: readonly string[]): string {
  const scrubber = createScrubber();
  scrubber.add(secrets);
  return scrubber.scrub(text);
}

const pem = `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n`;

const cases: readonly [string, string, readonly string[], string][] = [
  ["itself", "password=hunter22 ok", ["hunter22"], "password=[secret] ok"],
  ["every time", "hunter22 hunter22", ["hunter22"], "[secret] [secret]"],
  ["as JSON", String.raw`{"p":"a\"b\\c\nd"}`, ['a"b\\c\nd'], '{"p":"[secret]"}'],
  ["in a URL", "https://u:p%40ss%2Fw@db", ["p@ss/w"], "https://u:[secret]@db"],
  [
    "in base64",
    `Authorization: ${Buffer.from("hunter22").toString("base64")}`,
    ["hunter22"],
    "Authorization: [secret]",
  ],
  ["without the white space around it", "hunter22", ["  hunter22\n"], "[secret]"],
  ["line by line", "key: MIIEvQIBADANBgkq!", [pem], "key: [secret]!"],
  [
    "but not the lines that every key has",
    "-----BEGIN PRIVATE KEY-----",
    [pem],
    "-----BEGIN PRIVATE KEY-----",
  ],
  ["the longest first", "hunter22extra", ["hunter22", "hunter22extra"], "[secret]"],
  ["what is too short to hide is left", "a cat sat", ["cat"], "a cat sat"],
  ["nothing to hide", "text", [], "text"],
];
for (const [name, text, secrets, want] of cases) {
  test(name, () => {
    assert.is(scrub(text, ...secrets), want);
  });
}

test("secrets may be added at any time", () => {
  const scrubber = createScrubber();
  scrubber.add(["first-one"]);
  scrubber.add(["second-one"]);
  assert.is(scrubber.scrub("first-one second-one"), "[secret] [secret]");
});

test("whatever the text, no secret of 4 characters or more remains, in any form", () => {
  const secret = fc
    .string({ minLength: 4, maxLength: 20 })
    .filter((text) => text.trim().length >= 4);
  const around = fc.string({ maxLength: 10 });
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), around, (secrets, filler) => {
      const said = secrets.flatMap((text) => [
        text,
        JSON.stringify(text),
        encodeURIComponent(text),
        Buffer.from(text).toString("base64"),
      ]);
      const left = scrub(said.join(filler), ...secrets).replaceAll("[secret]", "\u{10ffff}");
      for (const text of secrets) {
        assert.not.ok(left.includes(text), JSON.stringify({ text, left }));
        assert.not.ok(left.includes(encodeURIComponent(text)), JSON.stringify({ text, left }));
      }
    }),
  );
});

test.run();
