import fc from "fast-check";
import * as assert from "uvu/assert";
import {
  familiarReference,
  formatReference,
  parseReference,
  withDefaultTag,
} from "../../../sdk/docker/reference.ts";
import { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";

const test = suite("docker: image references");
const hex = "0123456789abcdef".repeat(4);

// [written, complete, short]
for (const [text, complete, short] of [
  ["debian", "docker.io/library/debian", "debian"],
  ["debian:12", "docker.io/library/debian:12", "debian:12"],
  ["library/debian", "docker.io/library/debian", "debian"],
  ["docker.io/debian", "docker.io/library/debian", "debian"],
  ["index.docker.io/debian", "docker.io/library/debian", "debian"],
  ["docker.io/library/library", "docker.io/library/library", "library"],
  ["me/app", "docker.io/me/app", "me/app"],
  ["me/app/deep:1", "docker.io/me/app/deep:1", "me/app/deep:1"],
  ["localhost/app", "localhost/app", "localhost/app"],
  ["localhost:5000/app:1.0", "localhost:5000/app:1.0", "localhost:5000/app:1.0"],
  ["r.example.com/a/b_c/d__e/f-g", "r.example.com/a/b_c/d__e/f-g", "r.example.com/a/b_c/d__e/f-g"],
  ["R.Example.com/app", "R.Example.com/app", "R.Example.com/app"],
  ["HOST/app", "HOST/app", "HOST/app"],
  ["[::1]:5000/app", "[::1]:5000/app", "[::1]:5000/app"],
  ["app:5000/x", "app:5000/x", "app:5000/x"],
  [`debian@sha256:${hex}`, `docker.io/library/debian@sha256:${hex}`, `debian@sha256:${hex}`],
  [`a/b:1@sha256:${hex}`, `docker.io/a/b:1@sha256:${hex}`, `a/b:1@sha256:${hex}`],
  ["debian:_x.Y-1", "docker.io/library/debian:_x.Y-1", "debian:_x.Y-1"],
] as const) {
  test(`${text} is ${complete}`, () => {
    const reference = parseReference(text);
    assert.is(formatReference(reference), complete);
    assert.is(familiarReference(reference), short);
  });
}

for (const [why, text] of [
  ["nothing", ""],
  ["an upper-case path", "Debian"],
  ["an upper-case path on the hub", "docker.io/Debian"],
  ["an upper-case part", "me/App"],
  ["a URL", "https://r.example.com/app"],
  ["white space", "debian :12"],
  ["a slash at the end", "debian/"],
  ["a doubled slash", "a//b"],
  ["an empty tag", "debian:"],
  ["a tag that begins with a dot", "debian:.x"],
  ["a tag of 129 characters", `debian:${"x".repeat(129)}`],
  ["three underscores", "a___b"],
  ["an image id", hex],
  ["a short digest", `debian@sha256:${hex.slice(1)}`],
  ["an upper-case digest", `debian@sha256:${hex.toUpperCase()}`],
  ["a digest of an unknown kind", `debian@md5:${hex}`],
  ["a name of 256 characters", `r.example.com/${"a".repeat(250)}`],
] as const) {
  test(`${why} is refused`, () => {
    assert.throws(
      () => parseReference(text),
      (error: unknown) => error instanceof SdkError && error.code === "BAD_INPUT",
    );
  });
}

test("only where there is neither tag nor digest, the tag is latest", () => {
  assert.is(withDefaultTag(parseReference("a")).tag, "latest");
  assert.is(withDefaultTag(parseReference("a:1")).tag, "1");
  assert.is(withDefaultTag(parseReference(`a@sha256:${hex}`)).tag, undefined);
});

const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,4}){0,2}$/);
const anyReference = fc.record(
  {
    registry: fc.constantFrom("docker.io", "r.example.com", "localhost:5000", "10.0.0.1"),
    path: fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
    tag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
    digest: fc.constant(`sha256:${hex}`),
  },
  { requiredKeys: ["registry", "path"], noNullPrototype: true },
);

test("what is written is read again, in both forms", () => {
  fc.assert(
    fc.property(anyReference, (made) => {
      const onHub = made.registry === "docker.io" && !made.path.includes("/");
      const reference = onHub ? { ...made, path: `library/${made.path}` } : made;
      assert.equal(parseReference(formatReference(reference)), reference);
      assert.equal(parseReference(familiarReference(reference)), reference);
    }),
    { numRuns: 10_000 },
  );
});

test("any text is read or refused with a reason, never a crash", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9:@/._-]*$/)), (text) => {
      try {
        const reference = parseReference(text);
        assert.equal(parseReference(formatReference(reference)), reference);
      } catch (error) {
        if (!(error instanceof SdkError)) throw error;
      }
    }),
    { numRuns: 10_000 },
  );
});
test.run();
