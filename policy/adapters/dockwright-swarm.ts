// Dockwright's services of a swarm: what Swarm has no words for (privileges, namespaces, profiles)
// stays undecided, and so does how often it starts a task again: keeping tasks up is its work.
import type { Inputs } from "../inputs.ts";
import type { ContainerSubject } from "../subjects.ts";
import { capabilities, loggingOf, ofNodes, swarmNetwork, typedMounts } from "./docker-words.ts";

export function dockwrightSwarmService(inputs: Inputs): ContainerSubject {
  const limits = inputs.inner("limits");
  return {
    kind: "container",
    image: inputs.text("image"),
    user: inputs.text("user"),
    capAdd: capabilities(inputs.texts("capAdd")),
    capDrop: capabilities(inputs.texts("capDrop")),
    readOnlyRoot: inputs.flag("readOnly"),
    network: swarmNetwork(inputs, "networks", "network"),
    memoryBytes: limits.number("memoryBytes"),
    cpu: limits.number("cpus"),
    pidsLimit: limits.number("pids"),
    ports: ofNodes(inputs),
    hostMounts: typedMounts(inputs),
    health: inputs.present("healthCheck"),
    env: inputs.textMembers("env"),
    logging: loggingOf(inputs, "logDriver", "logOptions"),
  };
}
