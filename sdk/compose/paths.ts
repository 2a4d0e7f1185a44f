// Paths of a service of another folder, made into paths from here: what `extends` and `include` bring
// along is relative to the file that it is from.
import * as path from "node:path";
import { isValues, plainText, type Values } from "./source.ts";

/** Whether a build's context is on this machine, and no repository's address. */
function isLocal(context: string): boolean {
  return !/^[a-z][a-z+.-]*:\/\/|^git@|^github\.com\//.test(context);
}

/** How a path, which may be a volume's name where `named` says so, is written from another folder. */
function mover(from: string, to: string) {
  return (value: unknown, named = false): unknown => {
    if (typeof value !== "string" || /^[/~]/.test(value)) return value;
    if (named && !/^\.{1,2}(\/|$)/.test(value)) return value;
    return `./${path.relative(to, path.resolve(from, value))}`;
  };
}

type Move = ReturnType<typeof mover>;

function movedBuild(build: unknown, move: Move): unknown {
  const local = (context: unknown) =>
    typeof context === "string" && isLocal(context) ? move(context) : context;
  return isValues(build) ? { ...build, context: local(build["context"] ?? ".") } : local(build);
}

function movedVolume(one: unknown, move: Move): unknown {
  if (isValues(one)) return { ...one, source: move(one["source"], true) };
  return plainText(one).replace(/^[^:]+/, (source) => plainText(move(source, true)));
}

function movedEnvFile(one: unknown, move: Move): unknown {
  return isValues(one) ? { ...one, path: move(one["path"]) } : move(one);
}

/** A service whose paths were relative to `from`, with paths relative to `to`. */
export function rebased(service: Values, from: string, to: string): Values {
  if (from === to) return service;
  const move = mover(from, to);
  const { build, volumes, env_file: files } = service;
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
  return {
    ...service,
    ...(build === undefined ? {} : { build: movedBuild(build, move) }),
    ...(Array.isArray(volumes) ? { volumes: volumes.map((one) => movedVolume(one, move)) } : {}),
    ...(files === undefined ? {} : { env_file: list(files).map((one) => movedEnvFile(one, move)) }),
  };
}

/** The same of a secret or a configuration. */
export function rebasedFile(value: Values, from: string, to: string): Values {
  const { file } = value;
  return file === undefined || from === to ? value : { ...value, file: mover(from, to)(file) };
}
