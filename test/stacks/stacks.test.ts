// What stacks register: on a daemon under the names that they always had, over a pool one of a thing for
// each host, and what one part has to know of another as the state says it.

import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import { HostPool, LocalDaemon } from "../../components/index.ts";
import { named, type Registered, register } from "../../sdk/testing/recorder.ts";
import { MultiSite } from "../../stacks/multi-site/index.ts";
import { RailsPostgres } from "../../stacks/rails-postgres/index.ts";
import { StaticSite } from "../../stacks/static-site/index.ts";
import { WordPress } from "../../stacks/wordpress/index.ts";
import { suite } from "../support/suite.ts";

const test = suite("stacks");

function makePool() {
  const [one, two] = [new LocalDaemon("one"), new LocalDaemon("two")];
  const hosts = {
    web1: { daemon: one, address: "10.0.0.1" },
    web2: { daemon: two, address: "10.0.0.2" },
  };
  return { pool: new HostPool("pool", { hosts }), two };
}

const names = (all: readonly Registered[], type: string) =>
  all.filter((one) => one.type === `dockwright:index:${type}`).map(({ name }) => name);

/** What the program is refused with: each property with its reason. */
async function refusal(program: () => unknown): Promise<string> {
  let said = "";
  await register(() => {
    try {
      program();
    } catch (error) {
      if (!(error instanceof pulumi.InputPropertyError)) throw error;
      said = `${error.propertyPath} ${error.reason}`;
    }
  });
  return said;
}

test("WordPress on a daemon has the database beside it, found by name", async () => {
  const all = await register(() => new WordPress("blog", { on: new LocalDaemon("here") }));
  assert.is(named(all, "blog-db").inputs["ports"], undefined);
  const { env, extraHosts } = named(all, "blog-web-1").inputs;
  assert.is((env as Record<string, string>)["WORDPRESS_DB_HOST"], "db");
  assert.is(extraHosts, undefined);
  assert.equal(names(all, "Network"), ["blog-bridge"]);
  assert.equal(names(all, "Volume").sort(), ["blog-content", "blog-db-data", "blog-edge-data"]);
});

test("WordPress over a pool finds its database where the state says that it is published", async () => {
  const published = { "3306/tcp": "10.0.0.2:20123", "8080/tcp": "10.0.0.1:20456" };
  const all = await register(
    () => {
      const { pool, two } = makePool();
      const database = { on: two, address: "10.0.0.2" };
      new WordPress("blog", { on: pool, replicas: 2, database });
    },
    { Container: { published } },
  );
  const ports = [{ containerPort: 3306, hostIp: "10.0.0.2", keep: true }];
  assert.equal(named(all, "blog-db").inputs["ports"], ports);
  for (const web of ["blog-web-1", "blog-web-2"]) {
    const { env, extraHosts } = named(all, web).inputs;
    assert.is((env as Record<string, string>)["WORDPRESS_DB_HOST"], "db:20123");
    assert.equal(extraHosts, { db: "10.0.0.2" });
  }
  const made = names(all, "Container");
  for (const host of ["web1", "web2"]) assert.ok(made.includes(`blog-edge-${host}-proxy`), host);
});

test("WordPress over a pool has to be told where its database is", async () => {
  const said = await refusal(() => new WordPress("blog", { on: makePool().pool }));
  assert.match(said, /^database is not given/);
});

test("several sites: each has its service, and each proxy answers for each", async () => {
  const sites = {
    "shop.test": { folder: "./shop" },
    "docs.test": { folder: "./docs", replicas: 1 },
  };
  const all = await register(
    () => new MultiSite("web", { on: makePool().pool, sites, port: 8080 }),
    { Container: { published: { "8080/tcp": "10.0.0.1:20456" } } },
  );
  const replicas = (site: string) => named(all, `web-${site}-placement`).inputs["replicas"];
  assert.equal([replicas("shop.test"), replicas("docs.test")], [2, 1]);
  for (const site of Object.keys(sites)) {
    const { proxies } = named(all, `web-${site}-rollout`).inputs as { proxies: unknown[] };
    assert.is(proxies.length, 2, site);
  }
  const bad = { "Shop!": { folder: "./shop" } };
  const said = await refusal(() => new MultiSite("web", { on: makePool().pool, sites: bad }));
  assert.match(said, /^sites\["Shop!"\] is no host name/);
});

test("Rails: a task migrates before containers are made, with what they have", async () => {
  const all = await register(() => {
    const on = new LocalDaemon("here");
    new RailsPostgres("harbour", { on, folder: "./app", env: { TZ: "UTC" }, migrate: ["bin/go"] });
  });
  const migrate = named(all, "harbour-before-migrate");
  assert.equal(migrate.inputs["command"], ["bin/go"]);
  const web = named(all, "harbour-1");
  assert.ok(all.indexOf(migrate) < all.indexOf(web));
  const env = {
    DATABASE_HOST: "db",
    DATABASE_NAME: "app",
    DATABASE_PASSWORD_FILE: "/run/secrets/db-password",
    DATABASE_USER: "app",
    TZ: "UTC",
  };
  assert.equal(web.inputs["env"], env);
  assert.equal(migrate.inputs["env"], env);
  assert.equal(names(all, "Container").filter((name) => /^harbour-\d$/.test(name)).length, 2);
});

test("the static site is what its README says", async () => {
  const all = await register(() => {
    new StaticSite("site", {
      on: new LocalDaemon("local"),
      folder: "./site",
      replicas: 3,
      port: 8088,
      host: "a.test",
      hostIp: "127.0.0.1",
    });
  });
  const made = all
    .map((one) => one.name)
    .filter((name) => name.startsWith("site"))
    .sort();
  assert.equal(made, [
    "site",
    "site",
    "site-1",
    "site-2",
    "site-3",
    "site-edge",
    "site-edge-a.test",
    "site-edge-active",
    "site-edge-data",
    "site-edge-holder",
    "site-edge-image",
    "site-edge-proxy",
    "site-front",
    "site-pages",
    "site-release",
    "site-server",
  ]);
  assert.equal(named(all, "site-pages").inputs, {
    build: { context: "./site", args: { BASE: "site-server:0123456789abcdef" } },
  });
});

test("WordPress gets its passwords as files, and the database its volume alone", async () => {
  const all = await register(() => {
    new WordPress("blog", { on: new LocalDaemon("local"), labels: { theme: "dark" } });
  });
  const database = named(all, "blog-db").inputs;
  assert.equal(database["mounts"], [{ source: "blog-db-data-0a1b2c3d", target: "/var/lib/mysql" }]);
  assert.not.match(JSON.stringify(database["env"]), "not-so-random");
  assert.match(JSON.stringify(database["files"]), "/run/secrets/db-password");
  const web = named(all, "blog-web-1").inputs;
  assert.equal(web["labels"], { theme: "dark" });
  assert.not.match(JSON.stringify(web["env"]), "not-so-random");
});

test.run();
