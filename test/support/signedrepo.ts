// A signed apt repository of packages that are made on the spot, and the key that signs it: made by
// dpkg-deb and gpg in a temporary folder. Nothing of the user's keys is touched.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Why no repository can be signed here, if none can. */
export function missingForSigning(): string | undefined {
  for (const name of ["gpg", "dpkg-deb"]) {
    if (!existsSync(path.join("/usr/bin", name))) return `there is no ${name}`;
  }
  return undefined;
}

export interface SigningKey {
  /** The public key, armored. */
  readonly text: string;
  /** As gpg prints it. */
  readonly fingerprint: string;
}

export interface PackageFiles {
  readonly name: string;
  readonly version: string;
  /** Programs by their paths. */
  readonly programs?: Readonly<Record<string, string>>;
}

export class Signer {
  private readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  static async open(): Promise<Signer> {
    return new Signer(await mkdtemp(path.join(tmpdir(), "dwtest-gpg-")));
  }

  private async gpg(...args: readonly string[]): Promise<string> {
    const all = ["--homedir", this.home, "--batch", "--yes", "--quiet", ...args];
    return (await execute("gpg", all)).stdout;
  }

  async makeKey(name: string): Promise<SigningKey> {
    const user = `${name} <${name}@example.com>`;
    await this.gpg("--passphrase", "", "--quick-gen-key", user, "ed25519", "sign", "never");
    const listed = await this.gpg("--list-keys", "--with-colons", `${name}@example.com`);
    const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(listed)?.[1] ?? "";
    return { text: await this.gpg("--armor", "--export", fingerprint), fingerprint };
  }

  /** Makes a repository in a folder; `suite` has one component, stable. */
  async makeRepository(
    folder: string,
    suite: string,
    key: SigningKey,
    packages: readonly PackageFiles[],
  ): Promise<void> {
    await mkdir(path.join(folder, "pool"), { recursive: true });
    const entries: string[] = [];
    for (const one of packages) entries.push(await makeDeb(folder, one));
    const text = entries.join("\n");
    const lists = ["all", "amd64", "arm64"].map((name) => `stable/binary-${name}/Packages`);
    const dist = path.join(folder, "dists", suite);
    for (const file of lists) {
      await mkdir(path.dirname(path.join(dist, file)), { recursive: true });
      await writeFile(path.join(dist, file), text);
    }
    const sums = lists.map((file) => ` ${sha256(text)} ${Buffer.byteLength(text)} ${file}`);
    const head = `Origin: Test\nSuite: ${suite}\nCodename: ${suite}\nComponents: stable\nArchitectures: all amd64 arm64\nDate: ${new Date().toUTCString()}\n`;
    await writeFile(path.join(dist, "Release"), `${head}SHA256:\n${sums.join("\n")}\n`);
    const [from, to] = [path.join(dist, "Release"), path.join(dist, "InRelease")];
    await this.gpg("--local-user", key.fingerprint, "--output", to, "--clearsign", from);
  }

  async close(): Promise<void> {
    await execute("gpgconf", ["--homedir", this.home, "--kill", "all"]).catch(() => undefined);
    await rm(this.home, { recursive: true, force: true });
  }
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");

/** Gives the package's entry in the list. */
async function makeDeb(folder: string, of: PackageFiles): Promise<string> {
  const { name, version, programs = {} } = of;
  const tree = await mkdtemp(path.join(tmpdir(), "dwtest-deb-"));
  try {
    const control = `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: Test <test@example.com>\nDescription: for a test\n`;
    await mkdir(path.join(tree, "DEBIAN"));
    await writeFile(path.join(tree, "DEBIAN", "control"), control);
    for (const [file, text] of Object.entries(programs)) {
      await mkdir(path.dirname(path.join(tree, file)), { recursive: true });
      await writeFile(path.join(tree, file), text, { mode: 0o755 });
    }
    await execute("chmod", ["-R", "u=rwX,go=rX", tree]);
    const at = `pool/${name}_${version.replace(/^\d+:/, "")}_all.deb`;
    await execute("dpkg-deb", ["--root-owner-group", "-b", tree, path.join(folder, at)]);
    const deb = await readFile(path.join(folder, at));
    return `${control}Filename: ${at}\nSize: ${deb.length}\nSHA256: ${sha256(deb)}\n`;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}
