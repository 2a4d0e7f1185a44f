// Running commands for the set-up: their output goes to the step's progress and, when they fail, its
// last lines go into the error. No dependencies.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { StepError } from "./steps.mjs";

/** How much of a failed command is shown: the first lines that speak of an error, and the last. */
const errorLines = 8;
const tailLines = 20;

/**
 * Runs a command and answers `{ code, stdout }`. With `check` (the default) an exit code other than
 * 0 is a StepError with the last lines and `fix`. `onLine` gets every line as it comes.
 */
export function run(command, args, options = {}) {
  const { cwd, env, signal, onLine, check = true, fix, tty = false } = options;
  return new Promise((resolve, reject) => {
    const stdio = tty ? "inherit" : ["ignore", "pipe", "pipe"];
    const child = spawn(command, args, { cwd, env, signal, stdio });
    const errors = [];
    const tail = [];
    let stdout = "";
    const rest = { stdout: "", stderr: "" };
    const feed = (stream) => (data) => {
      if (stream === "stdout") stdout += data;
      const parts = (rest[stream] + data).split(/\r?\n/);
      rest[stream] = parts.pop();
      for (const line of parts) {
        tail.push(line);
        const early = tail.length > tailLines ? tail.shift() : "";
        if (/error/i.test(early) && errors.length < errorLines) errors.push(early);
        onLine?.(line, stream);
      }
    };
    for (const stream of ["stdout", "stderr"]) {
      child[stream]?.setEncoding("utf8").on("data", feed(stream));
    }
    child.once("error", (error) => {
      const missing = cwd && !existsSync(cwd) ? `folder ${cwd}` : `command "${command}"`;
      const words = error.code === "ENOENT" ? `there is no ${missing}` : error.message;
      reject(new StepError(words, { fix }));
    });
    child.once("close", (code, ended) => {
      const last = [...errors, ...tail, rest.stdout, rest.stderr].filter((line) => line !== "");
      const status = code ?? 128 + (constants.signals[ended] ?? 0);
      if (status === 0 || !check) return resolve({ code: status, stdout });
      const words = `"${[command, ...args].join(" ")}" ended with exit code ${status}`;
      return reject(new StepError(words, { fix, tail: last }));
    });
  });
}
