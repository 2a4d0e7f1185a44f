import { createInterface } from "node:readline";
import { makeSwarmLab } from "./lab.ts";
import { program } from "./program.ts";
import { said } from "../../support/site.ts";
import { startLoad, type Load } from "../../support/outcomes.ts";
const log = (line: string) => process.stdout.write(`${line}\n`);
const [managers = "m1", workers = "w1"] = process.argv.slice(2);
const lab = await makeSwarmLab({ managers: managers.split(","), workers: workers.split(",") }, program, log);
await lab.set({ service: true });
let load: Load | undefined;
log("held");
for await (const line of createInterface({ input: process.stdin })) {
  const [verb = "", ...rest] = line.split(" ");
  const text = rest.join(" ");
  const at = performance.now();
  try {
    if (verb === "quit") break;
    if (verb === "set") await lab.set(JSON.parse(text));
    if (verb === "program") await lab.site.write("index.ts", (await import(`./program.ts?${Date.now()}`)).program);
    if (verb === "preview") log(said(await lab.project.preview()));
    if (verb === "up") log(said(await lab.project.up()));
    if (verb === "refresh") log(said(await lab.project.refresh()));
    if (verb === "destroy") log(said(await lab.project.destroy()));
    if (verb === "kill") await lab.host(text).close();
    if (verb === "load") load = await startLoad({ url: `http://${lab.host(text || "m1").address}/`, rate: 30 });
    if (verb === "unload") log(JSON.stringify(await load?.stop()));
    if (verb === "on") log(await lab.sure(rest[0] ?? "", rest.slice(1).join(" ")));
  } catch (error) { log(String(error)); }
  log(`DONE ${line} ${((performance.now() - at) / 1000).toFixed(1)} s`);
}
await lab.close();
