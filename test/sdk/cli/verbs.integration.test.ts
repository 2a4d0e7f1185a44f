// Every verb of the command, in a pipe and in a real terminal, over one small stack: the same exit code, what
// it has to say, and in a pipe no colour. And every --json has a schema in the docs.
import * as path from "node:path";
import * as assert from "uvu/assert";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { schemas } from "../../support/clischema.ts";
import { dockwrightIn } from "../../support/command.ts";
import { missingDaemon } from "../../support/owned.ts";
import { makeSite, type Site, succeeded } from "../../support/site.ts";
import { suite } from "../../support/suite.ts";
import { inTerminal, missingTerminal } from "../../support/terminal.ts";

const missing = missingDaemon() ?? missingTerminal();
const test = suite("cli/verbs", { timeoutMs: 180_000, long: true, missing });
const main = path.join(packageRoot(), "sdk", "cli", "main.ts");

const program = `
import { LocalDaemon, Volume } from "dockwright";
new Volume("data", { daemon: new LocalDaemon("local"), delete: true });
`;

let site: Site;

test.before(async () => {
  site = await makeSite({ topic: "verbs", files: { "index.ts": program } });
  succeeded(await (await site.stack("dev")).up());
});
test.after(() => site.close());

interface Run {
  readonly args: readonly string[];
  readonly code: number;
  readonly says: RegExp;
}

const stack = ["--stack", "dev"];
/** How each verb is called here; what it does is shown elsewhere. */
const runs: Readonly<Record<string, Run>> = {
  new: { args: [], code: 0, says: /wordpress/ },
  setup: { args: [], code: 0, says: /engine: pulumi v3/ },
  doctor: { args: [], code: 0, says: /engine/ },
  pulumi: { args: ["version"], code: 0, says: /v3\./ },
  recover: { args: stack, code: 0, says: /no lock/ },
  releases: { args: stack, code: 0, says: /no service of the stack dev has a release yet/ },
  rollback: { args: ["1", ...stack], code: 1, says: /release/ },
  deploy: { args: ["--image", "shop=none", "--yes", ...stack], code: 2, says: /digest/ },
  env: { args: ["nosuch", ...stack], code: 1, says: /daemon/ },
  audit: { args: ["no such host"], code: 1, says: /no such host/ },
  import: { args: ["compose"], code: 1, says: /there is no Compose file/ },
  config: { args: ["check"], code: 1, says: /config/ },
  ps: { args: stack, code: 0, says: /the stack dev has no container/ },
  logs: { args: stack, code: 0, says: /^\s*$/ },
  events: { args: ["--since", "0s", "--until", "0s", ...stack], code: 0, says: /^/ },
  exec: { args: [...stack, "shop", "--", "true"], code: 1, says: /no container is called "shop"/ },
  run: { args: [...stack, "shop", "--", "true"], code: 1, says: /no service is called "shop"/ },
  prune: { args: ["--yes", ...stack], code: 0, says: /nothing/ },
  backup: { args: ["data", "data.tar", ...stack], code: 0, says: /data\.tar/ },
  restore: { args: ["data", "data.tar", ...stack], code: 1, says: /overwrites nothing/ },
};

/** What `--help` lists. */
async function verbs(): Promise<readonly string[]> {
  const { stdout } = await dockwrightIn(site.dir, "--help");
  const [, commands = ""] = stdout.split("Commands:");
  return [...commands.matchAll(/^ {2}([a-z]+)/gm)]
    .map(([, verb = ""]) => verb)
    .filter((verb) => verb !== "help");
}

test("every verb of the command has a row here", async () => {
  assert.equal([...(await verbs())].sort(), Object.keys(runs).sort());
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: this is what colour is made of
const colour = /\u001b\[[\d;]*m/g;

for (const [verb, { args, code, says }] of Object.entries(runs)) {
  test(`${verb}: in a pipe without colour, in a terminal with the same exit code`, async () => {
    const env = { ...process.env, ...site.env, NO_COLOR: "", TERM: "xterm" };
    const piped = await dockwrightIn({ cwd: site.dir, env }, verb, ...args);
    const all = piped.stdout + piped.stderr;
    assert.is(piped.code, code, all);
    assert.match(all, says);
    assert.not.match(all, colour);
    const command = [process.execPath, main, verb, ...args];
    const screen = await inTerminal(command, { cwd: site.dir, env });
    assert.is(screen.code, code, screen.text);
    assert.match(screen.text.replace(colour, "").replaceAll("\r\n", "\n"), says);
  });
}

test("every --json has a schema", async () => {
  const asked = await Promise.all(
    [...(await verbs()), "import compose", "config check"].map(async (verb) => {
      const { stdout } = await dockwrightIn(site.dir, ...verb.split(" "), "--help");
      return stdout.includes("--json") ? [verb.replace(" ", "-")] : [];
    }),
  );
  assert.equal(asked.flat().sort(), [...schemas].sort());
});

test.run();
