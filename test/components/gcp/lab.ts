// What the tests of Google's cloud share: a machine, as a program declares it.

import { GcpMachine, type GcpMachineArgs } from "../../../components/gcp/index.ts";

/** As much of a machine as there are words for. */
export const fullMachine: GcpMachineArgs = {
  machineType: "e2-small",
  image: "debian-cloud/debian-12",
  zone: "europe-west3-a",
  network: "net",
  subnetwork: "sub",
  publicKey: "ssh-ed25519 AAAA test",
  privateKey: "the private key",
  sshFrom: ["192.0.2.7/32"],
  open: [
    { port: 443, from: "0.0.0.0/0" },
    { port: 443, from: "::/0" },
    { port: 20000, portEnd: 29999, from: "10.0.0.0/16" },
  ],
  project: "demo",
  diskKey: "projects/demo/locations/europe-west3/keyRings/ring/cryptoKeys/disks",
  labels: { team: "shop" },
};

export const machine = (name: string, more: Partial<GcpMachineArgs> = {}): GcpMachine =>
  new GcpMachine(name, { ...fullMachine, ...more });
