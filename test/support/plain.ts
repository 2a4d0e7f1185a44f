// Whether what a stack generated as secret is anywhere in plain.
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import type { Site } from "./site.ts";

/** The secrets that a stack generated. */
async function generated(project: Project): Promise<readonly string[]> {
  const { deployment } = await project.export({ showSecrets: true });
  const secrets = (deployment.resources ?? []).filter(({ type }) => type.endsWith(":RandomSecret"));
  return secrets.map((secret) => {
    const value: unknown = secret.outputs?.["value"];
    const { plaintext } = value as { readonly plaintext: string };
    return JSON.parse(plaintext) as string;
  });
}

/**
 * Fails where a generated secret is in the state, in what was said, or in what the daemon tells of the
 * site's containers. Gives the secrets.
 */
export async function secretsNowherePlain(
  site: Site,
  project: Project,
  transcript: string,
): Promise<readonly string[]> {
  const secrets = await generated(project);
  const state = JSON.stringify(await project.export());
  const containers = await site.containers();
  const views = await Promise.all(containers.map((one) => site.docker.containers.inspect(one.Id)));
  assert.ok(views.length > 0);
  for (const secret of secrets) {
    assert.ok(secret.length >= 32);
    assert.not.match(state, secret);
    assert.not.match(transcript, secret);
    assert.not.match(JSON.stringify(views), secret);
  }
  return secrets;
}
