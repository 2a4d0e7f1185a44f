// What is set for each stack, in Pulumi.STACK.yaml: `npx dockwright config check` holds the files against
// this, and the program refuses what does not fit before it makes anything.
import { defineConfig, secret, z } from "dockwright/config";

export const settings = defineConfig({
  hosts: z
    .record(z.string(), z.string().min(1))
    .describe("addresses of the machines, by a name for each"),
  user: z.string().default("admin").describe("who logs in; root, or one who may use sudo"),
  replicas: z.int().min(1).default(4).describe("how many containers, over all machines"),
  privateKey: secret(
    z.string().optional().describe("a key to log in with, in place of the agent's"),
  ),
});
