/**
 * A private registry: Debian's docker-registry behind TLS and passwords, its images on a volume that is
 * kept. Certificates are of an authority of the stack, and renewed by date; passwords reach the
 * container as files and are hashed there.
 *
 * @module dockwright/stacks/registry
 */

import * as pulumi from "@pulumi/pulumi";
import {
  CertificateAuthority,
  Container,
  type DaemonLike,
  File,
  type HostLike,
  Image,
  RandomSecret,
  Volume,
} from "../../components/index.ts";

/** Arguments of {@link Registry}. */
export interface RegistryArgs {
  /** The daemon to run on. */
  readonly on: DaemonLike;
  /** The name or address under which it is reached, as it stands in references of images. */
  readonly address: string;
  /**
   * The port of the machine that it answers on. A change interrupts it.
   * @defaultValue 5000
   */
  readonly port?: number;
  /**
   * The address of the machine that it answers on. A change interrupts it.
   * @defaultValue all of them
   */
  readonly hostIp?: string;
  /**
   * Those who may pull and push, by name; the password of each is made here. A change interrupts it.
   * @defaultValue one, "dockwright"
   */
  readonly users?: readonly string[];
}

const uid = 5000;
const dataFolder = "/var/lib/registry";
const secretsFolder = "/run/secrets";
const debugPort = 5001;

/** JSON is YAML. */
const config = JSON.stringify({
  version: 0.1,
  log: { level: "warn", accesslog: { disabled: true } },
  storage: { filesystem: { rootdirectory: dataFolder }, delete: { enabled: true } },
  http: {
    addr: ":5000",
    tls: { certificate: `${secretsFolder}/cert.pem`, key: `${secretsFolder}/key.pem` },
    debug: { addr: `127.0.0.1:${debugPort}` },
  },
  auth: { htpasswd: { realm: "registry", path: "/tmp/htpasswd" } },
});

const entrypoint = `#!/bin/bash
# Hashes the passwords, which it reads from files, and runs the registry.
set -euo pipefail
umask 077
: >/tmp/htpasswd
for file in ${secretsFolder}/users/*; do
  htpasswd -iB /tmp/htpasswd "\${file##*/}" <"$file" 2>/dev/null
done
exec docker-registry serve /etc/dockwright/registry.json
`;

/** The registry's own health, on a port that only the container sees. */
const health = `#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/${debugPort}
printf 'GET /debug/health HTTP/1.0\\r\\n\\r\\n' >&3
read -r line <&3
[[ $line == *" 200 "* ]]
`;

const registryImage = {
  packages: ["docker-registry", "apache2-utils"],
  extraFiles: {
    "/etc/dockwright/registry.json": { content: config },
    "/usr/local/bin/dw-registry": { content: entrypoint, mode: 0o755 },
    "/usr/local/bin/dw-health": { content: health, mode: 0o755 },
  },
  setup: [`install -d -m 0700 -o ${uid} -g ${uid} ${dataFolder}`],
  entrypoint: ["dw-registry"],
  user: `${uid}:${uid}`,
  exposedPorts: ["5000"],
  labels: { "dockwright.image": "registry" },
} as const;

/** A private registry. */
export class Registry extends pulumi.ComponentResource {
  /** What stands before the first slash of its images' references: `HOST:PORT`. */
  readonly address: pulumi.Output<string>;
  /** What its clients trust, as PEM. */
  readonly ca: pulumi.Output<string>;
  /** The password of each user. Secret. */
  readonly passwords: pulumi.Output<{ readonly [user: string]: string }>;
  /** The volume that is kept when the stack is destroyed. */
  readonly volume: pulumi.Output<string>;
  readonly #users: readonly string[];

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:Registry", name, {}, opts);
    const { on, address, port = 5000, hostIp, users = ["dockwright"] } = args;
    checkUsers(users);
    this.#users = users;
    const parent = { parent: this };
    const authority = new CertificateAuthority(`${name}-ca`, { daemon: on }, parent);
    const isAddress = /^[\d.]+$|:/.test(address);
    const certificate = authority.serverCertificate(`${name}-certificate`, {
      names: isAddress ? [] : [address],
      addresses: isAddress ? [address] : [],
    });
    const passwords = users.map(
      (user) =>
        [user, new RandomSecret(`${name}-password-${user}`, { daemon: on }, parent).value] as const,
    );
    const data = new Volume(`${name}-data`, { daemon: on }, parent);
    const container = new Container(
      `${name}-registry`,
      {
        daemon: on,
        image: new Image(`${name}-image`, { daemon: on, debian: registryImage }, parent),
        ports: [
          { containerPort: 5000, hostPort: port, ...(hostIp === undefined ? {} : { hostIp }) },
        ],
        volumes: [{ volume: data, target: dataFolder }],
        files: secretFiles(certificate, passwords),
        healthCheck: { test: ["CMD", "dw-health"], intervalMs: 2000, retries: 15 },
        restart: "unless-stopped",
        ready: { timeoutMs: 60_000 },
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const inReference = address.includes(":") ? `[${address}]` : address;
    // Through what is known once it runs: what is pushed comes after that.
    this.address = container.containerId.apply(() => `${inReference}:${port}`);
    this.ca = pulumi.output(authority.bundle);
    this.passwords = pulumi.secret(pulumi.output(Object.fromEntries(passwords)));
    this.volume = data.volumeName;
    const { ca, volume } = this;
    this.registerOutputs({ address: this.address, ca, passwords: this.passwords, volume });
  }

  /** The credentials of a user, as `pull.auth` of an Image and `auth` of an ImagePush take them. */
  auth(user: string = this.#users[0] ?? ""): {
    /** Who logs in. */
    readonly username: string;
    /** The password, secret. */
    readonly password: pulumi.Output<string>;
  } {
    if (!this.#users.includes(user)) {
      throw new pulumi.InputPropertyError({
        propertyPath: "user",
        reason: `is ${JSON.stringify(user)}; write one of ${this.#users.join(", ")}`,
      });
    }
    return { username: user, password: this.passwords.apply((all) => all[user] ?? "") };
  }

  /** Lets the daemon of a host trust it: a file that Docker reads at each connection. */
  trustOn(name: string, host: HostLike, opts?: pulumi.CustomResourceOptions): File {
    const path = pulumi.interpolate`/etc/docker/certs.d/${this.address}/ca.crt`;
    return new File(name, { host, path, content: this.ca }, { parent: this, ...opts });
  }
}

function checkUsers(users: readonly string[]): void {
  const wrong = users.findIndex((user) => !/^[A-Za-z0-9][\w.-]*$/.test(user));
  if (users.length > 0 && wrong < 0) return;
  throw new pulumi.InputPropertyError({
    propertyPath: wrong < 0 ? "users" : `users[${wrong}]`,
    reason:
      wrong < 0
        ? "is empty; give at least one"
        : `is ${JSON.stringify(users[wrong])}; write letters, digits, "_", "." and "-"`,
  });
}

function secretFiles(
  certificate: { readonly certificate: pulumi.Output<string>; readonly key: pulumi.Output<string> },
  passwords: readonly (readonly [string, pulumi.Output<string>])[],
) {
  const owner = { mode: 0o400, uid, gid: uid };
  const users = passwords.map(
    ([user, content]) => [`${secretsFolder}/users/${user}`, { content, ...owner }] as const,
  );
  return {
    [`${secretsFolder}/cert.pem`]: { content: certificate.certificate, ...owner },
    [`${secretsFolder}/key.pem`]: { content: certificate.key, ...owner },
    ...Object.fromEntries(users),
  };
}
