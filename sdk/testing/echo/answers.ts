// What functions answer. Those that look at what "exists" find it in the store; what nobody knows here
// answers with its own arguments.

import { bare, type EchoPlan, type EchoResource, type Properties } from "./plan.ts";
import { short } from "./rules.ts";

type Answer = (args: Properties, things: readonly EchoResource[]) => Properties | undefined;

/** As `ecs.getService` sees the service: what is there, which need not be what the state says. */
const service: Answer = ({ serviceName, clusterArn }, things) => {
  const found = things.find(({ type, outputs }) => {
    if (type !== "aws:ecs/service:Service") return false;
    const { name, cluster, arn } = bare(outputs) as Properties;
    return cluster === clusterArn && (name === serviceName || arn === serviceName);
  });
  if (found === undefined) return undefined;
  const outputs = bare(found.outputs) as Properties;
  return { events: [], deployments: [], ...outputs, serviceName: outputs["name"], clusterArn };
};

const known: { readonly [token: string]: Answer } = {
  "aws:ecs/getService:getService": service,
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": ({ registryId = "123456789012" }) => {
    const password = `a-token-for-${String(registryId)}`;
    return {
      id: "eu-central-1",
      userName: "AWS",
      password,
      authorizationToken: Buffer.from(`AWS:${password}`).toString("base64"),
      proxyEndpoint: `https://${String(registryId)}.dkr.ecr.eu-central-1.amazonaws.com`,
      expiresAt: "2037-01-01T00:00:00Z",
    };
  },
  "aws:index/getRegion:getRegion": () => ({
    name: "eu-central-1",
    region: "eu-central-1",
    id: "eu-central-1",
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: "123456789012",
    id: "123456789012",
  }),
  "aws:ssm/getParameter:getParameter": ({ name }) => ({
    name,
    value: `ami-${short(String(name), 17)}`,
    insecureValue: `ami-${short(String(name), 17)}`,
  }),
  "gcp:organizations/getClientConfig:getClientConfig": () => ({
    project: "demo",
    region: "europe-west3",
    accessToken: "an-access-token",
  }),
};

/** The answer; undefined where what is asked for does not exist. */
export function answerTo(
  token: string,
  args: Properties,
  plan: EchoPlan,
  things: readonly EchoResource[],
): Properties | undefined {
  const given = plan.answers?.[token];
  if (given !== undefined) return { ...args, ...given };
  const answer = known[token];
  if (answer !== undefined) return answer(args, things);
  return { ...args, id: short(token, 12) };
}
