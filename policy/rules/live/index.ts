// The rules that only a live host can answer: `dockwright audit` adds them to the others.
import type { Rule } from "../../rule.ts";
import { certificateLasts } from "./certificate-lasts.ts";
import { containerdSocketKept } from "./containerd-socket-kept.ts";
import { daemonRootless } from "./daemon-rootless.ts";
import { dataRootOwnPartition } from "./data-root-own-partition.ts";
import { dockerIsAudited } from "./docker-is-audited.ts";
import { dockerSocketKept } from "./docker-socket-kept.ts";
import { fewManagers } from "./few-managers.ts";
import { fewStoppedContainers } from "./few-stopped-containers.ts";
import { fewUnusedImages } from "./few-unused-images.ts";
import { kernelFiltersCalls } from "./kernel-filters-calls.ts";
import { securityModuleOn } from "./security-module-on.ts";
import { swarmIsUsed } from "./swarm-is-used.ts";

export const liveRules: readonly Rule[] = [
  dataRootOwnPartition,
  dockerIsAudited,
  daemonRootless,
  kernelFiltersCalls,
  securityModuleOn,
  swarmIsUsed,
  fewManagers,
  fewUnusedImages,
  fewStoppedContainers,
  certificateLasts,
  dockerSocketKept,
  containerdSocketKept,
];
