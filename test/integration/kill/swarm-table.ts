// Which program makes which changing call to a swarm: rows of the kill table with a lab of two nodes.
import type { Row } from "./table.ts";

/**
 * `cluster`: the nodes themselves, and nothing else. `smaller`: one of the two leaves. `service`: what
 * runs in a swarm that is there.
 */
export type SwarmScene = "cluster" | "smaller" | "service";
export type SwarmRow = Row<SwarmScene>;

const secrets = ({ path }: { readonly path: string }) => path.startsWith("/secrets/");
const configs = ({ path }: { readonly path: string }) => path.startsWith("/configs/");
const create = "swarm-data.create POST /*s/create";
const remove = "swarm-data.remove DELETE /*s/*";

export const swarmRows: readonly SwarmRow[] = [
  { call: "swarm.init POST /swarm/init", scene: "cluster", step: "make" },
  { call: "swarm.join POST /swarm/join", scene: "cluster", step: "make" },
  // Labels tell whose node it is: first on the manager, then on the worker that has joined.
  { call: "swarm.update POST /nodes/*/update", scene: "cluster", step: "make" },
  { call: "swarm.update POST /nodes/*/update", scene: "cluster", step: "make", nth: 2 },
  { call: "swarm.update POST /nodes/*/update", scene: "cluster", step: "change" },
  { call: "swarm.leave POST /swarm/leave", scene: "cluster", step: "remove" },
  { call: "swarm.leave POST /swarm/leave", scene: "cluster", step: "remove", nth: 2 },
  { call: "swarm.leave POST /swarm/leave", scene: "smaller", step: "change" },
  { call: "swarm.remove DELETE /nodes/*", scene: "smaller", step: "change" },

  { call: create, scene: "service", step: "make", only: secrets },
  { call: create, scene: "service", step: "make", only: configs },
  { call: "services.create POST /services/create", scene: "service", step: "make" },
  { call: create, scene: "service", step: "change", only: secrets },
  { call: "services.update POST /services/*/update", scene: "service", step: "change" },
  { call: remove, scene: "service", step: "change", only: secrets },
  { call: "services.remove DELETE /services/*", scene: "service", step: "remove" },
  { call: remove, scene: "service", step: "remove", only: configs },
];
