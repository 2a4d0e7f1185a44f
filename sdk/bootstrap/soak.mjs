// `npm run soak`: the tests of `npm test` with large counts, and those that are too long for it (a
// fresh machine from nothing). What is set in the environment already is kept.
import { spawn } from "node:child_process";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/** What makes the tests long; each test that reads one says what it means. */
const counts = {
  DOCKWRIGHT_WHOLE: "1",
  DOCKWRIGHT_FIGURES: "1",
  DOCKWRIGHT_REPLACEMENTS: "10",
  DOCKWRIGHT_PROXY_REPLACEMENTS: "5",
  DOCKWRIGHT_FLAVOURS: "all",
  DOCKWRIGHT_CONFIRM_SECONDS: "45",
  DOCKWRIGHT_CUTS: "100",
  DOCKWRIGHT_TASK_KILLS: "40",
  DOCKWRIGHT_KILLS: "all",
  DOCKWRIGHT_DISTURBANCES: "all",
  DOCKWRIGHT_OUTAGES: "all",
  DOCKWRIGHT_FRESH: "1",
  DOCKWRIGHT_LIVES: "all",
  DOCKWRIGHT_CASES: "10000",
  DOCKWRIGHT_POOL_HOSTS: "4",
  DOCKWRIGHT_ROLLOUTS: "30",
  DOCKWRIGHT_ECS: "all",
  DOCKWRIGHT_ROLLOUT_KILLS: "60",
  DOCKWRIGHT_ROLLBACKS: "10",
  DOCKWRIGHT_BLOG_HOSTS: "2",
  DOCKWRIGHT_ROUTES: "500",
  DOCKWRIGHT_SWARM_NODES: "3+2",
  DOCKWRIGHT_FILE_TIMEOUT_MS: String(150 * 60_000),
};

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "test.mjs");
const child = spawn(process.execPath, [script, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...counts, ...process.env },
});
// A terminal sends Ctrl-C to the child as well; this process only waits for how it ends.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    if (signal === "SIGTERM") child.kill(signal);
  });
}
child.once("close", (code) => {
  process.exitCode = code ?? 1;
});
