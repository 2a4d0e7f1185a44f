// What is rendered for GKE, held against Google's own description of its API, which the Python client
// ships: unknown and misspelt members, wrong kinds and words that are not among those allowed.

import * as assert from "uvu/assert";
import { GcpMachine, GkeCluster, NodePool } from "../../../components/gcp/index.ts";
import { type Registered, register } from "../../../sdk/testing/recorder.ts";
import { type Python, pythonWith } from "../../support/python.ts";
import { suite } from "../../support/suite.ts";
import { fullMachine } from "./lab.ts";

const test = suite("gcp/requests");
type Map = { readonly [name: string]: unknown };

const validator = `
import json, os, sys
folder = os.path.join(os.environ["PYTHONPATH"], "googleapiclient/discovery_cache/documents")
apis = {api: json.load(open(os.path.join(folder, api + ".json")))["schemas"] for api in ("container.v1", "compute.v1")}
kinds = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "object": dict, "array": list}
def faults(value, schema, path, schemas):
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type", "any")
    if kind in kinds and (not isinstance(value, kinds[kind]) or (kind == "integer" and isinstance(value, bool))):
        return [path + " is " + json.dumps(value) + ", not " + kind]
    if "enum" in schema and value not in schema["enum"]:
        return [path + " is " + value + ", not " + "|".join(schema["enum"])]
    found = []
    if kind == "array":
        for one in value: found += faults(one, schema["items"], path + "[]", schemas)
    if kind == "object":
        known = schema.get("properties", {})
        for name, one in value.items():
            if name in known: found += faults(one, known[name], path + "." + name, schemas)
            elif "additionalProperties" in schema: found += faults(one, schema["additionalProperties"], path + "." + name, schemas)
            else: found.append(path + "." + name + " is unknown")
    return found
print(json.dumps([faults(r["body"], {"$ref": r["schema"]}, r["schema"], apis[r["api"]]) for r in json.load(sys.stdin)]))
`;

interface Request {
  readonly api: "container.v1" | "compute.v1";
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
  const { masterAuthorizedNetworksConfig, gatewayApiConfig, ...same } = more;
  const body = {
    ...same,
    ipAllocationPolicy: {
      ...(ipAllocationPolicy as Map),
      useIpAliases: networkingMode === "VPC_NATIVE",
    },
    masterAuthorizedNetworksConfig: { ...(masterAuthorizedNetworksConfig as Map), enabled: true },
    ...(enableAutopilot === undefined ? {} : { autopilot: { enabled: enableAutopilot } }),
    ...(datapathProvider === undefined
      ? {}
      : { networkConfig: { datapathProvider, gatewayApiConfig } }),
  };
  return { api: "container.v1", schema: "Cluster", body };
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
  return { api: "container.v1", schema: "NodePool", body };
}

function machineOf({ inputs }: Registered): Request {
  const { bootDisk, serviceAccount, metadata, networkInterfaces, project: _p, ...rest } = inputs;
  const { allowStoppingForUpdate: _a, ...same } = rest;
  const { initializeParams, kmsKeySelfLink } = bootDisk as { readonly [name: string]: Map };
  const { image, size, type } = initializeParams ?? {};
  const disk = {
    boot: true,
    initializeParams: { sourceImage: image, diskSizeGb: String(size), diskType: type },
    ...(kmsKeySelfLink === undefined ? {} : { diskEncryptionKey: { kmsKeyName: kmsKeySelfLink } }),
  };
  const interfaces = (networkInterfaces as readonly Map[]).map(({ accessConfigs, ...one }) => ({
    ...one,
    accessConfigs: ((accessConfigs ?? []) as readonly Map[]).map(({ natIp }) => ({ natIP: natIp })),
  }));
  const items = Object.entries(metadata as Map).map(([key, value]) => ({ key, value }));
  const body = {
    ...same,
    disks: [disk],
    networkInterfaces: interfaces,
    serviceAccounts: [serviceAccount],
    metadata: { items },
  };
  return { api: "compute.v1", schema: "Instance", body };
}

function firewallOf({ inputs }: Registered): Request {
  const { allows, project: _p, ...rest } = inputs;
  const allowed = (allows as readonly Map[]).map(({ protocol, ports }) => ({
    IPProtocol: protocol,
    ports,
  }));
  return { api: "compute.v1", schema: "Firewall", body: { ...rest, allowed } };
}

function addressOf({ inputs: { project: _p, ...body } }: Registered): Request {
  return { api: "compute.v1", schema: "Address", body };
}

/** How each kind of resource is asked for. */
const requests: { readonly [type: string]: (one: Registered) => Request } = {
  "gcp:container/cluster:Cluster": clusterOf,
  "gcp:container/nodePool:NodePool": poolOf,
  "gcp:compute/instance:Instance": machineOf,
  "gcp:compute/firewall:Firewall": firewallOf,
  "gcp:compute/address:Address": addressOf,
};

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
    const cluster = new GkeCluster("standard", {
      ...given,
      autopilot: false,
      project: "demo",
      gateway: { name: "edge" },
    });
    const machine = { machineType: "e2-standard-4", min: 1, max: 3, labels: { disk: "ssd" } };
    void new NodePool("web", { cluster, project: "demo", ...machine, spot: true });
    void new GcpMachine("web1", fullMachine);
    return new GcpMachine("inside", { ...fullMachine, public: false, startupScript: "true" });
  });
  return all.flatMap((one) => requests[one.type]?.(one) ?? []);
}

const python = await pythonWith(["--no-deps", "google-api-python-client==2.202.0"]);

if (typeof python === "string") test.skip(`Google's own description: ${python}`);
else against(python);

function against({ ask }: Python): void {
  test("clusters, pools and machines are as Google describes them", async () => {
    const asked = await rendered();
    assert.equal(
      asked.map(({ schema }) => schema).sort(),
      [
        "Cluster",
        "Cluster",
        "NodePool",
        ...["Firewall", "Firewall", "Firewall", "Firewall", "Address", "Instance"],
        ...["Firewall", "Firewall", "Firewall", "Firewall", "Instance"],
      ].sort(),
    );
    const found = (await ask(validator, asked)) as readonly (readonly string[])[];
    assert.equal(found.flat(), []);
  });

  test("it does find what is misspelt, of the wrong kind, or not among the words", async () => {
    const asked = await rendered();
    const cluster = asked.find(({ schema }) => schema === "Cluster");
    const broken = [
      { autopilots: {} },
      { initialNodeCount: "1" },
      { releaseChannel: { channel: "SLOW" } },
    ];
    const cases = broken.map((more) => ({
      api: "container.v1",
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
