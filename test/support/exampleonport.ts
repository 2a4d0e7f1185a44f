// An example on this machine's daemon, whose stack `dev` answers on a free port.
import type { Project } from "../../sdk/engine/project.ts";
import { freePort } from "./ports.ts";
import { makeSite, type Site, succeeded } from "./site.ts";

export interface ExampleOnPort {
  readonly site: Site;
  readonly project: Project;
  readonly url: string;
}

/** A copy of the example, told its port. */
export async function exampleOnPort(topic: string, example: string): Promise<ExampleOnPort> {
  const site = await makeSite({ topic, example });
  const project = await site.stack("dev");
  const port = await freePort();
  succeeded(await project.setConfig("port", String(port)));
  return { site, project, url: `http://127.0.0.1:${port}/` };
}
