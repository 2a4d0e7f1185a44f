// Which of a proxy's containers answers. While one replaces another both run: the new one is checked,
// starts on the listening sockets of the old one, and only then takes its place, so that no
// connection is refused. What is done inside is sdk/haproxy's.

import { ErrorCode, SdkError } from "../../errors.ts";
import { type HandOver, takeOver } from "../../haproxy/handover.ts";
import { leftAt } from "../diff.ts";
import { f, type Plain } from "../fields.ts";
import { openIn } from "../proxy.ts";
import { dataVolume } from "../proxyfields.ts";
import { type Context, defineResource } from "../resource.ts";

const inputs = {
  proxy: f.string({
    doc: "The name of the proxy's container that is to answer. Another one takes over.",
    required: true,
    onChange: "update",
  }),
  holder: f.string({
    doc: "The id of the container that has the proxy's networks and published ports. With another one connections end, and the ports answer only once the new proxy serves.",
    required: true,
    onChange: "update",
  }),
  dataVolume,
  restartGraceMs: f.integer({
    doc: "How long a container that answered before, and is to do so again, may take to end first, in milliseconds.",
    default: "30000",
    onChange: "ignore",
  }),
} as const;
type Inputs = Plain<typeof inputs>;

const outputs = {
  containerName: f.string({ doc: "The container that answers, for routes.", required: true }),
  answering: f.boolean({
    doc: "Whether it was the one that answers when it was last looked at.",
    required: true,
  }),
} as const;
type Outputs = Plain<typeof outputs>;

async function runningId({ docker, signal }: Context, name: string): Promise<string> {
  const found = await docker.containers.inspect(name, { signal });
  if (found?.State.Running === true) return found.Id;
  throw new SdkError(ErrorCode.Missing, `the proxy's container "${name}" does not run`, {
    fix: "run `pulumi up --refresh`: it starts or makes the proxy again",
  });
}

async function inAgent(context: Context, id: string): Promise<HandOver> {
  const agent = await openIn(context, id);
  try {
    return await takeOver(agent, { signal: context.signal });
  } finally {
    await agent.close();
  }
}

async function ensure(context: Context, values: Inputs): Promise<Outputs> {
  const { docker, log, signal, logicalName } = context;
  const started = performance.now();
  const id = await runningId(context, values.proxy);
  let done = await inAgent(context, id);
  if (done.outcome === "restart") {
    // A revert: its listeners were closed when the other took over, so it begins anew.
    log.progress(`${logicalName}: ${values.proxy} ends what it has, and starts again`);
    await docker.containers.stop(id, { graceMs: values.restartGraceMs ?? 30_000 });
    await docker.containers.start(id, { signal });
    done = await inAgent(context, id);
  }
  const took = `after ${((performance.now() - started) / 1000).toFixed(1)} s`;
  const how = done.outcome === "own" ? "answers" : "took over";
  const rest = done.finishing ? "; the former one finishes what it has" : "";
  log.done(`${logicalName}: ${values.proxy} ${how} ${took}${rest}`);
  return { containerName: values.proxy, answering: true };
}

export const activeProxy = defineResource({
  name: "ActiveProxy",
  doc: "Which of a proxy's containers answers. A new container of the proxy waits until this resource names it; it is then checked with all routes, starts on the listening sockets of the former one, and answers from then on, while the former one finishes what it has: no request is lost. When HAProxy refuses its settings, nothing changes and the former one goes on.",
  inputs,
  outputs,
  preview: ({ proxy }) => ({ containerName: proxy, answering: true }),
  drift: ({ answering }) => (answering ? [] : leftAt("answering")),
  announce: ({ proxy, holder }, old) => {
    if (!old || old.inputs.holder !== holder || old.inputs.proxy === proxy) return undefined;
    return "the new container takes over the listening sockets: no request is lost";
  },
  caution: ({ holder }, old) =>
    old === undefined || old.inputs.holder === holder
      ? undefined
      : "the container that holds the proxy's networks and published ports is another: all connections through it end, and its ports answer nothing until the new proxy serves",

  async create(context, values) {
    return { id: context.logicalName, outputs: await ensure(context, values) };
  },

  async read(context, id, known) {
    if (!known) return undefined;
    const { docker, signal } = context;
    const found = await docker.containers.inspect(known.inputs.proxy, { signal });
    if (found?.State.Running !== true) {
      return { id, ...known, outputs: { ...known.outputs, answering: false } };
    }
    const agent = await openIn(context, found.Id);
    try {
      const answering = (await agent.active()) === "own";
      return { id, inputs: known.inputs, outputs: { ...known.outputs, answering } };
    } finally {
      await agent.close();
    }
  },

  update: (context, _id, _old, values) => ensure(context, values),

  // The containers and the volume go by themselves.
  delete: () => Promise.resolve(),
});
