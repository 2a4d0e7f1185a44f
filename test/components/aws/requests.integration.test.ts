// What is rendered for ECS, held against AWS's own rules: botocore's validation of parameters by the
// service's model, and the answers of moto, which keeps what it registers. An echo says yes to all.

import * as assert from "uvu/assert";
import { EfsVolume } from "../../../components/aws/index.ts";
import { Service } from "../../../components/index.ts";
import { register } from "../../../sdk/testing/recorder.ts";
import { type Python, pythonWith } from "../../support/python.ts";
import { suite } from "../../support/suite.ts";
import { wordpressOnEcs } from "../wordpress.ts";
import { fargate, full, image, machines, network } from "./lab.ts";
import { type Request, requestsOf } from "./requests.ts";

const test = suite("aws/requests");

const validator = `
import json, sys
from botocore.session import Session
from botocore.validate import ParamValidator
session = Session()
def faults(request):
    model = session.get_service_model(request["service"])
    shape = model.operation_model(request["operation"]).input_shape
    report = ParamValidator().validate(request["params"], shape)
    unknown = []
    def walk(value, shape, path):
        if shape.type_name == "structure" and isinstance(value, dict):
            for key, one in value.items():
                if key not in shape.members: unknown.append(path + key + " is unknown")
                else: walk(one, shape.members[key], path + key + ".")
        elif shape.type_name == "list" and isinstance(value, list):
            for one in value: walk(one, shape.member, path)
        elif getattr(shape, "enum", None) and value not in shape.enum:
            unknown.append(path + " is " + str(value) + ", and may be " + "|".join(shape.enum))
    walk(request["params"], shape, "")
    said = report.generate_report()
    return unknown + ([said] if said else [])
print(json.dumps([faults(request) for request in json.load(sys.stdin)]))
`;

const registrar = `
import json, os, sys
os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="eu-central-1")
import boto3
from moto import mock_aws
with mock_aws():
    ecs = boto3.client("ecs", region_name="eu-central-1")
    answers = []
    for request in json.load(sys.stdin):
        made = ecs.register_task_definition(**request["params"])["taskDefinition"]
        seen = ecs.describe_task_definition(taskDefinition=made["taskDefinitionArn"])["taskDefinition"]
        answers.append({k: seen.get(k) for k in ("family", "revision", "status", "containerDefinitions")})
    print(json.dumps(answers))
`;

/** Services of every kind, each by the name of what is special in it. */
async function rendered(): Promise<readonly Request[]> {
  const spec = { image, port: 8080 };
  const onFargate = await register(() => {
    const cluster = fargate();
    const data = new EfsVolume("data", {
      ...network,
      securityGroupId: cluster.tasksSecurityGroupId,
    });
    const volumes = [{ volume: data, target: "/data" }];
    void new Service("least", { on: cluster, ...spec });
    void new Service("most", {
      on: cluster.with({ exec: true, spotOfTen: 5, ephemeralGiB: 40 }),
      ...full,
      volumes,
    });
    const routes = [{ host: "b.test" }];
    void new Service("blue", { on: cluster, ...spec, routes, rollout: { strategy: "blueGreen" } });
    void new Service("again", { on: cluster, ...spec, rollout: { strategy: "recreate" } });
  });
  const onMachines = await register(() => new Service("ec2", { on: machines(), ...full }));
  const besides = await register(wordpressOnEcs);
  return [...requestsOf(onFargate), ...requestsOf(onMachines), ...requestsOf(besides)];
}

const python = await pythonWith(["botocore==1.43.11", "boto3==1.43.11", "moto==5.2.5"]);

if (typeof python === "string") test.skip(`AWS's own rules: ${python}`);
else against(python);

function against({ ask }: Python): void {
  test("botocore takes every request as it is", async () => {
    const requests = await rendered();
    assert.is(requests.length, 13);
    const faults = (await ask(validator, requests)) as readonly (readonly string[])[];
    const told = requests.flatMap(({ resource, operation }, index) =>
      (faults[index] ?? []).map((fault) => `${operation} of ${resource}: ${fault}`),
    );
    assert.equal(told, []);
  });

  test("it does find what is misspelt, missing, or of the wrong kind", async () => {
    const [request] = await rendered();
    if (request === undefined) throw new Error("nothing was rendered");
    const { family: _, ...params } = request.params;
    const cases = [
      { ...request, params: { ...request.params, networkModus: "awsvpc" } },
      { ...request, params },
      { ...request, params: { ...request.params, cpu: 256 } },
      { ...request, params: { ...request.params, networkMode: "hosted" } },
    ];
    const faults = (await ask(validator, cases)) as readonly (readonly string[])[];
    const words = [
      /networkModus/,
      /Missing required parameter.*family/s,
      /Invalid type.*cpu/s,
      /hosted/,
    ];
    for (const [index, word] of words.entries())
      assert.match((faults[index] ?? []).join("\n"), word);
  });

  test("moto registers every task, and tells it as it was given", async () => {
    const tasks = (await rendered()).filter(
      ({ operation }) => operation === "RegisterTaskDefinition",
    );
    const answers = (await ask(registrar, tasks)) as readonly {
      readonly [name: string]: unknown;
    }[];
    for (const [index, { params }] of tasks.entries()) {
      const { family, status, containerDefinitions } = answers[index] ?? {};
      assert.is(status, "ACTIVE");
      assert.is(family, params["family"]);
      const [seen] = containerDefinitions as readonly { readonly [name: string]: unknown }[];
      const [want] = params["containerDefinitions"] as readonly {
        readonly [name: string]: unknown;
      }[];
      assert.equal(
        { image: seen?.["image"], secrets: seen?.["secrets"], environment: seen?.["environment"] },
        { image: want?.["image"], secrets: want?.["secrets"], environment: want?.["environment"] },
      );
    }
  });
}

test.run();
