// The service that tests of rollouts run: a static binary of answerer/main.go, in a folder that an
// image can be built from.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";

/** Makes the build context: the binary and a Dockerfile, of which the argument MARK makes images of their own. */
export async function makeAnswerer(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const source = path.join(import.meta.dirname, "answerer/main.go");
  const out = path.join(folder, "answerer");
  const env = { ...process.env, CGO_ENABLED: "0", GO111MODULE: "off", GOFLAGS: "" };
  const args = ["build", "-trimpath", "-ldflags", "-s -w", "-o", out, source];
  await promisify(execFile)("go", args, { env });
  await writeFile(
    path.join(folder, "Dockerfile"),
    'FROM scratch\nARG MARK\nLABEL mark=$MARK\nADD answerer /answerer\nENTRYPOINT ["/answerer"]\n',
  );
}
