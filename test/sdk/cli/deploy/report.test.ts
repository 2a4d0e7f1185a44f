// What a deploy says, from events of the engine: the changes in words, why it failed, and its exit code.
import * as assert from "uvu/assert";
import { changesOf, isUsed } from "../../../../sdk/cli/deploy/changes.ts";
import {
  exitCodeOf,
  failuresOf,
  type Outcome,
  whyFailed,
} from "../../../../sdk/cli/deploy/outcome.ts";
import { type DeployReport, renderMarkdown } from "../../../../sdk/cli/deploy/report.ts";
import { parseEvents } from "../../../../sdk/engine/events.ts";
import { failureLine } from "../../../../sdk/failure-line.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("cli/deploy/report");

const urn = (type: string, name: string) => `urn:pulumi:qa::shop::${type}::${name}`;
const service = urn("dockwright:index:Service", "shop");
const container = urn("dockwright:index:Service$dockwright:index:Container", "shop-1");
const provider = `${urn("pulumi:providers:dockwright", "web1-provider")}::7`;
const digest = (letter: string) => `shop@sha256:${letter.repeat(64)}`;

const pre = (op: string, of: string, states: object = {}) => ({
  resourcePreEvent: {
    metadata: { op, urn: of, type: of.split("::")[2]?.split("$").at(-1), ...states },
  },
});
const said = (severity: string, message: string, of?: string) => ({
  diagnosticEvent: { severity, message: `${message}\n`, ...(of === undefined ? {} : { urn: of }) },
});
const eventsOf = (...lines: readonly object[]) =>
  parseEvents([...lines.map((one) => JSON.stringify(one)), '{"cut'].join("\n"));

const replaced = {
  old: { parent: service, provider, outputs: { image: digest("a") } },
  new: { parent: service, provider, inputs: { image: digest("b") } },
};
const sites = [{ host: "shop.test" }, { host: "shop.test", path: "/api" }];
const events = eventsOf(
  pre("same", service),
  pre("create-replacement", container, replaced),
  pre("replace", container, replaced),
  pre("delete-replaced", container, { ...replaced, new: null }),
  pre("update", urn("dockwright:index:Rollout", "shop-rollout"), {
    new: { parent: service, inputs: { proxies: [{ sites }] } },
  }),
  pre("same", urn("dockwright:index:Bridge", "front")),
  pre("create", urn("dockwright:index:Image", "shop"), {
    new: { inputs: { pull: { ref: digest("b") } } },
  }),
);

const report: DeployReport = {
  format: 1,
  project: "shop",
  stack: "qa",
  outcome: "changed",
  exitCode: 0,
  applied: true,
  durationMs: 4200,
  images: { shop: digest("b") },
  imagesBefore: {},
  endedRollbacks: [],
  changes: changesOf(events),
  policies: [],
  errors: [],
  serving: [{ service: "shop", release: 2, images: [digest("b")] }],
};

test("a service's changes are told by containers, hosts, images and routes; the rest by name", () => {
  assert.equal(changesOf(events), {
    services: [
      {
        service: "shop",
        imagesBefore: [digest("a")],
        images: [digest("b")],
        containers: { create: 0, update: 0, replace: 1, delete: 0 },
        hosts: ["web1"],
        routes: ["shop.test/", "shop.test/api"],
      },
    ],
    others: [{ deed: "create", type: "Image", name: "shop" }],
  });
});

test("an image is used where a resource is made with it, and not where it goes", () => {
  assert.ok(isUsed(events, digest("b")));
  assert.not.ok(isUsed(events, digest("a")));
});

test("Markdown says it in words, with short digests", () => {
  const text = renderMarkdown(report);
  for (const part of [
    "### shop, qa: deployed",
    "- **shop**: 1 container replaced on web1",
    "  - image: `shop@sha256:bbbbbbbbbbbb` (was `shop@sha256:aaaaaaaaaaaa`)",
    "  - requests move: `shop.test/`, `shop.test/api`",
    "- new: Image `shop`",
    "shop: release 2 serves, `shop@sha256:bbbbbbbbbbbb`.",
  ]) {
    assert.ok(text.includes(part), `${part}\n${text}`);
  }
});

test("Markdown of a failure has its words in a block that they cannot end", () => {
  const errors = [{ resource: "shop-1", message: "not ready\n```\n# no heading" }];
  const text = renderMarkdown({ ...report, outcome: "gate-failed", errors });
  assert.match(text, "````text\nnot ready\n```\n# no heading\n````");
  assert.match(text, "release 2 still serves");
});

const failed = { resOpFailedEvent: { metadata: { urn: container } } };
const mandatory = {
  policyEvent: {
    resourceUrn: container,
    message: "no",
    policyName: "p",
    policyPackName: "pack",
    enforcementLevel: "mandatory",
  },
};
const endings: readonly [string, readonly object[], number, string, Outcome][] = [
  ["a gate", [said("debug", failureLine("GATE_FAILED"), container), failed], 1, "", "gate-failed"],
  ["a gate of another", [said("debug", failureLine("GATE_FAILED"), "x"), failed], 1, "", "failed"],
  ["words of a gate alone", [said("error", "GATE_FAILED", container), failed], 1, "", "failed"],
  ["a host", [said("debug", failureLine("UNREACHABLE"), container), failed], 1, "", "failed"],
  ["a policy", [mandatory], 1, "", "policy-refused"],
  ["a lock", [], 1, "error: the stack is currently locked by 1 lock(s)", "locked"],
  ["a lock of Pulumi Cloud", [], 1, "Another update is currently in progress.", "locked"],
  ["a signal", [], 130, "", "interrupted"],
  ["a cancel", [said("debug", failureLine("CANCELLED"), container), failed], 1, "", "interrupted"],
];
for (const [name, lines, code, output, outcome] of endings) {
  test(`why it failed: ${name}`, () => {
    assert.is(whyFailed(eventsOf(...lines), code, output), outcome);
  });
}

test("errors are those that tell something", () => {
  const both = eventsOf(said("error", "no space", container), said("error", "update failed"));
  assert.equal(failuresOf(both), [{ resource: "shop-1", message: "no space" }]);
  const bare = failuresOf(eventsOf(said("error", "update failed")));
  assert.is(bare[0]?.message, "update failed");
});

test("exit codes are distinct, and a change is a code only on request", () => {
  const code = (outcome: Outcome, detailed: boolean, changes: boolean) =>
    exitCodeOf(outcome, { detailed, changes });
  assert.equal([code("changed", false, true), code("unchanged", true, false)], [0, 0]);
  assert.equal([code("changed", true, true), code("previewed", true, true)], [10, 10]);
  const bad = ["failed", "bad-input", "gate-failed", "policy-refused", "locked", "interrupted"];
  assert.equal(
    bad.map((one) => code(one as Outcome, true, true)),
    [1, 2, 3, 4, 5, 130],
  );
});

test.run();
