// Options of the process: what runs, as whom, with which environment, and how it is stopped.
// Engine API 1.41 to 1.45, POST /containers/create: ContainerConfig.

import { element, f } from "../fields.ts";
import { configOption, hostOption, option, shortId, unlessEmpty, unlessSame } from "./option.ts";

/** Splits the Engine's `NAME=value` list. */
export function parseEnv(list: readonly string[] | null | undefined): Record<string, string> {
  const entries = (list ?? []).map((item): [string, string] => {
    const at = item.indexOf("=");
    return at < 0 ? [item, ""] : [item.slice(0, at), item.slice(at + 1)];
  });
  return Object.fromEntries(entries);
}

function formatEnv(env: { readonly [name: string]: string }): readonly string[] {
  return Object.keys(env)
    .sort()
    .map((name) => `${name}=${env[name] ?? ""}`);
}

/** What a map holds beyond another; keys the declaration names are always told. */
export function beyond(
  live: Readonly<Record<string, string>>,
  base: Readonly<Record<string, string>>,
  declared: Readonly<Record<string, string>> | undefined,
): Record<string, string> | undefined {
  const own = Object.entries(live).filter(
    ([name, value]) => base[name] !== value || (declared && Object.hasOwn(declared, name)),
  );
  return unlessEmpty(Object.fromEntries(own));
}

/** As the Engine counts grace: in seconds, and never less than asked for. */
export function graceSeconds(graceMs: number): number {
  return Math.ceil(graceMs / 1000);
}

const names = /^[A-Za-z_][\w.-]*$/;

export const processOptions = {
  command: option(
    f.list(f.string(element), {
      doc: "The command and its arguments (CMD). Never put a secret here: arguments are public on the host.",
      default: "the image's",
    }),
    (body, value) => {
      body.Cmd = value;
    },
    (container, image) => unlessSame(unlessEmpty(container.Config.Cmd), image?.Config?.Cmd),
  ),
  entrypoint: option(
    f.list(f.string(element), { doc: "The entry point (ENTRYPOINT).", default: "the image's" }),
    (body, value) => {
      body.Entrypoint = value;
    },
    (container, image) =>
      unlessSame(unlessEmpty(container.Config.Entrypoint), image?.Config?.Entrypoint),
  ),
  env: option(
    f.map(f.string(element), {
      doc: "Environment variables by name, added to the image's. Whoever may inspect the container reads them: give secrets as `secrets`.",
      default: "none",
      check: (env) => {
        const bad = Object.keys(env).find((name) => !names.test(name));
        return bad === undefined
          ? undefined
          : `"${bad}" is not a variable's name; write letters, digits and _`;
      },
    }),
    (body, value) => {
      body.Env = formatEnv(value);
    },
    (container, image, declared) =>
      beyond(parseEnv(container.Config.Env), parseEnv(image?.Config?.Env), declared),
  ),
  workingDir: option(
    f.string({ doc: "The working directory, as an absolute path.", default: "the image's" }),
    (body, value) => {
      body.WorkingDir = value;
    },
    (container, image) =>
      unlessSame(unlessEmpty(container.Config.WorkingDir), image?.Config?.WorkingDir),
  ),
  user: option(
    f.string({
      doc: "The user, and group, of the process: `NAME`, `UID`, `UID:GID`.",
      default: "the image's",
    }),
    (body, value) => {
      body.User = value;
    },
    (container, image) => unlessSame(unlessEmpty(container.Config.User), image?.Config?.User),
  ),
  hostname: option(
    f.string({
      doc: "The host name inside the container.",
      default: "the first 12 digits of its id",
    }),
    (body, value) => {
      body.Hostname = value;
    },
    (container, _image, declared) => {
      const { Hostname: live } = container.Config;
      if (!live || live === shortId(container)) return undefined;
      // Without a network of its own it has the name of the one whose network it shares.
      const shared = /^(host|container:)/.test(container.HostConfig.NetworkMode ?? "");
      return shared && declared === undefined ? undefined : live;
    },
  ),
  domainname: configOption(
    "Domainname",
    f.string({ doc: "The domain name inside the container.", default: "none" }),
  ),
  shell: configOption(
    "Shell",
    f.list(f.string(element), {
      doc: "The shell of shell-form commands, such as a health check's `CMD-SHELL`.",
      default: "the image's",
    }),
  ),
  init: option(
    f.boolean({
      doc: "Runs a small init as process 1, which passes signals on and reaps what is left behind.",
      default: "what the daemon says (usually false)",
    }),
    (body, value) => {
      body.HostConfig.Init = value;
    },
    (container) => container.HostConfig.Init ?? undefined,
  ),
  stopSignal: option(
    f.string({
      doc: "The signal that asks the process to end, by name: `SIGTERM`, `SIGQUIT`.",
      default: "the image's, else SIGTERM",
      check: (value) =>
        /^SIG[A-Z0-9+-]+$/.test(value) ? undefined : "write a signal's name, such as SIGTERM",
    }),
    (body, value) => {
      body.StopSignal = value;
    },
    (container, image) =>
      unlessSame(unlessEmpty(container.Config.StopSignal), image?.Config?.StopSignal),
  ),
  stopGraceMs: option(
    f.integer({
      doc: "How long the process may take to end before it is killed, in milliseconds, whoever stops it; the Engine counts whole seconds.",
      default: "10000",
      check: (value) => (value >= 0 ? undefined : "write 0 or more milliseconds"),
    }),
    (body, value) => {
      body.StopTimeout = graceSeconds(value);
    },
    (container, _image, declared) => {
      const live = container.Config.StopTimeout ?? undefined;
      // One that was adopted has none: our own stop goes by the declaration all the same.
      if (live === undefined) return declared;
      return declared !== undefined && graceSeconds(declared) === live ? declared : live * 1000;
    },
  ),
  annotations: hostOption(
    "Annotations",
    f.map(f.string(element), {
      doc: "Notes for the runtime (OCI annotations), by name. Needs API 1.43.",
      default: "none",
    }),
  ),
  labels: option(
    f.map(f.string(element), {
      doc: "Labels by name, added to the image's. Names that start with `dockwright.` are taken.",
      default: "none",
      check: (labels) => {
        const own = Object.keys(labels).find((name) => name.startsWith("dockwright."));
        return own === undefined ? undefined : `"${own}" is taken; choose a name of your own`;
      },
    }),
    (body, value) => {
      body.Labels = { ...value };
    },
    (container, image, declared) => {
      const live = Object.entries(container.Config.Labels ?? {});
      const theirs = Object.fromEntries(live.filter(([name]) => !name.startsWith("dockwright.")));
      return beyond(theirs, image?.Config?.Labels ?? {}, declared);
    },
  ),
} as const;
