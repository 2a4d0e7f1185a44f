// How the login user becomes root on a host: it is root, sudo asks for nothing, or sudo asks for a
// password. Found out once, before a script is sent: sudo would take its lines for passwords.

import { text } from "node:stream/consumers";
import type { SshConnection } from "./connection.ts";
import { lostError, SshError, SshProblem } from "./errors.ts";
import type { SshTarget } from "./types.ts";
import type { Become } from "./wrapper.ts";

const probe =
  'exec sh -c \'test "$(id -u)" != 0 || exec echo is-root; ' +
  "command -v sudo >/dev/null || exec echo no-sudo; " +
  "sudo -n true && exec echo may-sudo; echo asks'";
const passwordProbe = "exec sudo -S -p '' -- echo may-sudo";

/** What it said. One whose end nobody told was cut, and has not said no. */
async function ask(connection: SshConnection, command: string, input: string) {
  const channel = await connection.exec(command);
  channel.on("error", () => undefined);
  // An event "exit" may have been there before anybody could listen; the end repeats it.
  const ended = new Promise<boolean>((resolve) => {
    channel.once("close", (code?: number | null) => resolve(code !== undefined));
  });
  channel.end(input);
  const [stdout, stderr] = await Promise.all([text(channel), text(channel.stderr)]);
  if (!(await ended)) throw connection.gone ?? lostError(connection.label, undefined);
  return { stdout, stderr };
}

function refused(message: string, fix: string): SshError {
  return new SshError(SshProblem.Sudo, message, { fix });
}

export async function probeBecome(connection: SshConnection, target: SshTarget): Promise<Become> {
  if (target.user === "root") return "plain";
  const { label } = connection;
  const { stdout, stderr } = await ask(connection, probe, "");
  if (stdout.includes("is-root")) return "plain";
  if (stdout.includes("may-sudo")) return "sudo";
  if (stdout.includes("no-sudo")) {
    throw refused(
      `"${target.user}" cannot become root on ${label}: there is no sudo`,
      "install sudo there, or log in as root",
    );
  }
  const said = stderr.trim().split("\n").at(-1) ?? "";
  if (!stdout.includes("asks")) {
    throw refused(
      `"${target.user}" cannot run commands on ${label}: ${said || "its shell said nothing"}`,
      "check the user's login shell on the host",
    );
  }
  if (target.sudoPassword === undefined) {
    throw refused(
      `"${target.user}" cannot become root on ${label}: ${said}`,
      "let the user run sudo without a password, or give sudoPassword",
    );
  }
  const second = await ask(connection, passwordProbe, `${target.sudoPassword}\n`);
  if (second.stdout.includes("may-sudo")) return "password";
  throw refused(
    `"${target.user}" cannot become root on ${label}: ${second.stderr.trim().split("\n").at(-1) ?? ""}`,
    "check sudoPassword, and the user's rights in sudoers",
  );
}
