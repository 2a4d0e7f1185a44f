// What is read from Pulumi.yaml, and what a strange one may not break.
import * as assert from "uvu/assert";
import { parseManifest } from "../../../sdk/engine/manifest.ts";
import { suite } from "../../support/suite.ts";

const test = suite("engine/manifest");
const none = {
  directory: "/p",
  name: "",
  backendUrl: undefined,
  configFolder: undefined,
  main: ".",
  nodeArgs: [] as readonly string[],
  pluginPaths: {},
};

const cases = [
  ["a bare runtime", "name: a\nruntime: nodejs", { ...none, name: "a" }],
  ["a backend", "name: a\nbackend: {url: 's3://b'}", { ...none, name: "a", backendUrl: "s3://b" }],
  ["an empty backend", "name: a\nbackend: {url: ''}", { ...none, name: "a" }],
  [
    "plugin paths",
    "plugins:\n  providers:\n    - {name: dockwright, path: ./x}\n    - {name: noPath}\n",
    { ...none, pluginPaths: { dockwright: "./x" } },
  ],
  ["plugins of another shape", "plugins: [1]\nname: 3", none],
  [
    "the program and node's arguments",
    "main: src/index.ts\nruntime: {name: nodejs, options: {nodeargs: --import tsx}}",
    { ...none, main: "src/index.ts", nodeArgs: ["--import", "tsx"] },
  ],
  ["an empty file", "", none],
  ["JSON", '{"name":"j"}', { ...none, name: "j" }],
] as const;
for (const [name, text, want] of cases) {
  test(`reads ${name}`, () => assert.equal(parseManifest(text, "/p"), want));
}

test.run();
