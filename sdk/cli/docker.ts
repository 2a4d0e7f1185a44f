// Whether a Docker daemon answers, with `GET /version` and nothing more: doctor must not load the
// whole client to say that a socket is missing.
import * as http from "node:http";

export interface DockerAnswer {
  readonly endpoint: string;
  readonly version?: string;
  readonly trouble?: string;
}

const timeoutMs = 3_000;

function requestOptions(endpoint: string): http.RequestOptions | undefined {
  if (endpoint.startsWith("unix://")) return { socketPath: endpoint.slice("unix://".length) };
  if (!endpoint.startsWith("tcp://")) return undefined;
  const { hostname, port } = new URL(endpoint);
  return { host: hostname, port: port === "" ? 2375 : Number(port) };
}

function get(options: http.RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ ...options, path: "/version", timeout: timeoutMs }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.once("end", () => resolve(body));
      response.once("error", reject);
    });
    request.once("timeout", () => request.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    request.once("error", reject);
  });
}

/** Asks the daemon of `DOCKER_HOST`, or of the usual socket, for its version. */
export async function dockerVersion(env: NodeJS.ProcessEnv): Promise<DockerAnswer> {
  const set = env.DOCKER_HOST;
  const endpoint = set === undefined || set === "" ? "unix:///var/run/docker.sock" : set;
  const options = requestOptions(endpoint);
  if (options === undefined) return { endpoint, trouble: "only unix:// and tcp:// are asked" };
  if (env.DOCKER_TLS_VERIFY) return { endpoint, trouble: "a daemon behind TLS is not asked" };
  try {
    const { Version } = JSON.parse(await get(options)) as { readonly Version?: string };
    return Version === undefined
      ? { endpoint, trouble: "it is no Docker daemon" }
      : { endpoint, version: Version };
  } catch (error) {
    return { endpoint, trouble: error instanceof Error ? error.message : String(error) };
  }
}
