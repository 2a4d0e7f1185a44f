// A config of a swarm: a file that services find in their containers.

import { datumResource } from "../swarm/datum.ts";

export const swarmConfig = datumResource(
  "config",
  "A config of a swarm, versioned by its content: another content is another config beside the former one, which goes when no service has it any more.",
);
