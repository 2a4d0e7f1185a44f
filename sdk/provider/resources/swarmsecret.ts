// A secret of a swarm. Its content enters the name only through scrypt, and Swarm never gives it back.

import { datumResource } from "../swarm/datum.ts";

export const swarmSecret = datumResource(
  "secret",
  "A secret of a swarm, versioned by its content: another content is another secret beside the former one, which goes when no service has it any more.",
);
