// The example with Rails and PostgreSQL, as its users run it: a message is left through its form, a
// release with a migration comes under load, a release whose migration fails changes nothing.

import { rm } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { exampleOnPort } from "../support/exampleonport.ts";
import { startLoad } from "../support/outcomes.ts";
import { missingDaemon, nothing } from "../support/owned.ts";
import { secretsNowherePlain } from "../support/plain.ts";
import { fetchPage, leftOf, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/rails-postgres", {
  long: true,
  timeoutMs: 600_000,
  missing: missingDaemon(),
});

const message = "The ferry leaves at seven";
let site: Site;
let project: Project;
let url: string;
/** All that the commands of this test said. */
let transcript = "";

test.before(async () => {
  ({ site, project, url } = await exampleOnPort("rails", "rails-postgres"));
});
test.after(() => site.close());

async function up() {
  const result = await project.up();
  transcript += said(result);
  return result;
}

/** Fills in the form of the page: its token goes with the visitor's cookie. */
async function leave(body: string): Promise<void> {
  const page = await fetch(url);
  const cookie = page.headers.getSetCookie().map((one) => one.split(";")[0]);
  const token = /name="authenticity_token" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
  const answer = await fetch(new URL("messages", url), {
    method: "POST",
    redirect: "manual",
    headers: { cookie: cookie.join("; ") },
    body: new URLSearchParams({ authenticity_token: token, "message[body]": body }),
  });
  assert.is(answer.status, 302);
}

const migration = (name: string, change: string) =>
  `class ${name} < ActiveRecord::Migration[6.1]\n  def change\n    ${change}\n  end\nend\n`;
const pageFile = "app/app/views/messages/index.html.erb";
const signed =
  "<h1>Letters of the harbour</h1>\n<% @messages.each do |message| %><li><%= message.body %>, <%= message.author %></li><% end %>\n";

/** The migrations that the database has seen. */
async function migrated(): Promise<readonly string[]> {
  const name = String((await project.outputs())["databaseContainer"]);
  const sql = "SELECT version FROM schema_migrations ORDER BY version";
  const cmd = ["psql", "-h", "/tmp", "-U", "postgres", "-d", "app", "-Atc", sql];
  const { stdout } = await site.docker.exec.run(name, { cmd });
  return stdout.toString().trim().split("\n");
}

test("made from nothing, it takes a message through its form", async () => {
  succeeded(await up());
  await leave(message);
  assert.match(await fetchPage(url), new RegExp(message));
  assert.equal(await migrated(), ["20260101000000"]);
});

test("a release with a migration under load: no request fails, the message stays", async () => {
  await site.write(pageFile, signed);
  const column = migration(
    "AddAuthor",
    'add_column :messages, :author, :string, default: "unsigned"',
  );
  await site.write("app/db/migrate/20260102000000_add_author.rb", column);
  const load = await startLoad({
    url,
    rate: 5,
    timeoutMs: 60_000,
    version: "(Messages|Letters) of",
  });
  const rows = rowsOf(succeeded(await up()));
  const { total, failed, failures, versions } = await load.stop();
  process.stdout.write(`  ${total} requests\n`);
  assert.is(failed, 0, JSON.stringify(failures));
  assert.equal(Object.keys(versions).sort(), ["Letters of", "Messages of"]);
  assert.match(await fetchPage(url), new RegExp(`${message}, unsigned`));
  assert.equal(await migrated(), ["20260101000000", "20260102000000"]);
  assert.is(
    rows.filter((row) => row.includes("harbour-db")).length,
    0,
    "the database is not touched",
  );
});

test("a release whose migration fails does not happen", async () => {
  await site.write(pageFile, "<h1>Nobody sees this</h1>\n");
  const broken = "app/db/migrate/20260103000000_break_it.rb";
  await site.write(broken, migration("BreakIt", "rename_column :messages, :nowhere, :somewhere"));
  const load = await startLoad({ url, rate: 5, timeoutMs: 60_000, version: "Letters of|Nobody" });
  const result = await up();
  const { failed, failures, versions } = await load.stop();
  assert.is.not(result.code, 0);
  assert.match(said(result), /column "nowhere"|No such column: messages.nowhere/);
  assert.is(failed, 0, JSON.stringify(failures));
  assert.equal(Object.keys(versions), ["Letters of"]);
  assert.equal(await migrated(), ["20260101000000", "20260102000000"]);
  await rm(path.join(site.dir, broken));
});

test("no generated secret is in plain in state, output or the daemon's view", async () => {
  assert.is((await secretsNowherePlain(site, project, transcript)).length, 2);
});

test("destroyed, the volume is left and named", async () => {
  const destroy = succeeded(await project.destroy());
  assert.match(said(destroy), /kept the volume "[^"]*db-data/);
  const left = await leftOf(site, destroy);
  assert.equal({ ...left, volumes: [] }, nothing);
  assert.is(left.volumes.length, 1);
});

test.run();
