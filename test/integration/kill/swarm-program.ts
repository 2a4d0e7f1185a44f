// The program of swarms whose updates are killed. DWTEST_SCENE says what it declares, DWTEST_STAGE whether
// nothing of it (0), the first form (1) or the second (2). Scene `service` has the swarm at every stage.

export const swarmKillProgram = `
import { readFileSync } from "node:fs";
import { LocalDaemon, SwarmCluster, SwarmConfig, SwarmSecret, SwarmService } from "dockwright";
const { DWTEST_SCENE, DWTEST_STAGE } = process.env;
const stage = Number(DWTEST_STAGE);
const all = JSON.parse(readFileSync("hosts.json", "utf8"));
const hosts = DWTEST_SCENE === "smaller" && stage === 2 ? all.slice(0, 1) : all;
const isService = DWTEST_SCENE === "service";
const nodes = Object.fromEntries(hosts.map(({ name, address, socketPath }, index) => {
  const daemon = new LocalDaemon(name, { socketPath });
  const labels = DWTEST_SCENE === "cluster" && stage === 2 ? { tier: "two" } : { tier: "one" };
  return [name, { daemon, address, role: index === 0 ? "manager" : "worker", labels }];
}));
if (isService || stage > 0) {
  const on = new SwarmCluster("crew", { nodes, addressPools: ["10.78.0.0/16"], drainTimeoutMs: 20000 });
  if (isService && stage > 0) {
    const password = new SwarmSecret("password", { on, data: "dwtest-hidden-" + stage });
    const motd = new SwarmConfig("motd", { on, data: "hello" });
    new SwarmService("shop", {
      on, image: { ref: hosts[0].image, imageId: hosts[0].image }, replicas: 1,
      command: ["/bin/busybox", "sleep", "86400"], init: true, stopGraceMs: 1000,
      placement: { constraints: ["node.role == manager"] },
      env: { STAGE: String(stage) },
      secrets: [{ secret: password, target: "password" }],
      configs: [{ config: motd, target: "/etc/motd" }],
      update: { monitorMs: 500, delayMs: 0 },
    });
  }
}
`;
