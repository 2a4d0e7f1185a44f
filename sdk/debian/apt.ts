// What a build takes over from the machine's apt: how to reach mirrors (proxies, retries, clock
// checks, credentials by file), and nothing else. mmdebstrap runs apt with a configuration of its
// own, so that a proxy would be forgotten otherwise. What is made here is a private file for one
// build; it is taken out of the root again, and never passes through argv.
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Which languages, indexes and formats are fetched is the build's own matter. */
const notTaken =
  /^Acquire::(Languages|IndexTargets|CompressionTypes|GzipIndexes|Changelogs|cdrom|Send-URI-Encoded|PDiffs)\b/i;

/**
 * The settings of an `apt-config dump` that say how to fetch, in the same format. Keys with an
 * empty value and children (`Acquire "";`) are only the trunk of the tree and are left out.
 */
export function acquireSettings(dump: string): string {
  const kept = dump.split("\n").filter((line) => {
    const [, key, value] = /^([A-Za-z][^\s]*) "(.*)";$/.exec(line) ?? [];
    if (key === undefined || value === "") return false;
    return key.startsWith("Acquire::") && !notTaken.test(key);
  });
  return kept.map((line) => `${line}\n`).join("");
}

async function readable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** How this machine fetches packages, as an apt configuration file. */
export async function machineAptConfig(): Promise<string> {
  const { stdout } = await run("apt-config", ["dump"], { maxBuffer: 8 << 20 });
  const lines = [acquireSettings(stdout), 'Acquire::Languages "none";\n'];
  // Absolute paths: apt runs outside of the root, whose own folder would be looked into otherwise.
  if (await readable("/etc/apt/auth.conf")) lines.push('Dir::Etc::netrc "/etc/apt/auth.conf";\n');
  if (await readable("/etc/apt/auth.conf.d"))
    lines.push('Dir::Etc::netrcparts "/etc/apt/auth.conf.d";\n');
  return lines.join("");
}

/** A configuration for `apt-get update` into folders of its own, touching nothing of the machine. */
export function listsConfig(options: {
  readonly folder: string;
  readonly sourcesFile: string;
  readonly arch: string;
  readonly fetch: string;
}): string {
  const { folder, sourcesFile, arch, fetch } = options;
  return `Dir::Etc::parts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::sourcelist "${sourcesFile}";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "${folder}/state";
Dir::State::lists "${folder}/lists";
Dir::State::status "/dev/null";
Dir::Cache "${folder}/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Architecture "${arch}";
APT::Architectures "${arch}";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
${fetch}`;
}
