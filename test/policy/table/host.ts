// Rules about hosts, connections, images, networks and commands in containers.
import { of, type Row, unknown } from "./row.ts";

const file = of("dockwright:index:File");
const folder = of("dockwright:index:Directory");
const user = of("dockwright:index:User");
const software = of("dockwright:index:Package");
const engine = of("dockwright:index:DockerEngine");
const command = of("command:remote:Command");
const dockerProvider = of("pulumi:providers:docker");
const provider = of("pulumi:providers:dockwright");
const certificate = of("dockwright:index:Certificate");
const exec = of("dockwright:index:Exec");
const network = of("docker:index/network:Network");
const image = of("dockwright:index:Image");

/** A rule about a file of a host that root alone may change. */
function kept(path: string, mode: string, other: string): Row {
  return {
    fails: [
      file({ path, mode: other }, { at: "mode" }),
      file({ path, mode, owner: "admin" }, { at: "owner" }),
      file({ path, mode, group: "docker" }, { at: "group" }),
    ],
    passes: [
      file({ path, mode, owner: "root", group: "root" }),
      file({ path }),
      file({ path: `/srv${path}`, mode: other }),
      file({ path: unknown, mode: other }),
      file({ path, mode: unknown }),
    ],
  };
}

export const hostRows: Readonly<Record<string, Row>> = {
  "docker-group-listed": {
    fails: [user({ name: "ann", groups: ["sudo", "docker"] }, { at: "groups" })],
    passes: [
      user({ name: "ann", groups: ["sudo"] }),
      user({ name: "ann", groups: ["docker"] }, { options: { trusted: ["ann"] } }),
      user({ name: "ann", groups: [unknown] }),
    ],
  },
  "engine-version-current": {
    fails: [
      engine({ version: "19.03.15" }, { at: "version" }),
      software({ name: "docker-ce", version: "5:18.09.1~3-0" }),
    ],
    passes: [
      engine({}),
      engine({ version: "27.1" }),
      software({ name: "nginx", version: "1.22" }),
      engine({ version: "19.03" }, { options: { oldestMajor: 18 } }),
    ],
  },
  "package-version-pinned": {
    fails: [software({ name: "nginx" }, { at: "version" }), engine({})],
    passes: [software({ name: "nginx", version: "1.22" }), engine({ version: unknown })],
  },
  "docker-unit-kept": kept("/etc/systemd/system/docker.service.d/own.conf", "0644", "0664"),
  "docker-folder-kept": {
    fails: [folder({ path: "/etc/docker", mode: "0775" }, { at: "mode" })],
    passes: [folder({ path: "/etc/docker", mode: "0755" }), folder({ path: "/srv", mode: "0777" })],
  },
  "registry-certificates-kept": kept("/etc/docker/certs.d/r.example.com/ca.crt", "0444", "0644"),
  "authority-certificate-kept": kept("/etc/docker/tls/ca.pem", "0444", "0644"),
  "server-certificate-kept": kept("/etc/docker/tls/server-cert.pem", "0444", "0644"),
  "server-key-kept": kept("/etc/docker/tls/server-key.pem", "0400", "0440"),
  "daemon-json-kept": kept("/etc/docker/daemon.json", "0644", "0666"),
  "docker-defaults-kept": kept("/etc/default/docker", "0644", "0666"),
  "host-key-checked": {
    fails: [
      command({ connection: { host: "a" } }, { at: "connection.hostKey" }),
      of("command:remote:CopyToRemote")({ connection: { host: "a" } }),
      dockerProvider(
        { host: "ssh://a", sshOpts: ["-o", "StrictHostKeyChecking=no"] },
        { at: "sshOpts" },
      ),
      dockerProvider({ host: "ssh://a", sshOpts: '["-o","StrictHostKeyChecking=no"]' }),
      provider({ ssh: { host: "a", user: "b" } }),
    ],
    passes: [
      command({ connection: { host: "a", hostKey: "ssh-ed25519 AAAA" } }),
      dockerProvider({ host: "ssh://a" }),
      dockerProvider({}),
      provider({ ssh: { host: "a", user: "b", hostKey: unknown } }),
      provider({}),
    ],
  },
  "no-ssh-password": {
    fails: [command({ connection: { host: "a", password: "x" } }, { at: "connection.password" })],
    passes: [command({ connection: { host: "a", privateKey: "x" } })],
  },
  "no-plain-tcp": {
    fails: [
      dockerProvider({ host: "tcp://10.0.0.1:2375" }, { at: "host" }),
      provider({ host: "tcp://10.0.0.1:2375" }),
    ],
    passes: [
      dockerProvider({ host: "tcp://10.0.0.1:2376", certPath: "/certs" }),
      dockerProvider({ host: "unix:///run/docker.sock" }),
      dockerProvider({ host: unknown }),
      provider({ host: "tcp://10.0.0.1:2376", ca: "x", cert: "y", key: unknown }),
    ],
  },
  "client-certificate-short-lived": {
    fails: [certificate({ kind: "client", lifeDays: 365 }, { at: "lifeDays" })],
    passes: [
      certificate({ kind: "client", lifeDays: 90 }),
      certificate({ kind: "server", lifeDays: 365 }),
      certificate({ kind: "client" }),
      certificate({ kind: "client", lifeDays: 100 }, { options: { maxDays: 100 } }),
    ],
  },
  "exec-not-privileged": {
    fails: [exec({ privileged: true }, { at: "privileged" })],
    passes: [exec({})],
  },
  "exec-not-root": {
    fails: [exec({ user: "root" }, { at: "user" }), exec({ user: "0:0" })],
    passes: [exec({}), exec({ user: "app" })],
  },
  "overlay-encrypted": {
    fails: [network({ driver: "overlay" }, { at: "options.encrypted" })],
    passes: [
      network({ driver: "bridge" }),
      network({ driver: "overlay", options: { encrypted: "" } }),
      network({ driver: "overlay", options: { encrypted: "true" } }),
    ],
  },
  "no-secrets-in-build-args": {
    fails: [
      image({ build: { context: ".", args: { NPM_TOKEN: "x" } } }, { at: "build.args.NPM_TOKEN" }),
      of("docker:index/image:Image")({ build: { args: { PASSWORD: "x" } } }),
      of("docker:index/remoteImage:RemoteImage")({ build: { buildArgs: { SECRET: "x" } } }),
    ],
    passes: [image({ build: { context: ".", args: { VERSION: "1" } } }), image({})],
  },
};
