// A connection that was taken over: what a process writes and reads, with or without a TTY.
// Specification: Docker Engine API, "Attach to a container", stream format.
import { type Duplex, PassThrough, Writable } from "node:stream";
import { LogDemuxer } from "./logs.ts";
import type { Hijacked } from "./transport.ts";
import type { LogChunk } from "./types.ts";

export interface Outputs {
  readonly stdout: PassThrough;
  readonly stderr: PassThrough;
}

/** What a terminal measures, in characters. */
export interface ConsoleSize {
  readonly rows: number;
  readonly columns: number;
}

/** The three streams of a process. */
export interface Streams extends Outputs {
  readonly stdin: Writable;
  /** When all that came over the connection is in the two outputs, which go on; rejects when it breaks. */
  readonly copied: Promise<void>;
}

/** The streams of a connection that was taken over. */
export function streamsOf(hijacked: Hijacked, tty: boolean): Streams {
  const outputs = { stdout: new PassThrough(), stderr: new PassThrough() };
  const copied = demux(hijacked, outputs, tty);
  return { ...outputs, stdin: inputOf(hijacked.socket), copied };
}

/** Copies the connection into the two outputs, waiting for whichever is full; a TTY has one. */
async function demux({ socket, head }: Hijacked, outputs: Outputs, tty: boolean): Promise<void> {
  const demuxer = new LogDemuxer();
  const chunksOf = (data: Buffer): readonly LogChunk[] =>
    tty ? [{ stream: "stdout", data }] : demuxer.push(data);
  const write = async (bytes: Buffer) => {
    for (const chunk of chunksOf(bytes)) {
      const output = outputs[chunk.stream];
      if (!output.destroyed && !output.write(chunk.data)) await drained(output);
    }
  };
  await write(head);
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    await write(bytes as Buffer);
  }
  if (demuxer.cut) {
    throw new Error("the connection was cut in the middle of the output");
  }
}

function drained(output: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      output.off("drain", done);
      output.off("close", done);
      resolve();
    };
    output.on("drain", done);
    output.on("close", done);
  });
}

function inputOf(socket: Duplex): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => {
      if (socket.writable) socket.write(chunk, (error) => done(error));
      else done(new Error("the command's input is closed"));
    },
    // Half-closes: the daemon closes the process's input and goes on sending output.
    final: (done) => {
      if (socket.writable) socket.end(done);
      else done();
    },
  });
}
