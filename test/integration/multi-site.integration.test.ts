// The example of several sites on two hosts of the lab: each proxy answers for each site, one site is
// changed under load on all of them, and no other site's container is touched.

import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { type Lab, makeHosts, missingForLab } from "../lab/hosts.ts";
import { startLoad } from "../support/outcomes.ts";
import { fetchPage, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/multi-site", {
  long: true,
  timeoutMs: 600_000,
  missing: missingForLab(),
});

const sites = ["shop", "blog", "docs"] as const;
let lab: Lab;
let site: Site;
let project: Project;

test.before(async () => {
  const specs = ["web1", "web2"].map((name) => {
    return { name, suite: "bookworm", docker: "none" } as const;
  });
  lab = await makeHosts(specs, { log: (line) => process.stdout.write(`${line}\n`) });
  site = await makeSite({ topic: "multi-site", example: "multi-site" });
  project = await site.stack("dev");
  for (const { name, address } of lab.hosts) {
    succeeded(await project.setConfig(`hosts.${name}`, address, { path: true }));
  }
  const [first] = lab.hosts;
  succeeded(await project.setConfig("user", first?.user ?? ""));
  succeeded(await project.setConfig("privateKey", first?.privateKey ?? "", { secret: true }));
});
test.after(async () => {
  await lab.close();
  await site.close();
});

const urls = () => lab.hosts.map(({ address }) => `http://${address}:80/`);

interface Containers {
  readonly [host: string]: readonly string[];
}
const containers = async () => (await project.outputs())["containers"] as unknown as Containers;

test("two bare hosts: each proxy answers for each of the three sites", async () => {
  succeeded(await project.up());
  assert.equal((await project.outputs())["urls"], urls());
  for (const url of urls()) {
    for (const name of sites) {
      assert.match(
        await fetchPage(url, `${name}.example.com`),
        new RegExp(`^200 .*the ${name}`, "s"),
      );
    }
    assert.match(await fetchPage(url, "other.example.com"), /^(404|503) /);
  }
  const made = await containers();
  assert.is(made["shop.example.com"]?.length, 2);
  assert.is(made["docs.example.com"]?.length, 1);
  const again = succeeded(await project.up());
  assert.equal(rowsOf(again), [], said(again));
});

test("a page of one site changed under load: no request fails, the other sites stay", async () => {
  const before = await containers();
  const loads = await Promise.all(
    urls().flatMap((url) =>
      sites.map((name) =>
        startLoad({ url, host: `${name}.example.com`, rate: 8, version: "the \\w+|News" }),
      ),
    ),
  );
  await site.write("sites/shop/index.html", "<p>News in the shop\n");
  succeeded(await project.up());
  const sums = await Promise.all(loads.map((load) => load.stop()));
  for (const { failed, firstFailures } of sums) assert.is(failed, 0, JSON.stringify(firstFailures));
  process.stdout.write(`  ${sums.reduce((sum, { total }) => sum + total, 0)} requests\n`);
  for (const url of urls()) assert.match(await fetchPage(url, "shop.example.com"), /^200 <p>News/);
  const after = await containers();
  assert.is.not(String(after["shop.example.com"]), String(before["shop.example.com"]));
  assert.equal({ ...after, "shop.example.com": [] }, { ...before, "shop.example.com": [] });
});

test.run();
