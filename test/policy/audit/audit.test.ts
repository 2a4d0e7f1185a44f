// What an audit makes of a host's facts: each rule that only a live host can answer, by a table; the
// options of a daemon's command line; the order of what is found. No host is asked.
import * as assert from "uvu/assert";
import { audit } from "../../../policy/audit/audit.ts";
import { type HostFacts, optionsOf } from "../../../policy/audit/facts.ts";
import { subjectsOfHost } from "../../../policy/audit/subjects.ts";
import { liveRules } from "../../../policy/rules/live/index.ts";
import type { DaemonInfo } from "../../../sdk/docker/types.ts";
import { suite } from "../../support/suite.ts";
import { issuedPem } from "./certificate.ts";

const test = suite("policy/audit");
const now = new Date("2026-01-01T00:00:00Z");

const info = {
  DockerRootDir: "/var/lib/docker",
  ServerVersion: "27.1.0",
  Driver: "overlay2",
  LoggingDriver: "local",
  LiveRestoreEnabled: true,
  SecurityOptions: [
    "name=apparmor",
    "name=seccomp,profile=builtin",
    "name=userns",
    "name=rootless",
  ],
} as unknown as DaemonInfo;

/** A host with which no rule of the live ones finds fault. */
const sound: HostFacts = {
  label: "web1",
  files: [
    { path: "/run/docker.sock", folder: false, owner: "root", group: "docker", mode: "0660" },
  ],
  dockerUsers: [],
  auditRules: "-w /etc/docker -k docker",
  auditable: ["/etc/docker"],
  ownPartition: true,
  daemon: {
    icc: false,
    "no-new-privileges": true,
    "userland-proxy": false,
    "log-driver": "local",
    "default-ulimits": { nofile: {} },
    "authorization-plugins": ["a"],
  },
  certificate: "",
  info,
  containers: [],
  unusedImages: 0,
};

const security = (SecurityOptions: readonly string[]) => ({ info: { ...info, SecurityOptions } });
const swarm = (Swarm: object) => ({ info: { ...info, Swarm } as DaemonInfo });
const stopped = { Name: "/a", State: { Running: false }, Config: {}, HostConfig: {} };

/** Of each rule: facts that differ from the sound ones, and what is then at fault. */
const table: Readonly<Record<string, readonly [Partial<HostFacts>, string]>> = {
  "data-root-own-partition": [{ ownPartition: false }, "/var/lib/docker"],
  "docker-is-audited": [{ auditable: ["/etc/docker", "/usr/bin/runc"] }, "/usr/bin/runc"],
  "daemon-rootless": [security(["name=apparmor", "name=seccomp", "name=userns"]), "runs as root"],
  "kernel-filters-calls": [
    security(["name=apparmor", "name=userns", "name=rootless"]),
    "is not there",
  ],
  "security-module-on": [security(["name=seccomp", "name=userns", "name=rootless"]), "are not on"],
  "swarm-is-used": [swarm({ LocalNodeState: "active", Nodes: 1, Managers: 1 }), "only node"],
  "few-managers": [swarm({ LocalNodeState: "active", Nodes: 4, Managers: 2 }), "are 2"],
  "few-unused-images": [{ unusedImages: 51 }, "are 51"],
  "few-stopped-containers": [
    { containers: Array.from({ length: 21 }, () => stopped) as unknown as HostFacts["containers"] },
    "are 21",
  ],
  "certificate-lasts": [{ certificate: issuedPem(now, 13) }, "ends in 13 days"],
  "docker-socket-kept": [
    {
      files: [
        { path: "/run/docker.sock", folder: false, owner: "root", group: "docker", mode: "0666" },
      ],
    },
    "is 0666; 660 is allowed",
  ],
  "containerd-socket-kept": [
    {
      files: [
        {
          path: "/run/containerd/containerd.sock",
          folder: false,
          owner: "root",
          group: "docker",
          mode: "0660",
        },
      ],
    },
    "is docker",
  ],
};

test("every live rule is in the table", () => {
  assert.equal(Object.keys(table).sort(), liveRules.map(({ name }) => name).sort());
});

test("with a sound host only advice of the daemon's rules is left", () => {
  const { findings } = audit(subjectsOfHost(sound, now));
  assert.equal(
    findings.map(({ rule }) => rule),
    ["remote-logging"],
  );
});

for (const [name, [facts, said]] of Object.entries(table)) {
  test(`${name}: found where the host is so, and only then`, () => {
    const found = audit(subjectsOfHost({ ...sound, ...facts }, now)).findings.filter(
      ({ rule }) => rule === name,
    );
    assert.is(found.length, 1);
    assert.match(`${found[0]?.path} ${found[0]?.what}`, said);
    const none = audit(subjectsOfHost(sound, now)).findings.filter(({ rule }) => rule === name);
    assert.equal(none, []);
  });
}

test("the rules of declared inputs judge files, users, the daemon and its version as they are", () => {
  const { findings } = audit(
    subjectsOfHost(
      {
        ...sound,
        dockerUsers: ["ann"],
        files: [
          {
            path: "/etc/docker/daemon.json",
            folder: false,
            owner: "ann",
            group: "root",
            mode: "0666",
          },
        ],
        daemon: {
          ...sound.daemon,
          hosts: ["tcp://0.0.0.0:2375"],
          "insecure-registries": ["a:5000"],
        },
        info: { ...info, ServerVersion: "19.03.1" },
      },
      now,
    ),
  );
  const rows = findings.map(({ severity, id, subject }) => `${severity} ${id} ${subject}`);
  assert.equal(rows, [
    "critical CIS 2.5 daemon",
    "critical CIS 2.7 daemon",
    "high CIS 1.1.2 user ann",
    "medium CIS 1.2.2 docker",
    "medium CIS 3.17-3.18 file /etc/docker/daemon.json",
    "medium CIS 3.17-3.18 file /etc/docker/daemon.json",
    "low CIS 2.13 daemon",
  ]);
});

test("options of rules are taken over", () => {
  const facts = { ...sound, dockerUsers: ["ann"] };
  const options = { "docker-group-listed": { trusted: ["ann"] } };
  const { findings } = audit(subjectsOfHost(facts, now), options);
  assert.not.ok(findings.some(({ rule }) => rule === "docker-group-listed"));
});

const commandLines: readonly (readonly [string, object])[] = [
  ["-H fd:// --containerd=/run/c.sock", { hosts: ["fd://"], containerd: "/run/c.sock" }],
  ["--host=tcp://0.0.0.0:2376 -H unix:///a", { hosts: ["tcp://0.0.0.0:2376", "unix:///a"] }],
  ["--icc=false --tlsverify --live-restore", { icc: false, tlsverify: true, "live-restore": true }],
  ["--insecure-registry a --insecure-registry=b", { "insecure-registries": ["a", "b"] }],
  ["--log-level debug --debug", { "log-level": "debug", debug: true }],
  ["", {}],
];
for (const [line, options] of commandLines) {
  test(`the command line "${line}" is read`, () => {
    assert.equal(optionsOf(line.split(" ")), options);
  });
}

test.run();
