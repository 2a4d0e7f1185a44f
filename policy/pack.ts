// What Pulumi runs with `--policy-pack node_modules/dockwright/dist/policy-pack`. One bundled file
// beside PulumiPolicy.yaml (see build.mjs), since packs are loaded as CommonJS.
import { PolicyPack } from "@pulumi/policy";
import { policyOf } from "./policies.ts";
import { rules } from "./rules/index.ts";

new PolicyPack("dockwright", { policies: rules.map(policyOf) });
