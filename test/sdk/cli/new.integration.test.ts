// Each template of `dockwright new`, as it is written, previewed by the real engine: machines and daemons
// by our plugin, which contacts none of them for that, clouds by echo providers. None breaks a mandatory rule of
// the policy pack.
import * as path from "node:path";
import * as assert from "uvu/assert";
import { projectFiles, type TemplateName, templateNames } from "../../../sdk/cli/templates.ts";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { makeEcho } from "../../../sdk/testing/echo.ts";
import { missingDaemon } from "../../support/owned.ts";
import { makeSite, type Site, said } from "../../support/site.ts";
import { suite } from "../../support/suite.ts";

const test = suite("cli/new with the engine", { timeoutMs: 120_000, missing: missingDaemon() });

/** What a cloud is made of; the rest is Dockwright's own plugin. */
const clouds: { readonly [template in TemplateName]?: readonly string[] } = {
  ecs: ["aws"],
  gke: ["gcp", "kubernetes"],
};

/** Resources that its preview names. */
const expected: { readonly [template in TemplateName]: readonly string[] } = {
  site: ["dockwright:index:Image pages", "dockwright:index:Container web-1"],
  wordpress: ["dockwright:index:WordPress blog", "dockwright:index:Volume blog-db-data"],
  pool: ["dockwright:index:Placement web-placement", "dockwright:index:Container edge-web2"],
  swarm: ["dockwright:index:SwarmWeb web", "dockwright:index:Image pages-node2"],
  ecs: ["aws:ecs:TaskDefinition web", "aws:ecr:Repository", "dockwright:index:ImagePush pushed"],
  gke: [
    "gcp:container:Cluster main",
    "kubernetes:apps/v1:Deployment web",
    "gcp:compute:Subnetwork",
  ],
};

const pack = path.join(packageRoot(), "dist", "policy-pack");
const providers = "plugins:\n  providers:\n";

/** Its files, with echo providers for its clouds; one is run by tsx, as all are, the rest by Node alone. */
async function writeTemplate(site: Site, template: TemplateName): Promise<void> {
  const files = new Map(await projectFiles(template, site.name));
  const { pluginLines } = makeEcho(site.dir, { packages: clouds[template] ?? [] });
  const yaml = files.get("Pulumi.yaml") ?? "";
  assert.ok(yaml.includes(providers) && yaml.includes("nodeargs: --import tsx"));
  const quicker = template === "site" ? yaml : yaml.replace(/^ *nodeargs:.*\n/m, "");
  files.set("Pulumi.yaml", quicker.replace(providers, pluginLines));
  for (const [file, text] of files) await site.write(file, text);
}

for (const template of templateNames) {
  test(`${template} previews as it is written, and keeps the mandatory rules`, async () => {
    const site = await makeSite({ topic: `new-${template}` });
    try {
      await writeTemplate(site, template);
      const run = await (await site.stack("dev")).preview({ args: ["--policy-pack", pack] });
      const text = said(run);
      assert.is(run.code, 0, text);
      const folded = text.replace(/ +/g, " ");
      for (const words of expected[template]) {
        assert.ok(folded.includes(words), `${words}: ${text}`);
      }
      assert.match(text, "Policies:");
      assert.not.match(text, "[mandatory]");
      // Echo providers have no version.
      assert.not.match(text.replace(/.*warning: resource plugin.*/g, ""), /warning:/);
    } finally {
      await site.close();
    }
  });
}

test.run();
