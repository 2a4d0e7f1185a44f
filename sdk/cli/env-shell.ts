// Settings of the environment as lines that a shell reads. Pure.
import { ErrorCode, SdkError } from "../errors.ts";

const shells = ["sh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** The shell that was asked for, else the person's own; bash, zsh and others read what sh reads. */
export function shellOf(asked: string | undefined, environment: NodeJS.ProcessEnv): Shell {
  if (asked === undefined) return environment.SHELL?.endsWith("/fish") ? "fish" : "sh";
  const found = shells.find((shell) => shell === asked);
  if (found) return found;
  throw new SdkError(ErrorCode.BadInput, `the shell is ${JSON.stringify(asked)}`, {
    fix: `write ${shells.join(" or ")}; bash and zsh read what sh reads`,
  });
}

function quote(value: string, shell: Shell): string {
  const escaped =
    shell === "fish"
      ? value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")
      : value.replaceAll("'", `'\\''`);
  return `'${escaped}'`;
}

/** Sets each variable, and takes away those that are undefined. */
export function renderShell(
  settings: Readonly<Record<string, string | undefined>>,
  shell: Shell,
): string {
  const lines = Object.entries(settings).map(([name, value]) => {
    if (value === undefined) return shell === "fish" ? `set -e ${name};` : `unset ${name}`;
    const quoted = quote(value, shell);
    return shell === "fish" ? `set -gx ${name} ${quoted};` : `export ${name}=${quoted}`;
  });
  return lines.join("\n");
}
