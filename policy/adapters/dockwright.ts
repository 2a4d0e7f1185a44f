// Dockwright's other resources.
import type { Inputs } from "../inputs.ts";
import type {
  CertificateSubject,
  ConnectionSubject,
  DaemonSubject,
  ExecSubject,
  FileSubject,
  ImageSubject,
  NetworkSubject,
  PackageSubject,
  UserSubject,
} from "../subjects.ts";
import { loggingOf } from "./docker-words.ts";

export function dockwrightDaemon(inputs: Inputs): DaemonSubject {
  const options = inputs.inner("options");
  const tls = ["tlsCa", "tlsCert", "tlsKey"].every((name) => inputs.present(name).value === true);
  return {
    kind: "daemon",
    listen: inputs.texts("listen"),
    tls: { path: inputs.path("tlsCert"), value: tls },
    icc: options.flag("icc"),
    logLevel: options.text("logLevel"),
    iptables: options.flag("iptables"),
    insecureRegistries: options.texts("insecureRegistries"),
    storageDriver: options.text("storageDriver"),
    storageOptions: options.texts("storageOptions"),
    defaultUlimits: options.names("defaultUlimits"),
    usernsRemap: options.text("usernsRemap"),
    cgroupParent: options.text("cgroupParent"),
    authorizationPlugins: options.texts("authorizationPlugins"),
    logging: loggingOf(options, "logDriver", "logOptions"),
    noNewPrivileges: options.flag("noNewPrivileges"),
    liveRestore: options.flag("liveRestore"),
    userlandProxy: options.flag("userlandProxy"),
    seccompProfile: options.text("seccompProfile"),
    experimental: options.flag("experimental"),
  };
}

export function dockwrightImage(inputs: Inputs): ImageSubject {
  return { kind: "image", buildArgs: inputs.inner("build").textMembers("args") };
}

export function dockwrightNetwork(inputs: Inputs): NetworkSubject {
  return { kind: "network", driver: inputs.text("driver"), encrypted: inputs.flag("encrypted") };
}

export function dockwrightExec(inputs: Inputs): ExecSubject {
  return { kind: "exec", privileged: inputs.flag("privileged"), user: inputs.text("user") };
}

function onHost(inputs: Inputs, folder: boolean): FileSubject {
  return {
    kind: "file",
    folder,
    file: inputs.text("path"),
    mode: inputs.text("mode"),
    owner: inputs.text("owner"),
    group: inputs.text("group"),
  };
}

export function dockwrightFile(inputs: Inputs): FileSubject {
  return onHost(inputs, false);
}

export function dockwrightDirectory(inputs: Inputs): FileSubject {
  return onHost(inputs, true);
}

export function dockwrightUser(inputs: Inputs): UserSubject {
  return { kind: "user", name: inputs.text("name"), groups: inputs.texts("groups") };
}

export function dockwrightPackage(inputs: Inputs): PackageSubject {
  return { kind: "package", name: inputs.text("name"), version: inputs.text("version") };
}

export function dockwrightEngine(inputs: Inputs): PackageSubject {
  const name = { path: inputs.path("version"), value: "docker" };
  return { kind: "package", name, version: inputs.text("version") };
}

export function dockwrightCertificate(inputs: Inputs): CertificateSubject {
  return { kind: "certificate", usage: inputs.text("kind"), lifeDays: inputs.number("lifeDays") };
}

export function dockwrightProvider(inputs: Inputs): ConnectionSubject {
  const whole = ["ca", "cert", "key"].every((name) => inputs.present(name).value === true);
  const ssh = inputs.present("ssh").value === true;
  const keyed = inputs.inner("ssh").present("hostKey");
  return {
    kind: "connection",
    daemonAddress: inputs.text("host"),
    mutualTls: { path: inputs.path("cert"), value: whole },
    ...(ssh ? { hostKeyChecked: { path: keyed.path, value: keyed.value === true } } : {}),
  };
}
