// What a DockerDaemon is declared by, and what it tells. Keys stand at the top: only there a field is
// secret by itself.

import { daemonFields, retiredOptions } from "../../host/docker/options.ts";
import { element, f } from "../fields.ts";

const update = { onChange: "update" } as const;

export const daemonInputs = {
  options: f.object("DaemonOptions", daemonFields, {
    doc: "The daemon's options. Those that are left out are Docker's own; the file has no others.",
    default: "none",
    retired: retiredOptions,
    ...update,
  }),
  bridgeAddress: f.string({
    doc: "The address of the bridge that `options.bridge` names, with its prefix, such as 172.30.0.1/24.",
    default: "none",
    ...update,
  }),
  listen: f.list(f.string(element), {
    doc: "Where it listens on TCP with mutual TLS, as ADDRESS:PORT. Its unix socket is always there.",
    default: "the unix socket alone",
    ...update,
  }),
  tlsCa: f.string({
    doc: "The authorities whose clients are let in, as PEM: several during a rotation.",
    default: "none",
    ...update,
  }),
  tlsCert: f.string({
    doc: "The server's certificate and what is sent along with it, as PEM. A change restarts the daemon.",
    default: "none",
    ...update,
  }),
  tlsKey: f.string({
    doc: "The server's private key, as PEM.",
    default: "none",
    secret: true,
    ...update,
  }),
  address: f.string({
    doc: "The address under which the daemon is used, `tcp://HOST:PORT`. A change is confirmed through it, or taken back.",
    default: "the unix socket, through the connection to the machine",
    check: (value) => (/^tcp:\/\/[^/]+:\d+$/.test(value) ? undefined : "write tcp://HOST:PORT"),
    ...update,
  }),
  clientCa: f.string({
    doc: "What the client trusts when it uses `address`, as PEM.",
    default: "none",
    ...update,
  }),
  clientCert: f.string({
    doc: "The client's certificate for `address`, as PEM.",
    default: "none",
    ...update,
  }),
  clientKey: f.string({
    doc: "The client's private key for `address`, as PEM.",
    default: "none",
    secret: true,
    ...update,
  }),
  engineVersion: f.string({
    doc: "The engine's version; with another one the daemon is restarted. Give it the output of the DockerEngine.",
    default: "not watched",
    ...update,
  }),
  adopt: f.boolean({
    doc: "Whether a configuration that is there already is replaced. It comes back when this is deleted.",
    default: "false",
    onChange: "ignore",
  }),
  acceptDataMove: f.boolean({
    doc: "Whether usernsRemap, dataRoot and storageDriver may change, which puts images, containers and volumes out of sight.",
    default: "false",
    onChange: "ignore",
  }),
  confirmSeconds: f.integer({
    doc: "How long the host waits for a change to be confirmed before it takes it back, in seconds.",
    default: "45",
    onChange: "ignore",
    check: (value) => (value >= 10 && value <= 600 ? undefined : "write a number from 10 to 600"),
  }),
} as const;

export const daemonOutputs = {
  endpoint: f.string({
    doc: "Where it is used, once it is as declared: `address`, or its unix socket.",
    required: true,
  }),
  serverVersion: f.string({ doc: "The version that runs.", required: true }),
  apiVersion: f.string({ doc: "The API version spoken with it.", required: true }),
  storageDriver: f.string({ doc: "How it keeps image layers.", required: true }),
  dataRoot: f.string({ doc: "Where images, containers and volumes are.", required: true }),
  cgroupVersion: f.string({ doc: "The version of control groups it uses.", required: true }),
  running: f.boolean({ doc: "Whether it runs.", required: true }),
  service: f.string({
    doc: "Whether the service starts it as declared: `as declared`, or `changed`.",
    required: true,
  }),
  files: f.string({
    doc: "Whether its files are as they were written: `as declared`, or which are not.",
    required: true,
  }),
  otherKeys: f.string({
    doc: "Keys of daemon.json that nobody declared: `none`, or their names.",
    required: true,
  }),
} as const;
