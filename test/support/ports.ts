// A port for a listener of a test. Below the range that the kernel gives to outgoing connections: a
// port that was only asked for and closed again may be such a connection's own a moment later. From 32000
// to 32767 are the fixed ports and ranges that tests name.
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const first = 20_000;
const end = 32_000;

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "0.0.0.0", () => server.close(() => resolve(true)));
  });

/** A port that nothing listens on, on any address. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(first, end);
    if (await canListen(port)) return port;
  }
  throw new Error(`no free port found between ${first} and ${end}`);
}
