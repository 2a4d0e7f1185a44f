// What goes out with a call: its headers and its body.
import type { ClientRequest, OutgoingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { ApiCall } from "./call.ts";

export function headersOf(call: ApiCall, hijack: boolean): OutgoingHttpHeaders {
  const json = call.json === undefined ? undefined : JSON.stringify(call.json);
  return {
    Host: "docker",
    ...(json === undefined
      ? {}
      : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(json) }),
    ...(call.contentType ? { "Content-Type": call.contentType } : {}),
    ...(Buffer.isBuffer(call.body) ? { "Content-Length": call.body.length } : {}),
    ...(hijack ? { Connection: "Upgrade", Upgrade: "tcp" } : {}),
    ...(call.headers as OutgoingHttpHeaders | undefined),
  };
}

/** Writes what the call has for a body. `failed` is told of a stream that fails, and ends the request. */
export function writeBody(
  outgoing: ClientRequest,
  call: ApiCall,
  failed: (failure: BodyFailure) => void,
): void {
  if (call.json !== undefined) outgoing.end(JSON.stringify(call.json));
  else if (Buffer.isBuffer(call.body)) outgoing.end(call.body);
  else if (call.body) streamBody(outgoing, call.body, failed);
  else outgoing.end();
}

/** `pipeline` would abort the request without the reason, and a source must not outlive its call. */
function streamBody(
  outgoing: ClientRequest,
  body: Readable,
  failed: (failure: BodyFailure) => void,
): void {
  body.once("error", (error) => failed(new BodyFailure(error)));
  outgoing.once("close", () => body.destroy());
  body.pipe(outgoing);
}

/** The source of a body failed: the daemon has nothing to do with it. */
export class BodyFailure extends Error {
  readonly reason: Error;

  constructor(reason: Error) {
    super(reason.message);
    this.reason = reason;
  }
}
