// A command in a terminal of its own (a pseudo-terminal of Python's), answered as a person would.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

const script = `
import fcntl, json, os, pty, select, struct, sys, termios
job = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(job["cwd"])
    os.execve(job["command"][0], job["command"], job["env"])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", job["rows"], job["columns"], 0, 0))
said, at, answers = b"", 0, job["answers"]
while True:
    if not select.select([terminal], [], [], job["silentSeconds"])[0]: os.kill(pid, 9)
    try: data = os.read(terminal, 65536)
    except OSError: break
    if not data: break
    said += data
    if answers and answers[0][0].encode() in said[at:]:
        at = len(said)
        os.write(terminal, answers.pop(0)[1].encode())
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps({"code": code, "text": said.decode(errors="replace")}))
`;

export interface Screen {
  readonly code: number;
  /** All that was on the screen, with its control sequences. */
  readonly text: string;
}

export const terminalSize = { rows: 33, columns: 101 } as const;

/** Why there is no terminal here, if there is none. */
export function missingTerminal(): string | undefined {
  return existsSync("/usr/bin/python3") ? undefined : "needs python3, for a terminal";
}

/** Runs it to its end. An answer is what to wait for, and what is then typed. */
export async function inTerminal(
  command: readonly string[],
  at: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  answers: readonly (readonly [string, string])[] = [],
): Promise<Screen> {
  const child = spawn("/usr/bin/python3", ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (data: string) => {
    text += data;
  });
  child.stdin.end(JSON.stringify({ command, ...at, answers, ...terminalSize, silentSeconds: 60 }));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the terminal ended with ${code ?? "a signal"}`);
  return JSON.parse(text) as Screen;
}
