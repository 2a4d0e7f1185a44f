// What is rendered for GKE, held against Google's own description of its API, which the Python client
// ships: unknown and misspelt members, wrong kinds and words that are not among those allowed.

import * as assert from "uvu/assert";
import { GkeCluster, NodePool } from "../../../components/gcp/index.ts";
import { ofType, type Registered, register } from "../../../sdk/testing/recorder.ts";
import { type Python, pythonWith } from "../../support/python.ts";
import { suite } from "../../support/suite.ts";

const test = suite("gcp/requests");
type Map = { readonly [name: string]: unknown };

const validator = `
import json, os, sys
place = os.path.join(os.environ["PYTHONPATH"], "googleapiclient/discovery_cache/documents/container.v1.json")
schemas = json.load(open(place))["schemas"]
kinds = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "object": dict, "array": list}
def faults(value, schema, path):
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type", "any")
    if kind in kinds and (not isinstance(value, kinds[kind]) or (kind == "integer" and isinstance(value, bool))):
        return [path + " is " + json.dumps(value) + ", not " + kind]
    if "enum" in schema and value not in schema["enum"]:
        return [path + " is " + value + ", not " + "|".join(schema["enum"])]
    found = []
    if kind == "array":
        for one in value: found += faults(one, schema["items"], path + "[]")
    if kind == "object":
        known = schema.get("properties", {})
        for name, one in value.items():
            if name in known: found += faults(one, known[name], path + "." + name)
            elif "additionalProperties" in schema: found += faults(one, schema["additionalProperties"], path + "." + name)
            else: found.append(path + "." + name + " is unknown")
    return found
print(json.dumps([faults(r["body"], {"$ref": r["schema"]}, r["schema"]) for r in json.load(sys.stdin)]))
`;

interface Request {
  readonly schema: string;
  readonly body: Map;
}

/** As the provider maps its own members on the API's. */
function clusterOf({ inputs }: Registered): Request {
  const {
    location: _l,
    deletionProtection: _d,
    removeDefaultNodePool: _r,
    project: _p,
    ...rest
  } = inputs;
  const { networkingMode, enableAutopilot, datapathProvider, ipAllocationPolicy, ...more } = rest;
  const { masterAuthorizedNetworksConfig, ...same } = more;
  const body = {
    ...same,
    ipAllocationPolicy: {
      ...(ipAllocationPolicy as Map),
      useIpAliases: networkingMode === "VPC_NATIVE",
    },
    masterAuthorizedNetworksConfig: { ...(masterAuthorizedNetworksConfig as Map), enabled: true },
    ...(enableAutopilot === undefined ? {} : { autopilot: { enabled: enableAutopilot } }),
    ...(datapathProvider === undefined ? {} : { networkConfig: { datapathProvider } }),
  };
  return { schema: "Cluster", body };
}

function poolOf({ inputs }: Registered): Request {
  const { cluster: _c, location: _l, project: _p, nodeConfig, autoscaling, ...more } = inputs;
  const { nodeDrainConfigs, ...rest } = more;
  const body = {
    ...rest,
    nodeDrainConfig: (nodeDrainConfigs as readonly Map[])[0],
    config: nodeConfig,
    autoscaling: { ...(autoscaling as Map), enabled: true },
  };
  return { schema: "NodePool", body };
}

async function rendered(): Promise<readonly Request[]> {
  const all = await register(() => {
    const place = { location: "europe-west3", network: "net", subnetwork: "sub" };
    const given = {
      ...place,
      ranges: { pods: "pods", services: "services" },
      authorizedNetworks: [{ cidr: "192.0.2.0/24", name: "office" }],
      labels: { team: "shop" },
    };
    void new GkeCluster("auto", given);
    const cluster = new GkeCluster("standard", { ...given, autopilot: false, project: "demo" });
    const machine = { machineType: "e2-standard-4", min: 1, max: 3, labels: { disk: "ssd" } };
    return new NodePool("web", { cluster, project: "demo", ...machine, spot: true });
  });
  const clusters = all
    .filter(({ type }) => type === "gcp:container/cluster:Cluster")
    .map(clusterOf);
  return [
    ...clusters,
    ...ofType(all, "NodePool")
      .filter(({ type }) => type.startsWith("gcp:"))
      .map(poolOf),
  ];
}

const python = await pythonWith(["--no-deps", "google-api-python-client==2.202.0"]);

if (typeof python === "string") test.skip(`Google's own description: ${python}`);
else against(python);

function against({ ask }: Python): void {
  test("clusters and pools are as Google describes them", async () => {
    const requests = await rendered();
    assert.equal(
      requests.map(({ schema }) => schema),
      ["Cluster", "Cluster", "NodePool"],
    );
    assert.equal(await ask(validator, requests), [[], [], []]);
  });

  test("it does find what is misspelt, of the wrong kind, or not among the words", async () => {
    const [cluster] = await rendered();
    const broken = [
      { autopilots: {} },
      { initialNodeCount: "1" },
      { releaseChannel: { channel: "SLOW" } },
    ];
    const cases = broken.map((more) => ({
      schema: "Cluster",
      body: { ...cluster?.body, ...more },
    }));
    const found = (await ask(validator, cases)) as readonly (readonly string[])[];
    for (const [index, word] of [/autopilots is unknown/, /not integer/, /SLOW/].entries()) {
      assert.match(found[index]?.join() ?? "", word);
    }
  });
}

test.run();
