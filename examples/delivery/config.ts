// What is set for each stack, and what the stacks give: the registry of `tools` to the others, and to CI.
import { defineConfig, defineOutputs, secret, z } from "dockwright/config";

export const settings = defineConfig({
  port: z.int().min(1).max(65535).describe("the port of this machine to answer on"),
  replicas: z.int().min(1).default(1).describe("how many containers"),
  gateMs: z
    .int()
    .min(1)
    .default(20_000)
    .describe("how long a new version may take to get ready, in ms"),
});

export const toolsOutputs = defineOutputs({
  registry: z.string(),
  base: z.string(),
  passwords: secret(z.object({ ci: z.string().min(1) })),
});

export const shopOutputs = defineOutputs({ url: z.string(), image: z.string() });
