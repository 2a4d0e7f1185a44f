// The Docker daemon of the provider's machine: its options, where it listens, its certificates. A change
// is probed through the very address it will be used by; what is not confirmed, the host takes back.

import { parseDockerHost } from "../../docker/endpoint.ts";
import type { DockerEndpoint } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { applyDaemon } from "../../host/docker/apply.ts";
import { planGeneration } from "../../host/docker/files.ts";
import { observeDaemon, siteOf } from "../../host/docker/observe.ts";
import { socketPath } from "../../host/docker/paths.ts";
import { machineEndpoint, type Probed, probeDaemon } from "../../host/docker/probe.ts";
import { refuseExisting, removeDaemon } from "../../host/docker/takeover.ts";
import { checkVersion } from "../../host/docker/validate.ts";
import { daemonInputs, daemonOutputs } from "../daemon/fields.ts";
import { readDaemon } from "../daemon/read.ts";
import { checkDaemon, specOf } from "../daemon/spec.ts";
import type { Plain } from "../fields.ts";
import { type Context, defineResource, type Recorded } from "../resource.ts";
import { equalValues } from "../values.ts";

type Inputs = Plain<typeof daemonInputs>;
type Outputs = Plain<typeof daemonOutputs>;

/** Where the daemon will be used: what a change is probed through. */
function endpointOf(context: Context, values: Inputs): DockerEndpoint {
  const { address, clientCa: ca, clientCert: cert, clientKey: key } = values;
  if (address === undefined || !ca || !cert || !key) return machineEndpoint(context.machine);
  return parseDockerHost(address, { ca, cert, key });
}

function endpointTextOf({ address }: Inputs): string {
  return address ?? `unix://${socketPath}`;
}

function outputsOf(values: Inputs, { info, apiVersion }: Probed): Outputs {
  return {
    endpoint: endpointTextOf(values),
    serverVersion: info.ServerVersion,
    apiVersion,
    storageDriver: info.Driver,
    dataRoot: info.DockerRootDir,
    cgroupVersion: info.CgroupVersion ?? "1",
    ...asDeclared,
  };
}

const asDeclared = {
  running: true,
  service: "as declared",
  files: "as declared",
  otherKeys: "none",
} as const;

async function apply(context: Context, values: Inputs): Promise<Outputs> {
  const { machine, signal, log, urn } = context;
  const spec = specOf(values);
  const seen = await observeDaemon(machine, signal);
  const site = siteOf(machine, seen);
  refuseExisting(machine, seen, { owner: urn, adopt: values.adopt ?? false, site });
  const unknown = checkVersion(spec.options, site.version);
  if (unknown.length > 0) {
    const lines = unknown.map(({ property, reason }) => `${property} ${reason}`);
    throw new SdkError(ErrorCode.BadInput, lines.join("; "), {
      fix: "leave it out, or declare a newer version of the DockerEngine",
    });
  }
  let probed: Probed | undefined;
  const probe = async () => {
    probed = await probeDaemon(endpointOf(context, values), spec.options, signal);
  };
  const plan = await applyDaemon(machine, planGeneration(spec, site), site, {
    probe,
    owner: urn,
    signal,
    tell: log.progress,
    acceptDataMove: values.acceptDataMove ?? false,
    ...(values.confirmSeconds === undefined ? {} : { confirmSeconds: values.confirmSeconds }),
  });
  log.done(
    plan.action === "none" ? "the daemon is as declared" : `the daemon did a ${plan.action}`,
  );
  if (!probed) throw new Error("the daemon was not probed");
  return outputsOf(values, probed);
}

/** What an update leaves as it is. */
function staying(values: Inputs, old: Recorded<typeof daemonInputs, typeof daemonOutputs>) {
  const same = (name: "options" | "engineVersion") => equalValues(values[name], old.inputs[name]);
  return same("options") && same("engineVersion") ? old.outputs : {};
}

/** What a drift of the real daemon is called; the declaration did not change. */
function drift(outputs: Outputs) {
  const names = Object.keys(asDeclared) as (keyof typeof asDeclared)[];
  return names
    .filter((name) => outputs[name] !== asDeclared[name])
    .map((property) => ({
      property,
      kind: "update" as const,
      replace: false,
      inputDiff: false,
    }));
}

export const dockerDaemon = defineResource({
  name: "DockerDaemon",
  doc: "The Docker daemon of a host: its options, its listeners and their certificates. A change that the client cannot confirm is taken back by the host itself. Deleting it brings back the configuration of before, or Docker's defaults; containers, images and volumes stay.",
  inputs: daemonInputs,
  outputs: daemonOutputs,
  check: checkDaemon,
  // What is on the daemon waits for it: on a host without Docker, its endpoint is not known yet.
  preview: (values, old) =>
    old ? { ...staying(values, old), ...asDeclared, endpoint: endpointTextOf(values) } : asDeclared,
  drift,

  async create(context, values) {
    return { id: "dockerd", outputs: await apply(context, values) };
  },

  read: (context, id, known) => readDaemon(context, id, known),

  update: (context, _id, _old, values) => apply(context, values),

  async delete(context) {
    await removeDaemon(context.machine, context.urn);
  },
});
