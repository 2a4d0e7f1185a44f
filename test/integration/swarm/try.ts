import { startLoad } from "../../support/outcomes.ts";
import { said } from "../../support/site.ts";
import { makeSwarmLab } from "./lab.ts";
import { clusterOnly, program } from "./program.ts";

const log = (line: string) => process.stdout.write(`${line}\n`);
const timed = async <T>(what: string, run: () => Promise<T>) => {
  const at = performance.now();
  const r = await run();
  log(`${what}: ${((performance.now() - at) / 1000).toFixed(1)} s`);
  return r;
};
const small = process.argv.includes("small");
const lab = await makeSwarmLab(
  small
    ? { managers: ["m1"], workers: ["w1"] }
    : { managers: ["m1", "m2", "m3"], workers: ["w1", "w2"] },
  program,
  log,
);
try {
  await lab.set({ service: true });
  log(said(await timed("up", () => lab.project.up())));
  log(
    await lab.sure(
      "m1",
      "docker node ls; docker service ls; docker service ps $(docker service ls -q) --no-trunc; docker network ls; docker secret ls; docker config ls",
    ),
  );
  log(said(await timed("up again", () => lab.project.up())));
  const load = await startLoad({ url: `http://${lab.host("m1").address}/`, rate: 30 });
  await lab.set({ version: "v2" });
  log(said(await timed("change", () => lab.project.up())));
  await lab.set({ version: "v3", more: { env: { VERSION: "v3", BROKEN: "1" } } });
  log(said(await timed("broken", () => lab.project.up())));
  log(JSON.stringify(await load.stop()));
  log(await lab.sure("m1", "docker service ps $(docker service ls -q) --no-trunc"));
  await lab.set({ version: "v2", more: {} });
  log(said(await timed("refresh", () => lab.project.refresh())));
  log(said(await timed("up again", () => lab.project.up())));
  log(said(await timed("destroy", () => lab.project.destroy())));
  log(await lab.sure("m1", "docker info 2>/dev/null | grep -i swarm"));
} finally {
  await lab.close();
}
