// Which backend keeps the state of this run: what the CLI goes by, as far as a plugin can see it. The
// environment, the project's file, then the login. A folder is told with the machine that it is on.
// Pulumi: "State and backends".
import { readFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { currentLogin } from "../login.ts";

type Environment = Readonly<Record<string, string | undefined>>;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

interface ProjectFile {
  readonly directory: string;
  readonly text: string;
}

/** Pulumi.yaml of the folder, or of one above it: a program may be in a folder of its project. */
function projectFile(directory: string): ProjectFile | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const text = read(join(at, "Pulumi.yaml")) ?? read(join(at, "Pulumi.yml"));
    if (text !== undefined) return { directory: at, text };
    if (dirname(at) === at) return undefined;
  }
}

/** `backend: { url: ... }`, in either form. All else of the file is nothing to us, so no parser. */
const backendUrl = /^backend:\s*(?:\{\s*)?(?:\n\s+)?["']?url["']?:\s*["']?([^\s"',}]+)/m;

/** `file://HOST/folder`, and other addresses without what is no part of the place. */
function canonical(url: string, directory: string): string {
  const [, path] = /^file:\/\/(.*)$/.exec(url) ?? [];
  if (path === undefined) return url.replace(/[?#].*$/, "").replace(/\/+$/, "");
  const whole = path.replace(/^~(?=\/|$)/, homedir());
  return `file://${hostname()}${resolve(directory, whole)}`;
}

/** The address of the backend; undefined where it cannot be told. */
export function backendOf(env: Environment, directory: string): string | undefined {
  const project = projectFile(directory);
  const set = env["PULUMI_BACKEND_URL"];
  const token = env["PULUMI_ACCESS_TOKEN"] ? "https://api.pulumi.com" : undefined;
  const named = backendUrl.exec(project?.text ?? "")?.[1];
  const url = (set === "" ? undefined : set) ?? named ?? currentLogin(env) ?? token;
  return url === undefined ? undefined : canonical(url, project?.directory ?? directory);
}
