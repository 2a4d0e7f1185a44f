// What the bundle of the verbs that look at what runs has (see build.mjs).
export { backup, restore } from "./backup.ts";
export { events } from "./events.ts";
export { exec } from "./exec.ts";
export { logs } from "./logs.ts";
export { prune } from "./prune.ts";
export { ps } from "./ps.ts";
export { run } from "./run.ts";
