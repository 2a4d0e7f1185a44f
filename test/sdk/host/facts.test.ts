// Facts out of what the script printed on machines of several kinds, recorded, without those machines.
import * as assert from "uvu/assert";
import {
  type Facts,
  parseDisks,
  parseFacts,
  parseOsRelease,
  settleFacts,
} from "../../../sdk/host/facts.ts";
import { suite } from "../../support/suite.ts";

const test = suite("host/facts");

/** Output of the script: `long` values travel as base64. */
function recorded(
  plain: Readonly<Record<string, string>>,
  long: Readonly<Record<string, string>>,
): string {
  const lines = Object.entries(plain).map(([key, value]) => `${key}=${value}\n`);
  const coded = Object.entries(long).map(
    ([key, value]) => `${key}:${Buffer.from(value).toString("base64")}\n`,
  );
  return [...coded, ...lines].join("");
}

const nowMs = 1_795_274_776_000;

const debian12 = recorded(
  {
    date: "1795274776.556123448",
    machine: "x86_64",
    kernel: "6.1.0-28-amd64",
    hostname: "web1",
    cpus: "2",
    memory: "24684096",
    boot: "93dc3094-b3e0-4ba9-b726-ea8807c9a672",
    init: "systemd",
    cgroup: "2",
    overlay: "yes",
    bridge: "yes",
    userns: "96365",
    iptables: "iptables v1.8.9 (nf_tables)",
    docker: "Docker version 20.10.24+dfsg1, build 5d6db84",
    "docker.api": "1.41",
    kthreadd: "kthreadd",
    container: "",
  },
  {
    osrelease:
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL="https://www.debian.org/"\n',
    df: "Filesystem              1024-blocks     Used Available Capacity Mounted on\ndevtmpfs                   12334524        0  12334524       0% /dev\n/dev/vda                  264212084 25454808  70046456      27% /\ntmpfs                      12342048        0  12342048       0% /sys/fs/cgroup\noverlay                   264212084 25454836  70046428      27% /var/lib/docker/overlay2/fdf0/merged\n",
    ip: "4: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\\       valid_lft forever\n4: eth0    inet6 fd00::2/64 scope global nodad \\       valid_lft forever\n5: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\\       valid_lft forever\n",
  },
);

test("Debian 12 with Docker: all of it", () => {
  const want: Facts = {
    os: {
      id: "debian",
      version: "12",
      codename: "bookworm",
      family: "debian",
      name: "Debian GNU/Linux 12 (bookworm)",
    },
    architecture: "amd64",
    kernel: "6.1.0-28-amd64",
    cpus: 2,
    memoryBytes: 24_684_096 * 1024,
    disks: [{ mount: "/", sizeBytes: 264_212_084 * 1024, freeBytes: 70_046_456 * 1024 }],
    init: "systemd",
    cgroupVersion: 2,
    features: { overlay: true, bridgeNetfilter: true, userNamespaces: true, iptables: "nft" },
    dockerVersion: "20.10.24+dfsg1",
    dockerApiVersion: "1.41",
    hostname: "web1",
    addresses: ["192.0.2.2", "fd00::2"],
    bootId: "93dc3094-b3e0-4ba9-b726-ea8807c9a672",
    clockSkewMs: 600,
    canReboot: true,
  };
  assert.equal(parseFacts(debian12, nowMs), want);
});

test("a machine that tells nothing has empty facts, and no error", () => {
  const facts = parseFacts("", nowMs);
  assert.is(facts.os.id, "unknown");
  assert.is(facts.os.family, "other");
  assert.is(facts.init, "none");
  assert.is(facts.clockSkewMs, 0);
  assert.equal(facts.disks, []);
  assert.not(facts.canReboot);
});

const systems: readonly [string, string, Facts["os"]][] = [
  [
    "Debian 13",
    'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nVERSION_CODENAME=trixie\nDEBIAN_VERSION_FULL=13.1\nID=debian\n',
    {
      id: "debian",
      version: "13",
      codename: "trixie",
      family: "debian",
      name: "Debian GNU/Linux 13 (trixie)",
    },
  ],
  [
    "Ubuntu is of the Debian family",
    'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n',
    {
      id: "ubuntu",
      version: "24.04",
      codename: "noble",
      family: "debian",
      name: "Ubuntu 24.04.1 LTS",
    },
  ],
  [
    "a derivative is of the family that it names",
    "ID=devuanish\nID_LIKE='debian'\nPRETTY_NAME='Some \"one\"'\n",
    { id: "devuanish", version: "", codename: "", family: "debian", name: 'Some "one"' },
  ],
  [
    "Alpine, without quotes and code name",
    'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n',
    { id: "alpine", version: "3.20.3", codename: "", family: "alpine", name: "Alpine Linux v3.20" },
  ],
  [
    "Rocky, by its likes",
    'NAME="Rocky Linux"\nVERSION="9.4 (Blue Onyx)"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\nPRETTY_NAME="Rocky Linux 9.4 (Blue Onyx)"\n',
    {
      id: "rocky",
      version: "9.4",
      codename: "",
      family: "rhel",
      name: "Rocky Linux 9.4 (Blue Onyx)",
    },
  ],
];
for (const [name, text, want] of systems) {
  test(`os-release: ${name}`, () => assert.equal(parseOsRelease(text), want));
}

const alpine = recorded(
  { machine: "aarch64", init: "openrc", hosti: "", iptables: "iptables v1.8.10 (legacy)" },
  { df: "" },
);
test("an Alpine-like machine: its processor in Docker's words, its init, its iptables", () => {
  const facts = parseFacts(alpine, nowMs);
  assert.is(facts.architecture, "arm64");
  assert.is(facts.init, "openrc");
  assert.is(facts.features.iptables, "legacy");
  assert.is(facts.dockerVersion, "");
});

test("disks: devices and the root, each once, whatever their names", () => {
  const df =
    "Filesystem 1024-blocks Used Available Capacity Mounted on\n" +
    "overlay 100 10 90 10% /\n/dev/vdb1 200 0 200 0% /var/lib/my data\n" +
    "/dev/vdb1 200 0 200 0% /again\n/dev/loop3 5 5 0 100% /snap/x\ntmpfs 7 0 7 0% /run\n";
  assert.equal(
    parseDisks(df).map(({ mount }) => mount),
    ["/", "/var/lib/my data"],
  );
});

test("what always moves a little stays what it was; a large change is told", () => {
  const before = parseFacts(debian12, nowMs);
  const moved = (freeShare: number, skewMs: number): Facts => ({
    ...before,
    clockSkewMs: skewMs,
    disks: before.disks.map((disk) => ({ ...disk, freeBytes: disk.sizeBytes * freeShare })),
  });
  assert.equal(settleFacts(before, moved(0.2, 3000)), before);
  assert.is(settleFacts(before, moved(0.5, 600)).disks[0]?.freeBytes, 264_212_084 * 512);
  assert.is(settleFacts(before, moved(0.27, -90_000)).clockSkewMs, -90_000);
  const grown = { ...before, disks: [{ mount: "/", sizeBytes: 1, freeBytes: 1 }] };
  assert.equal(settleFacts(before, grown).disks, grown.disks);
});

test.run();
