// Docker's packages on the provider's machine: installed at a version, held there, and taken over only on
// request. The daemon is not started: its configuration (DockerDaemon) comes first.

import {
  type EngineSpec,
  ensureEngine,
  isVersion,
  type ObservedEngine,
  observeEngine,
  releaseEngine,
} from "../../host/docker/install.ts";
import { checkKey } from "../../host/docker/keyring.ts";
import { apiVersionOf } from "../../host/docker/versions.ts";
import type { Work } from "../../host/operations/operation.ts";
import type { Failure } from "../check.ts";
import { f, type Plain } from "../fields.ts";
import { type Context, defineResource } from "../resource.ts";

const update = { onChange: "update" } as const;
const word = (value: string) =>
  /^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(value) ? undefined : "write one word, such as bookworm";

const inputs = {
  repository: f.object(
    "DockerRepository",
    {
      url: f.string({
        doc: "Its address, such as `https://download.docker.com/linux/debian`.",
        required: true,
        check: (value) =>
          /^(https?|file):\/\/?[^\s]+$/.test(value)
            ? undefined
            : "write an address, such as https://download.docker.com/linux/debian",
      }),
      suite: f.string({ doc: "The suite.", default: "the system's codename", check: word }),
      component: f.string({ doc: "The component.", default: "stable", check: word }),
      key: f.string({
        doc: "The OpenPGP key that signs it, as armored text.",
        required: true,
      }),
      fingerprint: f.string({
        doc: "The key's fingerprint, from another source than the key. Another key is refused.",
        required: true,
        check: (value) =>
          /^[0-9A-F]{40}([0-9A-F]{24})?$/i.test(value.replace(/\s+|^0x/gi, ""))
            ? undefined
            : "write 40 (or 64) hexadecimal digits",
      }),
    },
    {
      doc: "A repository of Docker's own packages.",
      default: "the distribution's package docker.io",
      ...update,
    },
  ),
  version: f.string({
    doc: "The version: as apt writes it, or Docker's own part of it, such as `26.1.5`. A daemon that runs is restarted by its DockerDaemon.",
    default: "the newest that is offered when it is installed",
    check: (value) =>
      /^[0-9][A-Za-z0-9.+:~-]*$/.test(value) ? undefined : "write a version, such as 26.1.5",
    ...update,
  }),
  hold: f.boolean({
    doc: "Whether apt leaves the version as it is when it upgrades the system.",
    default: "true",
    ...update,
  }),
  adopt: f.boolean({
    doc: "Whether an engine that is there already is taken over.",
    default: "false",
    onChange: "ignore",
  }),
} as const;
type Inputs = Plain<typeof inputs>;

const outputs = {
  engineVersion: f.string({ doc: "Docker's version.", required: true }),
  packageName: f.string({ doc: "The package that has the daemon.", required: true }),
  packageVersion: f.string({ doc: "That package's version, as apt writes it.", required: true }),
  apiVersion: f.string({ doc: "The newest API that this version speaks.", required: true }),
} as const;
type Outputs = Plain<typeof outputs>;

function workOf({ machine, urn, signal, log }: Context): Work {
  return { machine, owner: urn, signal, log: log.progress };
}

function specOf({ repository, version, hold, adopt }: Inputs): EngineSpec {
  return {
    ...(repository && { repository }),
    ...(version === undefined ? {} : { version }),
    ...(hold === undefined ? {} : { hold }),
    ...(adopt === undefined ? {} : { adopt }),
  };
}

function outputsOf(seen: ObservedEngine): Outputs {
  return {
    engineVersion: seen.version,
    packageName: seen.packageName,
    packageVersion: seen.packageVersion,
    apiVersion: apiVersionOf(seen.version),
  };
}

function check({ repository }: Inputs): readonly Failure[] {
  if (!repository) return [];
  const reason = checkKey(repository.key, repository.fingerprint);
  return reason === undefined ? [] : [{ property: "repository.key", reason }];
}

/** The repository as the host has it, in the words of the declaration. */
function observedRepository(declared: Inputs["repository"], seen: ObservedEngine) {
  if (seen.source === undefined) return undefined;
  const value = (name: string) =>
    new RegExp(`^${name}: (.*)$`, "m").exec(seen.source ?? "")?.[1] ?? "";
  const key = seen.key ?? "";
  return {
    url: value("URIs"),
    ...(declared?.suite === undefined ? {} : { suite: value("Suites") }),
    ...(declared?.component === undefined ? {} : { component: value("Components") }),
    key: declared && key.trim() === declared.key.trim() ? declared.key : key,
    fingerprint: declared?.fingerprint ?? "",
  };
}

function observedInputs(declared: Inputs | undefined, seen: ObservedEngine): Inputs {
  const { version, hold, adopt } = declared ?? {};
  const asDeclared = version !== undefined && isVersion(seen.packageVersion, version);
  const repository = observedRepository(declared?.repository, seen);
  return {
    ...(repository && { repository }),
    ...(version === undefined ? {} : { version: asDeclared ? version : seen.packageVersion }),
    ...(seen.held === (hold ?? true) || seen.packageName === ""
      ? hold === undefined
        ? {}
        : { hold }
      : { hold: seen.held }),
    ...(adopt === undefined ? {} : { adopt }),
  };
}

export const dockerEngine = defineResource({
  name: "DockerEngine",
  doc: "Docker on a host, installed by apt at a version and held there. Deleting it leaves packages and data where they are, and lets apt change them again.",
  inputs,
  outputs,
  check,
  preview: (values, old) => (old && old.inputs.version === values.version ? old.outputs : {}),

  async create(context, values) {
    const now = await ensureEngine(workOf(context), specOf(values));
    context.log.done(`Docker ${now.version} is on ${context.machine.label}`);
    return { id: "docker", outputs: outputsOf(now) };
  },

  async read(context, id, known) {
    const seen = await observeEngine(workOf(context));
    if (seen.dockerd === undefined) return undefined;
    return { id, inputs: observedInputs(known?.inputs, seen), outputs: outputsOf(seen) };
  },

  async update(context, _id, _old, values) {
    const now = await ensureEngine(workOf(context), specOf(values));
    context.log.done(`Docker ${now.version} is on ${context.machine.label}`);
    return outputsOf(now);
  },

  async delete(context) {
    await releaseEngine(workOf(context));
    context.log.info(`Docker's packages and data stay on ${context.machine.label}`);
  },
});
