import fc from "fast-check";
import * as assert from "uvu/assert";
import { checkDebianSpec, type DebianImageSpec, debianKey } from "../../../sdk/debian/spec.ts";
import { suite } from "../../support/suite.ts";

const check = suite("checkDebianSpec");

const refused: readonly [name: string, spec: Partial<DebianImageSpec>, property: string][] = [
  ["a package with a space", { packages: ["nginx", "a b"] }, "packages[1]"],
  ["a package that is an option", { packages: ["--purge"] }, "packages[0]"],
  ["a package that is a path", { packages: ["./x.deb"] }, "packages[0]"],
  ["a package marked for removal", { packages: ["nginx-"] }, "packages[0]"],
  ["a suite with a slash", { suite: "bookworm/x" }, "suite"],
  ["a component with a space", { components: ["main contrib"] }, "components[0]"],
  ["a mirror that is no URL", { mirror: "[trusted=yes] http://a" }, "mirror"],
  ["a relative file", { extraFiles: { "etc/a": { content: "" } } }, 'extraFiles["etc/a"]'],
  ["a file that climbs", { extraFiles: { "/a/../b": { content: "" } } }, 'extraFiles["/a/../b"]'],
  [
    "a mode out of range",
    { extraFiles: { "/a": { content: "", mode: 0o10000 } } },
    'extraFiles["/a"].mode',
  ],
  ["an environment name with =", { env: { "A=B": "" } }, 'env["A=B"]'],
  ["an environment value with NUL", { env: { A: "\0" } }, 'env["A"]'],
  ["a user with a space", { user: "a b" }, "user"],
  ["a relative working folder", { workingDir: "srv" }, "workingDir"],
  ["port 0", { exposedPorts: ["0"] }, "exposedPorts[0]"],
  ["port 65536", { exposedPorts: ["80", "65536"] }, "exposedPorts[1]"],
  ["a port with a host port", { exposedPorts: ["80:80"] }, "exposedPorts[0]"],
  ["an unknown signal form", { stopSignal: "term" }, "stopSignal"],
  ["an empty command", { setup: [" "] }, "setup[0]"],
];
for (const [name, spec, property] of refused) {
  check(`refuses ${name}`, () => {
    const found = checkDebianSpec({ packages: [], ...spec }).map((failure) => failure.property);
    assert.equal(found, [property]);
  });
}

check("takes all that our own images use", () => {
  const spec: DebianImageSpec = {
    packages: ["libc6:amd64", "nginx=1.22.1-9+deb12u1", "g++", "python3.11"],
    suite: "trixie",
    components: ["main", "non-free-firmware"],
    mirror: "http://mirror.example.com/debian",
    arch: "arm64",
    extraFiles: { "/etc/a b/.conf": { content: "x", mode: 0o4755 } },
    env: { A_1: "x=y\nz" },
    entrypoint: ["/a"],
    cmd: [],
    user: "65532:65532",
    workingDir: "/",
    exposedPorts: ["80", "53/udp"],
    stopSignal: "SIGRTMIN",
    labels: { a: "" },
    slim: false,
    setup: ["true"],
  };
  assert.equal(checkDebianSpec(spec), []);
});

check("tells all failures at once", () => {
  const spec = { packages: ["A"], suite: "B", user: "", exposedPorts: ["x"] };
  const found = checkDebianSpec(spec).map((failure) => failure.property);
  assert.equal(found, ["packages[0]", "suite", "user", "exposedPorts[0]"]);
});
check.run();

const key = suite("debianKey");
const base: DebianImageSpec = {
  packages: ["nginx", "perl-base"],
  env: { A: "1", B: "2" },
  labels: { a: "1", b: "2" },
  setup: ["one", "two"],
  extraFiles: { "/a": { content: "a" }, "/b": { content: "b" } },
};

key("is a hex SHA-256", () => assert.match(debianKey(base), /^[0-9a-f]{64}$/));

const same: readonly [name: string, spec: Partial<DebianImageSpec>][] = [
  ["packages in another order", { packages: ["perl-base", "nginx"] }],
  ["a package named twice", { packages: ["nginx", "perl-base", "nginx"] }],
  ["the default suite in words", { suite: "bookworm" }],
  ["slim in words", { slim: true }],
  ["environment in another order", { env: { B: "2", A: "1" } }],
  [
    "a default file mode in words",
    { extraFiles: { "/b": { content: "b", mode: 0o644 }, "/a": { content: "a" } } },
  ],
];
for (const [name, spec] of same)
  key(`stays: ${name}`, () => assert.is(debianKey({ ...base, ...spec }), debianKey(base)));

const other: readonly [name: string, spec: Partial<DebianImageSpec>][] = [
  ["packages", { packages: ["nginx"] }],
  ["suite", { suite: "trixie" }],
  ["components", { components: ["main"] }],
  ["mirror", { mirror: "http://a" }],
  ["arch", { arch: "arm64" }],
  ["a file's content", { extraFiles: { "/a": { content: "A" }, "/b": { content: "b" } } }],
  [
    "a file's mode",
    { extraFiles: { "/a": { content: "a", mode: 0o755 }, "/b": { content: "b" } } },
  ],
  ["env", { env: { A: "1", B: "3" } }],
  ["entrypoint", { entrypoint: ["x"] }],
  ["cmd", { cmd: ["x"] }],
  ["user", { user: "x" }],
  ["workingDir", { workingDir: "/x" }],
  ["exposedPorts", { exposedPorts: ["1"] }],
  ["stopSignal", { stopSignal: "SIGINT" }],
  ["labels", { labels: { a: "1", b: "3" } }],
  ["slim", { slim: false }],
  ["the order of setup", { setup: ["two", "one"] }],
];
for (const [name, spec] of other)
  key(`changes with ${name}`, () =>
    assert.is.not(debianKey({ ...base, ...spec }), debianKey(base)),
  );

key("entrypoint and cmd are not mistaken for each other", () => {
  const [entrypoint, cmd] = [
    debianKey({ ...base, entrypoint: ["x"] }),
    debianKey({ ...base, cmd: ["x"] }),
  ];
  assert.is.not(entrypoint, cmd);
});

key("any order of any packages gives one key", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9+.-]{1,8}$/), { maxLength: 8 });
  fc.assert(
    fc.property(names, fc.infiniteStream(fc.nat()), (packages, order) => {
      const shuffled = packages
        .map((name) => [order.next().value as number, name] as const)
        .sort(([a], [b]) => a - b)
        .map(([, name]) => name);
      assert.is(debianKey({ packages: shuffled }), debianKey({ packages }));
    }),
  );
});
key.run();
