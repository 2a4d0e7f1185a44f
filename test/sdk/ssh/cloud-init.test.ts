// What cloud-init's status means, as its versions print it.
import * as assert from "uvu/assert";
import { type CloudInitOutcome, judgeCloudInit } from "../../../sdk/ssh/cloud-init.ts";
import { suite } from "../../support/suite.ts";

const test = suite("ssh/cloud-init");

const json = (value: object) => JSON.stringify(value, undefined, 2);
const none = { errors: [], recoverable_errors: {} };
const warned = { WARNING: ["Failed to set hostname"], ERROR: ["No such module"] };

const cases: readonly [string, string, CloudInitOutcome][] = [
  ["there is none", "absent\n", { state: "absent", detail: "" }],
  [
    "done",
    `code 0\n${json({ status: "done", detail: "DataSourceNoCloud", ...none })}\n`,
    { state: "done", detail: "" },
  ],
  ["disabled is done", `code 0\n${json({ status: "disabled" })}\n`, { state: "done", detail: "" }],
  [
    "done with errors that it recovered from (23.4 and later)",
    `code 2\n${json({ status: "done", extended_status: "degraded done", errors: [], recoverable_errors: warned })}\n`,
    { state: "degraded", detail: "warning: Failed to set hostname; error: No such module" },
  ],
  [
    "failed, with its errors",
    `code 1\n${json({ status: "error", errors: ["('runcmd', RuntimeError('x'))"], recoverable_errors: {} })}\n`,
    { state: "failed", detail: "('runcmd', RuntimeError('x'))" },
  ],
  [
    "failed, as versions before JSON print it",
    "code 1\nstatus: error\ntime: Thu, 01 Jan 2026\ndetail:\n('scripts-user', 1)\n",
    {
      state: "failed",
      detail: "status: error; time: Thu, 01 Jan 2026; detail:; ('scripts-user', 1)",
    },
  ],
  [
    "failed, and a detail only",
    `code 1\n${json({ status: "error", detail: "one\ntwo\n" })}\n`,
    { state: "failed", detail: "one; two" },
  ],
  [
    "an exit code that is none of its own",
    "code 137\nKilled\n",
    { state: "failed", detail: "its status has the exit code 137: Killed" },
  ],
  ["nothing", "", { state: "failed", detail: "its status has the exit code none: " }],
  [
    "JSON of another kind is no detail",
    `code 2\n${json({ errors: "x", recoverable_errors: [1], detail: 5 })}`,
    { state: "degraded", detail: "" },
  ],
];
for (const [name, output, want] of cases) {
  test(name, () => {
    assert.equal(judgeCloudInit(output), want);
  });
}

test.run();
