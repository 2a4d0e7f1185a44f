// All that is missing is said at once; what is there, or can be had, is not.
import * as assert from "uvu/assert";
import { type Facts, findTroubles, troubleWords } from "../../../sdk/bootstrap/preflight.mjs";
import { suite } from "../../support/suite.ts";

const test = suite("bootstrap/preflight");

/** A fresh Debian machine, as root, with Node, npm and Go. */
const fresh: Facts = {
  node: "20.19.2",
  platform: "linux",
  root: true,
  engine: false,
  go: true,
  downloads: false,
  daemon: "absent",
  dockerd: false,
  apt: true,
  mmdebstrap: false,
  npm: true,
};

const cases: readonly (readonly [string, Partial<Facts>, readonly RegExp[]])[] = [
  ["a fresh machine with Go lacks nothing", {}, []],
  ["downloads do instead of Go", { go: false, downloads: true }, []],
  ["a CLI does instead of both", { go: false, engine: true }, []],
  ["no way to an engine", { go: false }, [/no Pulumi CLI/]],
  ["not root, nothing installed", { root: false }, [/Docker is not installed/, /mmdebstrap/]],
  [
    "not root, daemon not started",
    { root: false, dockerd: true, mmdebstrap: true },
    [/only root may start/],
  ],
  ["not root, all is there", { root: false, daemon: "answers", mmdebstrap: true }, []],
  [
    "the socket is not for this user",
    { root: false, daemon: "denied", mmdebstrap: true },
    [/may not use its socket/],
  ],
  ["no apt", { apt: false }, [/no apt-get to install it with/, /mmdebstrap.*no apt-get/]],
  ["no apt, but all is there", { apt: false, daemon: "answers", mmdebstrap: true }, []],
  ["Node too old", { node: "20.18.0" }, [/Node 20\.18\.0/]],
  ["a newer Node", { node: "24.0.0" }, []],
  [
    "everything at once",
    { node: "18.0.0", npm: false, go: false, root: false, apt: false },
    [/Node/, /npm/, /Pulumi CLI/, /Docker/, /mmdebstrap/],
  ],
];
for (const [name, facts, want] of cases) {
  test(name, () => {
    const troubles = findTroubles({ ...fresh, ...facts }, "test");
    assert.is(troubles.length, want.length, JSON.stringify(troubles));
    for (const [index, pattern] of want.entries()) {
      assert.match(troubles[index]?.sentence ?? "", pattern);
      assert.ok(troubles[index]?.fix);
    }
  });
}

test("the fix for a user who is not root is the command that he typed", () => {
  const [first] = findTroubles({ ...fresh, root: false }, "run quickstart");
  assert.is(first?.fix, "sudo npm run quickstart");
});

test("the words say that nothing was changed, and each fix", () => {
  const text = troubleWords([{ sentence: "A is missing", fix: "get A" }]);
  assert.match(text, "Nothing was changed");
  assert.match(text, "- A is missing.\n  fix: get A");
});

test.run();
