// The backend that the user has logged in to, as the CLI keeps it: sdk/go/common/workspace/creds.go.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Its address; undefined without a login. */
export function currentLogin(env: Environment): string | undefined {
  const home = env["PULUMI_HOME"] ?? join(env["HOME"] ?? homedir(), ".pulumi");
  const file = join(env["PULUMI_CREDENTIALS_PATH"] ?? home, "credentials.json");
  try {
    const { current } = JSON.parse(readFileSync(file, "utf8")) as { readonly current?: unknown };
    return typeof current === "string" && current !== "" ? current : undefined;
  } catch {
    return undefined;
  }
}
