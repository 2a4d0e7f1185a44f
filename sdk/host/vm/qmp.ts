// The monitor of a running virtual machine: one command on a connection of its own, within a bounded
// time. Follows the QEMU Machine Protocol: a line of JSON each way, events in between.
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { ErrorCode, SdkError } from "../../errors.ts";

interface Message {
  readonly QMP?: unknown;
  readonly return?: unknown;
  readonly error?: { readonly desc?: string };
}

const timeoutMs = 10_000;

/** Runs a command; gives what it returns. */
export async function monitorCommand(socketPath: string, command: string): Promise<unknown> {
  const socket = connect(socketPath);
  const send = (execute: string) => socket.write(`${JSON.stringify({ execute })}\n`);
  const cannot = (why: string, cause?: unknown) =>
    new SdkError(ErrorCode.Unreachable, `the monitor of the virtual machine ${why}`, { cause });
  try {
    return await new Promise((resolve, reject) => {
      let returned = 0;
      socket.setTimeout(timeoutMs, () => reject(cannot(`said nothing for ${timeoutMs} ms`)));
      socket.once("error", (error) => reject(cannot("cannot be reached", error)));
      // The end of the machine is the answer to the command that asks for it.
      socket.once("close", () => {
        if (returned === 1 && command === "quit") resolve(undefined);
        else reject(cannot(`closed the connection before it answered ${command}`));
      });
      createInterface({ input: socket })
        .on("error", () => undefined)
        .on("line", (line) => {
          const message = JSON.parse(line) as Message;
          if (message.QMP !== undefined) send("qmp_capabilities");
          if (message.error) reject(cannot(`refused ${command}: ${message.error.desc ?? line}`));
          if (!("return" in message)) return;
          returned += 1;
          if (returned === 1) send(command);
          else resolve(message.return);
        });
    });
  } finally {
    socket.destroy();
  }
}
