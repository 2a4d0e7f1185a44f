// Rules about daemons.
import { daemon, of, type Row, unknown } from "./row.ts";

const listening = of("dockwright:index:DockerDaemon");

export const daemonRows: Readonly<Record<string, Row>> = {
  "no-icc": {
    fails: [daemon({}, { at: "options.icc" }), daemon({ icc: true })],
    passes: [daemon({ icc: false }), daemon({ icc: unknown })],
  },
  "log-level-info": {
    fails: [daemon({ logLevel: "debug" }, { at: "options.logLevel" })],
    passes: [daemon({}), daemon({ logLevel: "info" })],
  },
  "iptables-on": {
    fails: [daemon({ iptables: false }, { at: "options.iptables" })],
    passes: [daemon({}), daemon({ iptables: true })],
  },
  "no-insecure-registries": {
    fails: [
      daemon({ insecureRegistries: ["10.0.0.1:5000"] }, { at: "options.insecureRegistries" }),
    ],
    passes: [
      daemon({}),
      daemon({ insecureRegistries: [] }),
      daemon({ insecureRegistries: ["a:5000"] }, { options: { allowed: ["a:5000"] } }),
    ],
  },
  "no-aufs": {
    fails: [daemon({ storageDriver: "aufs" }, { at: "options.storageDriver" })],
    passes: [daemon({}), daemon({ storageDriver: "overlay2" })],
  },
  "tcp-with-tls": {
    fails: [
      listening({ listen: ["0.0.0.0:2375"] }, { at: "listen" }),
      listening({ listen: ["tcp://10.0.0.1:2375"], tlsCa: "x" }),
    ],
    passes: [
      listening({}),
      listening({ listen: ["unix:///run/docker.sock"] }),
      listening({ listen: ["0.0.0.0:2376"], tlsCa: unknown, tlsCert: "x", tlsKey: "y" }),
    ],
  },
  "default-ulimits": {
    fails: [daemon({}, { at: "options.defaultUlimits" })],
    passes: [daemon({ defaultUlimits: { nofile: {} } })],
  },
  "userns-remapped": {
    fails: [daemon({}, { at: "options.usernsRemap" })],
    passes: [daemon({ usernsRemap: "default" })],
  },
  "daemon-cgroup-parent": {
    fails: [daemon({ cgroupParent: "/mine" }, { at: "options.cgroupParent" })],
    passes: [daemon({}), daemon({ cgroupParent: "/a" }, { options: { allowed: ["/a"] } })],
  },
  "base-device-size": {
    fails: [daemon({ storageOptions: ["dm.basesize=50G"] }, { at: "options.storageOptions" })],
    passes: [daemon({})],
  },
  "authorization-plugin": {
    fails: [daemon({}, { at: "options.authorizationPlugins" })],
    passes: [daemon({ authorizationPlugins: ["opa"] })],
  },
  "remote-logging": {
    fails: [daemon({}), daemon({ logDriver: "local" }, { at: "options.logDriver" })],
    passes: [daemon({ logDriver: "syslog" }), daemon({ logDriver: unknown })],
  },
  "daemon-no-new-privileges": {
    fails: [daemon({}, { at: "options.noNewPrivileges" })],
    passes: [daemon({ noNewPrivileges: true })],
  },
  "live-restore": {
    fails: [daemon({ liveRestore: false }, { at: "options.liveRestore" })],
    passes: [daemon({ liveRestore: true })],
  },
  "no-userland-proxy": {
    fails: [daemon({}, { at: "options.userlandProxy" })],
    passes: [daemon({ userlandProxy: false })],
  },
  "daemon-seccomp": {
    fails: [daemon({ seccompProfile: "unconfined" }, { at: "options.seccompProfile" })],
    passes: [daemon({}), daemon({ seccompProfile: "/etc/s.json" })],
  },
  "no-experimental": {
    fails: [daemon({ experimental: true }, { at: "options.experimental" })],
    passes: [daemon({})],
  },
  "daemon-logs-rotated": {
    fails: [daemon({}, { at: "options.logDriver" }), daemon({ logDriver: "json-file" })],
    passes: [daemon({ logOptions: { "max-size": "10m" } }), daemon({ logDriver: "local" })],
  },
};
