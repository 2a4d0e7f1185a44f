// An image that is built here, pushed to a repository of ECR with its token, and run by the digest that the
// registry gave. The real engine, daemon and registry; AWS is an echo, whose repository leads to that
// registry. Tokens of ECR run out: another one is no change, and what is pushed next is pushed with it.

import { readFile } from "node:fs/promises";
import * as assert from "uvu/assert";
import { type Echo, makeEcho } from "../../../sdk/testing/index.ts";
import { missing } from "../../sdk/docker/fixture.ts";
import { ArgumentLists, filesIn } from "../../support/leaks.ts";
import { missingRegistry, type RegistryLogin, TestRegistry } from "../../support/registry.ts";
import { makeSite, rowsOf, type Site, said, succeeded } from "../../support/site.ts";
import { suite } from "../../support/suite.ts";

const test = suite("aws/ecr with the engine and a registry", {
  timeoutMs: 240_000,
  missing: missing() ?? missingRegistry(),
});

const program = `
import * as pulumi from "@pulumi/pulumi";
import { Image, ImagePush, LocalDaemon, Service } from "dockwright";
import { EcrRepository, EcsCluster } from "dockwright/aws";
const daemon = new LocalDaemon("local");
const image = new Image("shop", { daemon, build: { context: "shop", builder: "classic" } });
const repository = new EcrRepository("shop");
const tag = image.ref.apply((ref) => ref.slice(ref.lastIndexOf(":") + 1));
const pushed = new ImagePush("pushed", {
  daemon, image: image.ref, to: pulumi.interpolate\`\${repository.repositoryUrl}:\${tag}\`, auth: repository.auth,
});
const cluster = new EcsCluster("main", { vpcId: "vpc-1", subnetIds: ["subnet-a", "subnet-b"] });
new Service("shop", { on: cluster, image: pushed, port: 8080 });
export const { ref, digest } = pushed;
export const to = pushed.to;
`;

/** Tokens as ECR gives them, one after the other; the registry takes only the one of now. */
const tokens = [
  {
    token: "dwtest-token-one",
    bcrypt: "$2b$04$abcdefghijklmnopqrstuu/e3Qq7lRqzGIZcv3fnc/GZ39wU61TT.",
  },
  {
    token: "dwtest-token-two",
    bcrypt: "$2b$04$abcdefghijklmnopqrstuu.eHpoqkmkVrqR0tLNyvN/BJf97gdsyi",
  },
] as const;
const [first, second] = tokens;

let site: Site;
let echo: Echo;
let registry: TestRegistry;
const argumentLists = new ArgumentLists();
/** All that the engine said. */
let transcript = "";

test.before(async () => {
  registry = await TestRegistry.start();
  const files = { "index.ts": program, "shop/Dockerfile": "FROM scratch\nCOPY page /page\n" };
  site = await makeSite({ topic: "ecr", files });
  echo = makeEcho(site.dir, { packages: ["aws"] });
  const yaml = await readFile(`${site.dir}/Pulumi.yaml`, "utf8");
  await site.write("Pulumi.yaml", yaml.replace(/^plugins:\n {2}providers:\n/m, echo.pluginLines));
});
test.after(async () => {
  await site.close();
  await registry.stop();
});

/** ECR gives this token, and takes no other. */
async function given({ token, bcrypt }: (typeof tokens)[number]): Promise<void> {
  const login: RegistryLogin = { username: "AWS", bcrypt };
  await registry.only(login);
  echo.plan({
    outputs: { "aws:ecr/repository:Repository": { repositoryUrl: `${registry.host}/shop` } },
    answers: {
      "aws:ecr/getAuthorizationToken:getAuthorizationToken": { userName: "AWS", password: token },
    },
  });
}

/** The digest that the registry has under a pushed name, asked as ECR's own clients do. */
async function digestAt(to: string, token: string): Promise<string | undefined> {
  const tag = to.slice(to.lastIndexOf(":") + 1);
  const answer = await fetch(`http://${registry.host}/v2/shop/manifests/${tag}`, {
    headers: {
      accept: "application/vnd.docker.distribution.manifest.v2+json",
      authorization: `Basic ${Buffer.from(`AWS:${token}`).toString("base64")}`,
    },
  });
  return answer.headers.get("docker-content-digest") ?? undefined;
}

/** The images that ECS was told to run, by the task definitions that there are. */
const running = () =>
  echo
    .things()
    .filter(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition")
    .map(({ inputs }) => JSON.parse(String(inputs["containerDefinitions"])) as [{ image: string }])
    .map(([{ image }]) => image);

async function up() {
  const project = await site.stack("dev");
  const result = await argumentLists.during(project.up());
  transcript += said(result);
  const outputs = (await project.outputs()) as Record<"ref" | "digest" | "to", string>;
  return { result: succeeded(result), ...outputs };
}

test("what is pushed with the token lands in the registry, and is run by the digest it has there", async () => {
  await given(first);
  await site.write("shop/page", "one");
  const { ref, digest, to } = await up();
  assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  assert.is(await digestAt(to, first.token), digest);
  assert.is(ref, `${registry.host}/shop@${digest}`);
  assert.equal(running(), [ref]);
  const asked = echo.journal().filter(({ type }) => type.includes("getAuthorizationToken"));
  assert.equal(
    [...new Set(asked.map(({ inputs }) => inputs?.["registryId"]))],
    ["123456789012"],
    "a token of the repository's own registry",
  );
});

test("another token is no change; the next content is pushed with it, under a tag of its own", async () => {
  await given(second);
  const before = running();
  const silent = await up();
  assert.equal(rowsOf(silent.result), [], said(silent.result));
  const project = await site.stack("dev");
  const refreshed = said(succeeded(await project.refresh()));
  transcript += refreshed;
  assert.not.match(refreshed, /was not found out/, "the registry was asked with the new token");
  await site.write("shop/page", "two");
  const next = await up();
  assert.is.not(next.digest, silent.digest);
  assert.is.not(next.to, silent.to);
  assert.is(await digestAt(next.to, second.token), next.digest);
  assert.is(await digestAt(silent.to, second.token), silent.digest, "the way back is there");
  assert.equal(running(), [next.ref]);
  assert.is.not(running().join(), before.join());
});

test("no token is in plain in the state, on the disk, in arguments, or in what was said", async () => {
  const project = await site.stack("dev");
  const { stdout: state } = await project.run(["stack", "export"]);
  const { stdout: shown } = await project.run(["stack", "export", "--show-secrets"]);
  assert.ok(shown.includes(second.token), "it is in the state, as a secret");
  const places: [string, string][] = [
    ["the state", state],
    ["arguments", argumentLists.text()],
    ["what was said", transcript],
  ];
  // The echo's own plan and journal are AWS itself: there it is, as it has to be.
  const own = (await filesIn(site.dir)).filter((file) => !file.startsWith(`${site.dir}/echo/`));
  for (const file of own) places.push([file, await readFile(file, "latin1")]);
  assert.ok(own.length > 5, own.join());
  for (const [place, text] of places) {
    for (const { token } of tokens) {
      const encoded = Buffer.from(`AWS:${token}`).toString("base64");
      assert.not.ok(text.includes(token) || text.includes(encoded), `a token is in ${place}`);
    }
  }
});

test("destroyed, the image stays in the registry, and nothing on the daemon", async () => {
  const project = await site.stack("dev");
  const { to, digest } = (await project.outputs()) as Record<"to" | "digest", string>;
  succeeded(await project.destroy());
  assert.is(await digestAt(to, second.token), digest);
  assert.equal(echo.things(), []);
  assert.equal((await site.owned()).images, []);
});

test.run();
