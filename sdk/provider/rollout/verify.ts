// Whether a service answers well once its requests have moved: it is asked through the proxy, as a
// client asks. How long an answer may take is told by how long the new containers took before the move:
// a page of a second is no fault of a service that is slow by nature.

import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../../errors.ts";
import { isWell } from "../../haproxy/gate.ts";
import type { Agent, RouteSpec, SiteSpec } from "../../haproxy/types.ts";

const pauseMs = 100;
/** How often each server is to be asked, and each proxy: e^-8 is the chance that one is left out. */
const enoughEach = 8;
const mostAnswers = 100;
const leastTimeoutMs = 1_500;
const mostTimeoutMs = 10_000;
/** How much slower than before the move an answer may be. */
const slowerTimes = 5;

type Asker = Pick<Agent, "probe">;

/** A proxy that is asked. */
export interface Asked {
  readonly agent: Asker;
  /**
   * Where it listens in its own network.
   * @defaultValue 8080
   */
  readonly port: number | undefined;
  /** The proxy in messages. */
  readonly words: string;
}

/** The request that tells whether a site is answered, and which answers are well. */
function questionOf({ host, path }: SiteSpec, { check }: RouteSpec) {
  const { path: asked = path, expectStatus = "200-399", method = "GET" } = check;
  const isInside = asked.startsWith(path);
  const name = host === "*" ? "localhost" : host;
  const at = isInside ? asked : path;
  return {
    where: `${name}${at}`,
    request: `${method} ${at} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`,
    // What is not the checked path may be answered by any word of the service.
    isWell: (answer: string) => isWell(answer, isInside ? expectStatus : "100-499"),
  };
}

/** How long the slowest server takes for an answer, asked past the proxy; 0 where none is asked. */
export async function slowestAnswerMs(agent: Asker, spec: RouteSpec): Promise<number> {
  const [site] = spec.sites;
  if (spec.check.path === undefined || site === undefined) return 0;
  const { request } = questionOf(site, spec);
  let slowestMs = 0;
  for (const { address, port } of spec.servers) {
    const startedAt = performance.now();
    await agent.probe(address, port, request, mostTimeoutMs);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
  }
  return slowestMs;
}

/** How long an answer may take through the proxy, in milliseconds. */
export function answerTimeoutMs(slowestMs: number): number {
  return Math.ceil(Math.min(Math.max(leastTimeoutMs, slowerTimes * slowestMs), mostTimeoutMs));
}

/**
 * How many good answers each proxy has to give. Clients ask in between, so which server answers is
 * chance: of n servers, one that is asked for 8 n times in all is left out with the probability
 * (1 - 1/n)^(8 n) < e^-8. Proxies that have the same servers share those 8 n, as that a proxy reaches
 * each of its servers was shown by its own check before the move: so the work on each host stays the same
 * however many hosts there are. No proxy is asked less than 8 times for itself.
 */
export function sharesOf(specs: readonly RouteSpec[]): readonly number[] {
  const proxies = new Map<string, number>();
  const names = specs.map(({ servers }) => servers.map(({ name }) => name));
  for (const name of names.flat()) proxies.set(name, (proxies.get(name) ?? 0) + 1);
  return names.map((own) => {
    const share = own.reduce((sum, name) => sum + enoughEach / (proxies.get(name) ?? 1), 0);
    if (own.length === 0) return 0;
    // Less what sums of parts such as 8/3 are too large by.
    return Math.min(mostAnswers, Math.max(enoughEach, Math.ceil(share - 1e-9)));
  });
}

/** How well a proxy has to answer. */
export interface Demand {
  /** How long the slowest server took before the move: 0 where that is not known. */
  readonly slowestMs: number;
  /** Its share of the good answers, as {@link sharesOf} has it. */
  readonly share: number;
}

/**
 * Requests through the proxy, as a client makes them, until its share of good answers was given in a
 * row. After an answer that is not well, nothing is shared any more: as many in a row as tell by
 * themselves that each server answers. Such answers are forgiven for twice the time of an answer, no
 * longer: clients get them meanwhile.
 */
export async function verify(
  { agent, port = 8080, words }: Asked,
  spec: RouteSpec,
  { slowestMs, share }: Demand,
): Promise<void> {
  if (spec.check.path === undefined) return;
  const timeoutMs = answerTimeoutMs(slowestMs);
  const alone = Math.min(mostAnswers, enoughEach * spec.servers.length);
  for (const site of spec.sites) {
    const question = questionOf(site, spec);
    let inRow = 0;
    let badSince: number | undefined;
    while (inRow < (badSince === undefined ? share : alone)) {
      const askedAt = performance.now();
      const answer = await agent.probe("127.0.0.1", port, question.request, timeoutMs);
      inRow = question.isWell(answer) ? inRow + 1 : 0;
      if (inRow > 0) continue;
      badSince ??= askedAt;
      if (performance.now() - badSince >= 2 * timeoutMs) {
        const said = answer.split("\r\n")[0] ?? "";
        throw new SdkError(
          ErrorCode.GateFailed,
          `${words} answers "${said}" for ${question.where} after the move`,
        );
      }
      await sleep(pauseMs);
    }
  }
}
