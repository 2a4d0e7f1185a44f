import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { SdkError } from "../../../sdk/errors.ts";
import { openAgent } from "../../../sdk/haproxy/agent.ts";
import { masterSocket, ownFolder, proxyPaths } from "../../../sdk/haproxy/paths.ts";
import type { Agent, AgentChannel } from "../../../sdk/haproxy/types.ts";
import { freePort } from "../../support/ports.ts";
import { suite } from "../../support/suite.ts";
import { localChannel } from "./lab.ts";

const test = suite("agent", { timeoutMs: 20_000 });
const folder = mkdtempSync(`${tmpdir()}/dwtest-agent-`);
const paths = proxyPaths({ dataFolder: `${folder}/data`, runtimeFolder: folder });
const agents: Agent[] = [];

async function start(open = localChannel): Promise<Agent> {
  const agent = await openAgent(open, paths);
  agents.push(agent);
  return agent;
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof SdkError ? error.code : String(error)),
  );

test.after(async () => {
  for (const agent of agents) await agent.close();
  rmSync(folder, { recursive: true, force: true });
});

test("writes what it reads, byte for byte, and leaves no temporary file", async () => {
  const agent = await start();
  const text = "a\n\"b\" 'c' $d \\e\0 ü €\n".repeat(20_000);
  await agent.writeFile(`${folder}/deep/er/file`, text);
  assert.is(await agent.readFile(`${folder}/deep/er/file`), text);
  assert.equal(readdirSync(`${folder}/deep/er`), ["file"]);
});

test("a file that is not there is a value, and deleting it is done", async () => {
  const agent = await start();
  assert.is(await agent.readFile(`${folder}/nothing`), undefined);
  await agent.deleteFile(`${folder}/nothing`);
  await agent.writeFile(`${folder}/empty`, "");
  assert.is(await agent.readFile(`${folder}/empty`), "");
});

test("a folder comes in one answer, by name, hidden files left out", async () => {
  const agent = await start();
  for (const name of ["b.cfg", "a.cfg", ".c.cfg", "d.txt"]) {
    await agent.writeFile(`${folder}/list/${name}`, `of ${name} ü\n`);
  }
  assert.equal(
    [...(await agent.readFolder(`${folder}/list`, ".cfg"))],
    [
      ["a.cfg", "of a.cfg ü\n"],
      ["b.cfg", "of b.cfg ü\n"],
    ],
  );
  assert.is((await agent.readFolder(`${folder}/none`, ".cfg")).size, 0);
});

test("a write that fails is an error, and the agent lives on", async () => {
  const agent = await start();
  assert.is(await codeOf(agent.writeFile("/proc/nothing/x", "x")), "REFUSED");
  assert.is(await codeOf(agent.talk("show info")), "REFUSED");
  assert.is(await agent.readFile(`${folder}/nothing`), undefined);
});

test("a program's exit code and both its streams", async () => {
  const agent = await start();
  const { code, output } = await agent.run(["sh", "-c", "echo out; echo err >&2; exit 3"], 5000);
  assert.is(code, 3);
  assert.is(output, "out\nerr\n");
  assert.is((await agent.run(["/no/such/program"], 5000)).code, 127);
});

test("a program that does not end is ended", async () => {
  const agent = await start();
  assert.is(await codeOf(agent.run(["sleep", "30"], 500)), "REFUSED");
});

test("talks to the socket and reads to the end", async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("data", (data) => setTimeout(() => socket.end(`you said ${data.toString()}`), 50));
  });
  mkdirSync(ownFolder(paths), { recursive: true });
  await new Promise<void>((resolve) => server.listen(masterSocket(paths), resolve));
  const agent = await start();
  assert.is(await agent.talk("show info; x"), "you said show info; x\n");
  server.close();
});

test("two questions at once get their own answers", async () => {
  const agent = await start();
  await agent.writeFile(`${folder}/one`, "1");
  const [one, none, two] = await Promise.all([
    agent.readFile(`${folder}/one`),
    agent.readFile(`${folder}/nothing`),
    agent.run(["echo", "2"], 1000),
  ]);
  assert.equal([one, none, two.output], ["1", undefined, "2\n"]);
});

test("probes say whether a port answers", async () => {
  const agent = await start();
  const server = createServer((socket) => {
    // A probe that asks for nothing leaves without a look at the answer.
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 204 No Content\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  assert.is(await agent.probe("127.0.0.1", port, "", 1000), "connected");
  assert.match(
    await agent.probe("127.0.0.1", port, "GET / HTTP/1.1\r\n\r\n", 1000),
    /^HTTP\/1.1 204/,
  );
  server.close();
  assert.match(
    await agent.probe("127.0.0.1", await freePort(), "", 1000),
    /^no connection: .*refused/,
  );
});

test("names are looked up where the proxy looks", async () => {
  const agent = await start();
  assert.equal(await agent.resolve("localhost"), ["127.0.0.1"]);
});

test("a lock has one holder, and the next gets it when it is given back", async () => {
  const [one, two] = [await start(), await start()];
  await one.lock("x", 1000);
  await one.lock("x", 1000);
  assert.is(await codeOf(two.lock("x", 150)), "TIMEOUT");
  await two.lock("y", 1000);
  const waiting = two.lock("x", 5000);
  await one.unlock("x");
  await waiting;
});

test("a wait for a lock ends when it is cancelled", async () => {
  const [one, two] = [await start(), await start()];
  await one.lock("z", 1000);
  assert.is(await codeOf(two.lock("z", 5000, AbortSignal.timeout(100))), "CANCELLED");
});

test("the end of the input ends the agent and frees its locks", async () => {
  let channel: AgentChannel | undefined;
  const one = await start(async (command) => {
    channel = await localChannel(command);
    return channel;
  });
  await one.lock("dead", 1000);
  channel?.stdin.end();
  assert.is(await channel?.done, 0);
  await (await start()).lock("dead", 1000);
  assert.is(await codeOf(one.readFile("/x")), "UNREACHABLE");
});

test("an agent that cannot start says why", async () => {
  const broken = `${folder}/perl`;
  writeFileSync(broken, "#!/bin/sh\necho 'no perl here' >&2\nexit 126\n");
  chmodSync(broken, 0o755);
  const error = await openAgent(([, ...args]) => localChannel([broken, ...args]), paths).catch(
    (thrown: unknown) => thrown,
  );
  assert.instance(error, SdkError);
  assert.match((error as SdkError).message, /exit code 126.*no perl here/);
});

test("bytes go over standard input, never the command line", async () => {
  let line: readonly string[] = [];
  const agent = await start(async (command) => {
    line = command;
    return await localChannel(command);
  });
  await agent.writeFile(`${folder}/secret`, "hunter2");
  assert.is(line.join(" ").includes("hunter2"), false);
  assert.ok(existsSync(`${folder}/secret`));
  await sleep(0);
});

test.run();
