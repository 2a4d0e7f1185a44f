// A machine of Google Compute Engine as a host. Nobody reaches it but who is named, it boots what is
// signed, and the account that it is may do nothing. Its address is reserved, so that it stays when the
// machine is stopped; its host key is learned at the first contact, and pinned.

import * as pulumi from "@pulumi/pulumi";
import { CloudMachine, type CloudMachineArgs, openPortsOf } from "../cloudmachine.ts";
import { accountIdOf } from "./names.ts";
import { compute, serviceaccount } from "./sdk.ts";

/** Arguments of {@link GcpMachine}. */
export interface GcpMachineArgs extends CloudMachineArgs {
  /** The kind of machine: `e2-small`. A change stops the machine, and starts it as that. */
  readonly machineType: pulumi.Input<string>;
  /** Its image or the family of it, of Debian or Ubuntu: `debian-cloud/debian-12`. Another one replaces the machine. */
  readonly image: pulumi.Input<string>;
  /** Its zone: `europe-west3-a`. Another one replaces the machine. */
  readonly zone: pulumi.Input<string>;
  /** Its network, which has the rules of who may come. Another one replaces the machine. */
  readonly network: pulumi.Input<string>;
  /** Its subnetwork. Another one replaces the machine. */
  readonly subnetwork: pulumi.Input<string>;
  /** The key that may log in, as OpenSSH writes it. A change updates in place. */
  readonly publicKey: pulumi.Input<string>;
  /**
   * The project. Another one replaces the machine.
   * @defaultValue that of the provider
   */
  readonly project?: pulumi.Input<string>;
  /**
   * The user that logs in. The machine makes it, and lets it be root by sudo. A change makes another.
   * @defaultValue dockwright
   */
  readonly user?: pulumi.Input<string>;
  /**
   * Whether it has a public address, by which it is then reached. A change replaces the machine.
   * @defaultValue true
   */
  readonly public?: boolean;
  /**
   * Its disk, in GiB. A change replaces the machine.
   * @defaultValue 20
   */
  readonly diskGiB?: pulumi.Input<number>;
  /**
   * The key of Cloud KMS that its disk is encrypted with, by its full name. A change replaces the machine.
   * @defaultValue a key of Google's: no disk is without encryption
   */
  readonly diskKey?: pulumi.Input<string>;
  /**
   * A script that each boot runs as root. A change updates in place, for the next boot.
   * @defaultValue none
   */
  readonly startupScript?: pulumi.Input<string>;
  /**
   * Labels of what has labels. A change updates in place.
   * @defaultValue none
   */
  readonly labels?: { readonly [name: string]: pulumi.Input<string> };
}

type Own = pulumi.CustomResourceOptions;

const userOf = ({ user = "dockwright" }: GcpMachineArgs) => user;

const inProject = ({ project }: GcpMachineArgs) => (project === undefined ? {} : { project });
const labelsOf = ({ labels }: GcpMachineArgs) => (labels === undefined ? {} : { labels });

/** A rule for each port and family of addresses: one rule cannot have both. */
function rulesOf(args: GcpMachineArgs) {
  const rules = new Map<string, { readonly ports: string; readonly from: readonly string[] }>();
  for (const { port, portEnd = port, from } of openPortsOf(args)) {
    const ports = port === portEnd ? String(port) : `${port}-${portEnd}`;
    const key = from.includes(":") ? `${ports}-v6` : ports;
    const known = rules.get(key)?.from ?? [];
    rules.set(key, { ports, from: [...new Set([...known, from])].sort() });
  }
  return [...rules];
}

function openPorts(name: string, args: GcpMachineArgs, account: pulumi.Output<string>, own: Own) {
  for (const [key, { ports, from }] of rulesOf(args)) {
    new compute.Firewall(
      `${name}-${key}`,
      {
        ...inProject(args),
        network: args.network,
        direction: "INGRESS",
        description: "who may reach the machine",
        allows: [{ protocol: "tcp", ports: [ports] }],
        sourceRanges: [...from],
        // By who the machine is: a tag could be given to another.
        targetServiceAccounts: [account],
      },
      own,
    );
  }
}

function metadataOf(args: GcpMachineArgs) {
  const { publicKey, startupScript } = args;
  return {
    "ssh-keys": pulumi.interpolate`${userOf(args)}:${publicKey}`,
    // Keys of the whole project, and accounts of people, do not log in.
    "block-project-ssh-keys": "TRUE",
    "enable-oslogin": "FALSE",
    "serial-port-enable": "FALSE",
    ...(startupScript === undefined ? {} : { "startup-script": startupScript }),
  };
}

function makeAddress(name: string, args: GcpMachineArgs, own: Own) {
  const region = pulumi.output(args.zone).apply((zone) => zone.replace(/-[a-z]$/, ""));
  const given = { ...inProject(args), ...labelsOf(args), region, addressType: "EXTERNAL" };
  return new compute.Address(`${name}-address`, given, own).address;
}

interface Parts {
  readonly email: pulumi.Output<string>;
  /** Its public address; undefined has none. */
  readonly natIp: pulumi.Output<string> | undefined;
}

function makeInstance(name: string, args: GcpMachineArgs, { email, natIp }: Parts, own: Own) {
  const { image, diskGiB = 20, diskKey, network, subnetwork } = args;
  return new compute.Instance(
    `${name}-machine`,
    {
      ...inProject(args),
      ...labelsOf(args),
      zone: args.zone,
      machineType: args.machineType,
      allowStoppingForUpdate: true,
      bootDisk: {
        // No labels here: another one would replace the machine.
        initializeParams: { image, size: diskGiB, type: "pd-balanced" },
        ...(diskKey === undefined ? {} : { kmsKeySelfLink: diskKey }),
      },
      networkInterfaces: [
        { network, subnetwork, ...(natIp === undefined ? {} : { accessConfigs: [{ natIp }] }) },
      ],
      serviceAccount: { email, scopes: ["https://www.googleapis.com/auth/cloud-platform"] },
      shieldedInstanceConfig: {
        enableSecureBoot: true,
        enableVtpm: true,
        enableIntegrityMonitoring: true,
      },
      metadata: metadataOf(args),
    },
    own,
  );
}

/** A machine of Google Compute Engine, ready to be provisioned. */
export class GcpMachine extends CloudMachine {
  /** The account that the machine is. It may do nothing, until it is granted something. */
  readonly serviceAccountEmail: pulumi.Output<string>;

  constructor(name: string, args: GcpMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    let email = pulumi.output("");
    const make = (own: Own) => {
      const account = new serviceaccount.Account(
        `${name}-machine`,
        { ...inProject(args), accountId: accountIdOf(name), displayName: `the machine ${name}` },
        own,
      );
      email = account.email;
      openPorts(name, args, email, own);
      const natIp = args.public === false ? undefined : makeAddress(name, args, own);
      const instance = makeInstance(name, args, { email, natIp }, own);
      const privateAddress = instance.networkInterfaces.apply(([one]) => one?.networkIp ?? "");
      const address = natIp ?? privateAddress;
      const login = { user: userOf(args), privateKey: args.privateKey };
      return { instance, address, privateAddress, ...login };
    };
    super("dockwright:index:GcpMachine", name, make, opts);
    this.serviceAccountEmail = email;
  }
}
