// `dockwright backup` and `dockwright restore`: a volume of the stack to a file of this machine, and back,
// as the resources VolumeBackup and Volume do it (docker/volume-backup.ts).
import * as path from "node:path";
import { backupVolume, type Consistency, restoreVolume } from "../../docker/volume-backup.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { labelsOfOwner } from "../../provider/owner.ts";
import { isMap, type Value } from "../../provider/values.ts";
import { say } from "../output.ts";
import { withLive } from "./ask.ts";
import type { BackupOptions } from "./options.ts";
import { streaming } from "./stream.ts";
import type { Recorded, StackView } from "./view.ts";

const ways = ["pause", "stop", "none"] as const;

export function consistencyOf(text: string | undefined): Consistency {
  const found = ways.find((way) => way === (text ?? "pause"));
  if (found !== undefined) return found;
  throw new SdkError(ErrorCode.BadInput, `--consistency is "${text ?? ""}"`, {
    fix: `write ${ways.join(", ")}`,
  });
}

/** A volume of the stack: by the name that the program gave it, or by its own. */
export function chooseVolume(view: StackView, name: string, host: string | undefined): Recorded {
  const volumes = view.recorded.filter(({ kind, going }) => kind === "Volume" && !going);
  const named = volumes.filter((one) => one.name === name || one.id === name);
  const here = named.filter((one) => host === undefined || one.host.name === host);
  const [only, another] = here;
  if (only !== undefined && another === undefined) return only;
  if (only !== undefined) {
    const hosts = here.map((one) => one.host.name).join(", ");
    throw new SdkError(ErrorCode.BadInput, `"${name}" is a volume on ${here.length} hosts`, {
      fix: `name one by --host: ${hosts}`,
    });
  }
  const all = volumes.map((one) => `${one.name} on ${one.host.name}`).sort();
  const there = all.length === 0 ? "the stack has none" : `there are ${all.join(", ")}`;
  const where = host === undefined ? "" : ` on ${host}`;
  throw new SdkError(ErrorCode.BadInput, `no volume is called "${name}"${where}; ${there}`);
}

/** In a terminal the line is written over; elsewhere only the end counts. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

const done = (): void => progress("");

function textMap(value: Value | undefined): Readonly<Record<string, string>> {
  if (!isMap(value)) return {};
  const texts = Object.entries(value).filter(([, one]) => typeof one === "string");
  return Object.fromEntries(texts) as Record<string, string>;
}

/** 0: the file is whole; it takes the place of a former one at once, or is not there. */
export async function backup(
  volume: string,
  file: string,
  options: BackupOptions,
): Promise<number> {
  const consistency = consistencyOf(options.consistency);
  return await withLive(options, (hosts) =>
    streaming(async (_outlet, signal) => {
      const { id, host } = chooseVolume(hosts.view, volume, options.host);
      const { docker } = hosts.on(host);
      const how = { consistency, signal, onProgress: progress };
      const { sizeBytes, sha256 } = await backupVolume(docker, id, path.resolve(file), how);
      done();
      const told = { volume: id, host: host.name, file: path.resolve(file), sizeBytes, sha256 };
      if (options.json) say(JSON.stringify(told, undefined, 2));
      else say(`${id} of ${host.name}: ${sizeBytes} bytes in ${file}, sha256 ${sha256}`);
      return 0;
    }),
  );
}

/** 0: the volume is made and has what the file has. One that is there already is left as it is. */
export async function restore(
  volume: string,
  file: string,
  options: BackupOptions,
): Promise<number> {
  return await withLive(options, (hosts) =>
    streaming(async (_outlet, signal) => {
      const { id, host, urn, inputs } = chooseVolume(hosts.view, volume, options.host);
      const { driver, driverOptions, labels } = inputs;
      const body = {
        Name: id,
        Driver: typeof driver === "string" ? driver : "local",
        ...(isMap(driverOptions) ? { DriverOpts: textMap(driverOptions) } : {}),
        // The stack's own: the next update finds it as it was declared.
        Labels: { ...textMap(labels), ...labelsOfOwner({ urn, owner: host.owner }) },
      };
      const { docker } = hosts.on(host);
      await restoreVolume(docker, body, path.resolve(file), { signal, onProgress: progress });
      done();
      const told = { volume: id, host: host.name, file: path.resolve(file) };
      if (options.json) say(JSON.stringify(told, undefined, 2));
      else say(`${id} of ${host.name}: restored from ${file}`);
      return 0;
    }),
  );
}
