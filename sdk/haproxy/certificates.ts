// The certificates of a proxy, which stacks bring each for their sites: a file with chain and key
// for each, and one list that all share (HAProxy's crt-list). A change is files and a reload, which
// loses no request. Refuses here what HAProxy would refuse: when it meets a key that does not match,
// handshakes of other clients fail as well.
import { createHash, createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { ErrorCode, SdkError } from "../errors.ts";
import { joinPem, splitPem } from "../pki/inspect.ts";
import { proxyLock } from "./agent.ts";
import { ask, parseInfo } from "./cli.ts";
import { readFiles } from "./observe.ts";
import { certificatesFolder } from "./paths.ts";
import { checkFiles, load, type Undo } from "./reload.ts";
import { generationOf } from "./render.ts";
import type { Agent, ApplyOptions, CertificateSpec, ProxyPaths, RouteFault } from "./types.ts";

const lockTimeoutMs = 60_000;
const namePattern =
  /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function parsedKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** The DNS names that a certificate is for, lower case, in its order. */
function namesIn(leaf: X509Certificate): readonly string[] {
  return (leaf.subjectAltName ?? "")
    .split(", ")
    .flatMap((one) => (one.startsWith("DNS:") ? [one.slice(4).toLowerCase()] : []));
}

const covers = (leaf: X509Certificate, name: string): boolean =>
  namesIn(leaf).includes(name) || leaf.checkHost(name, { subject: "never" }) !== undefined;

/** Everything that is wrong with a certificate, its key and its names, or nothing. */
export function checkCertificate(spec: CertificateSpec): readonly RouteFault[] {
  const faults: RouteFault[] = [];
  const say = (property: string, reason: string) => faults.push({ property, reason });
  const chain = splitPem(spec.certificate).map(parsed);
  const [leaf] = chain;
  if (leaf === undefined || chain.includes(undefined)) {
    say("certificate", "is no chain of certificates as PEM; write the server's first");
  }
  for (const [index, one] of chain.entries()) {
    const next = chain[index + 1];
    if (one === undefined || next === undefined || one.checkIssued(next)) continue;
    say("certificate", `has at place ${index + 2} one that did not issue the one before it`);
  }
  const key = parsedKey(spec.key);
  if (key === undefined) say("key", "is no private key as PEM; write one without a passphrase");
  else if (leaf !== undefined && !leaf.checkPrivateKey(key)) {
    say("key", "does not belong to the certificate");
  }
  if (leaf === undefined) return faults;
  if (servedNames(spec).length === 0) {
    say("names", "is empty, and the certificate has no DNS name; write one with the sites' names");
  }
  for (const [index, name] of (spec.names ?? []).entries()) {
    if (!namePattern.test(name)) say(`names[${index}]`, `is "${name}"; write a DNS name`);
    else if (!covers(leaf, name)) say(`names[${index}]`, `is ${name}, which it is not for`);
  }
  return faults;
}

/** The names that it answers for. */
export function servedNames(
  spec: Pick<CertificateSpec, "certificate" | "names">,
): readonly string[] {
  if (spec.names !== undefined && spec.names.length > 0) return [...spec.names].sort();
  const [first = ""] = splitPem(spec.certificate);
  const leaf = parsed(first);
  return leaf === undefined ? [] : [...new Set(namesIn(leaf))].sort();
}

const fileText = (spec: CertificateSpec): string =>
  `${joinPem(splitPem(spec.certificate)).trimEnd()}\n${spec.key.trim()}\n`;

/** The file's name says what is in it, so that the list alone tells what is loaded. */
function fileOf(paths: ProxyPaths, spec: CertificateSpec): string {
  const word = createHash("sha256").update(fileText(spec)).digest("hex").slice(0, 16);
  return `${certificatesFolder(paths)}/${spec.entry}_${word}.pem`;
}

const lineOf = (paths: ProxyPaths, spec: CertificateSpec): string =>
  `${fileOf(paths, spec)} ${servedNames(spec).join(" ")}`;

const keyOfLine = (line: string): string =>
  /\/([^/ ]+)_[0-9a-f]{16}\.pem( |$)/.exec(line)?.[1] ?? "";
const pathOfLine = (line: string): string => line.split(" ")[0] ?? "";
const linesOf = (list: string): readonly string[] => list.split("\n").filter(Boolean);

const listWith = (list: string, key: string, lines: readonly string[]): string =>
  [...linesOf(list).filter((line) => keyOfLine(line) !== key), ...lines]
    .sort()
    .map((line) => `${line}\n`)
    .join("");

/** Names that another certificate of the proxy has. */
function conflicts(list: string, spec: CertificateSpec): readonly string[] {
  const owners = new Map<string, string>();
  for (const line of linesOf(list)) {
    if (keyOfLine(line) === spec.entry) continue;
    for (const name of line.split(" ").slice(1)) owners.set(name, keyOfLine(line));
  }
  return servedNames(spec).flatMap((name) => {
    const owner = owners.get(name);
    return owner === undefined ? [] : [`${name} has the certificate "${owner}"`];
  });
}

/** Exchanges one entry's line, and loads that. Gives whether anything was to do. */
async function change(
  agent: Agent,
  key: string,
  { lines, signal }: { readonly lines: readonly string[]; readonly signal?: AbortSignal },
): Promise<boolean> {
  const before = await readFiles(agent);
  const after = { ...before, certificates: listWith(before.certificates, key, lines) };
  const live = parseInfo(await ask(agent, "@1 show info"))["description"];
  if (after.certificates === before.certificates && live === generationOf(after)) return false;
  const former = linesOf(before.certificates).filter((line) => keyOfLine(line) === key);
  await checkFiles(agent, after, { certificates: true });
  if (signal?.aborted) throw new SdkError(ErrorCode.Cancelled, "cancelled; nothing was changed");
  const undo: Undo[] = [];
  try {
    await load(agent, (files) => ({ ...files, certificates: after.certificates }), {
      back: (files) => ({ ...files, certificates: listWith(files.certificates, key, former) }),
      onUndo: (one) => undo.push(one),
    });
  } catch (error) {
    for (const one of undo) await one();
    throw error;
  }
  return true;
}

/** Files of this entry that the list does not name: of a former certificate, or of a killed run. */
async function sweep(agent: Agent, key: string): Promise<void> {
  const named = linesOf((await readFiles(agent)).certificates).map(pathOfLine);
  for (const name of await agent.listFolder(certificatesFolder(agent.paths))) {
    const path = `${certificatesFolder(agent.paths)}/${name}`;
    if (keyOfLine(path) === key && !named.includes(path)) await agent.deleteFile(path);
  }
}

async function underLock<T>(agent: Agent, options: ApplyOptions, work: () => Promise<T>) {
  await agent.lock(proxyLock, options.lockTimeoutMs ?? lockTimeoutMs, options.signal);
  try {
    return await work();
  } finally {
    await agent.unlock(proxyLock).catch(() => undefined);
  }
}

/** Makes the proxy answer with this certificate; true when that was a change. Loses no request. */
export async function ensureCertificate(
  agent: Agent,
  spec: CertificateSpec,
  options: ApplyOptions = {},
): Promise<boolean> {
  const faults = checkCertificate(spec);
  if (faults.length > 0) {
    const words = faults.map(({ property, reason }) => `${property} ${reason}`).join("; ");
    throw new SdkError(ErrorCode.BadInput, `certificate "${spec.entry}": ${words}`);
  }
  return await underLock(agent, options, async () => {
    const taken = conflicts((await readFiles(agent)).certificates, spec);
    if (taken.length > 0) {
      throw new SdkError(ErrorCode.Foreign, `certificate "${spec.entry}": ${taken.join("; ")}`, {
        fix: "write other names, or take the other certificate away first",
      });
    }
    await agent.writeFile(fileOf(agent.paths, spec), fileText(spec));
    const lines = [lineOf(agent.paths, spec)];
    try {
      return await change(agent, spec.entry, { lines, ...options });
    } finally {
      await sweep(agent, spec.entry).catch(() => undefined);
    }
  });
}

/** Takes a certificate away. One that is gone is done. */
export async function removeCertificate(
  agent: Agent,
  key: string,
  options: ApplyOptions = {},
): Promise<boolean> {
  return await underLock(agent, options, async () => {
    const changed = await change(agent, key, { lines: [], ...options });
    await sweep(agent, key);
    return changed;
  });
}

/** What is otherwise than declared, in words; undefined when the proxy has no such entry. */
export async function certificateDrift(
  agent: Agent,
  spec: CertificateSpec,
): Promise<readonly string[] | undefined> {
  const files = await readFiles(agent);
  const own = linesOf(files.certificates).filter((line) => keyOfLine(line) === spec.entry);
  if (own.length === 0) return undefined;
  const there = await agent.listFolder(certificatesFolder(agent.paths));
  const live = parseInfo(await ask(agent, "@1 show info"))["description"];
  return [
    ...(own.join() === lineOf(agent.paths, spec) ? [] : ["another certificate is in its place"]),
    ...(own.every((line) => there.includes(pathOfLine(line).split("/").at(-1) ?? ""))
      ? []
      : ["its file is gone"]),
    ...(live === generationOf(files) ? [] : ["the proxy has not loaded it"]),
  ];
}
