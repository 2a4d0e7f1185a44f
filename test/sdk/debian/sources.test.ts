import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import {
  parseDeb822,
  parseOneLine,
  planSources,
  readMachineSources,
} from "../../../sdk/debian/sources.ts";
import { suite } from "../../support/suite.ts";

const oneLine = suite("parseOneLine");
const lines: readonly [name: string, text: string, want: unknown][] = [
  [
    "a plain line",
    "deb http://m/debian bookworm main contrib",
    [
      {
        uris: ["http://m/debian"],
        suites: ["bookworm"],
        components: ["main", "contrib"],
        options: {},
      },
    ],
  ],
  [
    "options",
    "deb [signed-by=/k.gpg arch=amd64] http://m bookworm main",
    [
      {
        uris: ["http://m"],
        suites: ["bookworm"],
        components: ["main"],
        options: { "signed-by": "/k.gpg", arch: "amd64" },
      },
    ],
  ],
  [
    "a comment at the end",
    "deb http://m bookworm main # mine",
    [{ uris: ["http://m"], suites: ["bookworm"], components: ["main"], options: {} }],
  ],
  [
    "no comment lines, sources, or empty lines",
    "# deb http://m a b\n\ndeb-src http://m bookworm main\n",
    [],
  ],
];
for (const [name, text, want] of lines)
  oneLine(`reads ${name}`, () => assert.equal(parseOneLine(text), want));
oneLine.run();

const deb822 = suite("parseDeb822");
const stanzas: readonly [name: string, text: string, want: unknown][] = [
  [
    "a stanza",
    "Types: deb\nURIs: http://m/debian\nSuites: a b\nComponents: main\nSigned-By: /k.gpg\n",
    [
      {
        uris: ["http://m/debian"],
        suites: ["a", "b"],
        components: ["main"],
        options: { "signed-by": "/k.gpg" },
      },
    ],
  ],
  [
    "two stanzas and comments",
    "# one\nTypes: deb\n# in between\nURIs: http://a\nSuites: s\nComponents: main\n\n\nTypes: deb deb-src\nURIs: http://b\nSuites: t\nComponents: main\n",
    [
      { uris: ["http://a"], suites: ["s"], components: ["main"], options: {} },
      { uris: ["http://b"], suites: ["t"], components: ["main"], options: {} },
    ],
  ],
  [
    "field names in any case",
    "types: deb\nuris: http://a\nSUITES: s\ncomponents: main",
    [{ uris: ["http://a"], suites: ["s"], components: ["main"], options: {} }],
  ],
  [
    "continued lines",
    "Types: deb\nURIs: http://a\n http://b\nSuites: s\nComponents: main\nSigned-By:\n -----BEGIN\n .\n abc\n",
    [
      {
        uris: ["http://a", "http://b"],
        suites: ["s"],
        components: ["main"],
        options: { "signed-by": "\n -----BEGIN\n .\n abc" },
      },
    ],
  ],
  [
    "nothing that is switched off",
    "Enabled: no\nTypes: deb\nURIs: http://a\nSuites: s\nComponents: main",
    [],
  ],
  ["nothing of source packages", "Types: deb-src\nURIs: http://a\nSuites: s\nComponents: main", []],
];
for (const [name, text, want] of stanzas)
  deb822(`reads ${name}`, () => assert.equal(parseDeb822(text), want));
deb822.run();

const plan = suite("planSources");
const source = (uri: string, ...suites: string[]) => ({
  uris: [uri],
  suites,
  components: ["main"],
  options: { "signed-by": "/k" },
});
const machine = [
  source("http://m/debian", "bookworm", "bookworm-updates", "bookworm-backports"),
  source("http://m/security", "bookworm-security"),
  source("http://other", "nodistro"),
];

plan("the machine's own sources of the suite, and nothing of others", () => {
  const text = planSources({ packages: [] }, machine);
  assert.equal(parseDeb822(text), [
    source("http://m/debian", "bookworm", "bookworm-updates"),
    source("http://m/security", "bookworm-security"),
  ]);
});
plan("another release comes from the mirrors of the machine's own", () => {
  const suites = parseDeb822(planSources({ packages: [], suite: "trixie" }, machine)).map(
    ({ suites }) => suites,
  );
  assert.equal(suites, [["trixie", "trixie-updates"], ["trixie-security"]]);
});
plan("a machine of another distribution has to be told a mirror", () => {
  const ubuntu = [source("http://ubuntu", "noble", "noble-security")];
  assert.throws(() => planSources({ packages: [] }, ubuntu), /no source of Debian's "bookworm"/);
});
plan("a mirror that is given is the only one, for the suite alone", () => {
  const found = parseDeb822(
    planSources(
      { packages: [], mirror: "http://snap/1", components: ["main", "contrib"] },
      machine,
    ),
  );
  assert.equal(found, [
    { uris: ["http://snap/1"], suites: ["bookworm"], components: ["main", "contrib"], options: {} },
  ]);
});
plan("components that are given replace the machine's", () => {
  const found = parseDeb822(planSources({ packages: [], components: ["contrib"] }, machine));
  assert.ok(found.every(({ components }) => components.join() === "contrib"));
});
plan("keys of several lines survive", () => {
  const armoured = {
    ...source("http://m", "bookworm"),
    options: { "signed-by": "\n -----BEGIN\n .\n abc" },
  };
  assert.equal(parseDeb822(planSources({ packages: [] }, [armoured])), [armoured]);
});
plan.run();

const read = suite("readMachineSources");
read("reads sources.list and both kinds of parts, and no other file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dw-sources-"));
  try {
    await mkdir(join(folder, "sources.list.d"));
    await writeFile(join(folder, "sources.list"), "deb http://a bookworm main\n");
    await writeFile(join(folder, "sources.list.d", "b.list"), "deb http://b bookworm main\n");
    await writeFile(
      join(folder, "sources.list.d", "c.sources"),
      "Types: deb\nURIs: http://c\nSuites: bookworm\nComponents: main\n",
    );
    await writeFile(join(folder, "sources.list.d", "d.list.save"), "deb http://d bookworm main\n");
    const found = await readMachineSources(folder);
    assert.equal(
      found.flatMap(({ uris }) => uris),
      ["http://a", "http://b", "http://c"],
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
read("a machine without apt has none", async () => {
  assert.equal(await readMachineSources("/nonexistent"), []);
});
read.run();
