import * as assert from "uvu/assert";
import { ErrorCode, SdkError } from "../../../sdk/errors.ts";
import {
  ask,
  parseInfo,
  parseProcesses,
  parseServers,
  parseSessions,
} from "../../../sdk/haproxy/cli.ts";
import type { Agent } from "../../../sdk/haproxy/types.ts";
import { suite } from "../../support/suite.ts";

const test = suite("cli");

test("the current worker is the one of its section, also after a failed reload", () => {
  const text = [
    "#<PID>          <type>          <reloads>       <uptime>        <version>      ",
    "19307           master          3 [failed: 1]   0d00h04m46s     2.6.12-1+deb12u4",
    "# workers",
    "24969           worker          1               0d00h00m01s     2.6.12-1+deb12u4",
    "# old workers",
    "24908           worker          2               0d00h00m02s     2.6.12-1+deb12u4",
    "# programs",
    "",
  ].join("\n");
  assert.equal(parseProcesses(text), { current: 24_969, old: [24_908], reloads: 3, failed: 1 });
});

const stateHead =
  "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight " +
  "srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health " +
  "srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord " +
  "srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n";
const statHead =
  "# pxname,svname,qcur,scur,check_status,check_health,check_rise,check_fall,last_chk\n";
const state = (name: string, op: number, admin: number, more = "web-a 8080") =>
  `3 route_x 1 ${name} 10.0.0.1 ${op} ${admin} 1 1 1 15 3 2 6 0 0 0 ${more} - 0 0 - - 0\n`;

const states: readonly [string, number, number, string, boolean, boolean][] = [
  ["in traffic", 2, 0, "ready", true, false],
  [
    "in traffic, once disabled in the file, its name set at run time",
    2,
    4 + 64,
    "ready",
    true,
    false,
  ],
  ["down", 0, 0, "ready", false, false],
  ["drained", 2, 8, "drain", true, false],
  ["in maintenance", 0, 1, "maint", false, false],
  ["disabled in the file", 0, 5, "maint", false, false],
  ["without an address", 0, 32, "ready", false, true],
];
for (const [name, op, admin, want, up, unresolved] of states) {
  test(`a server ${name}`, () => {
    const text = `${stateHead}${state("s1", op, admin)}\n${statHead}route_x,s1,1,2,L7OK,2,1,2,\n`;
    const [slot] = parseServers(text) ?? [];
    assert.equal([slot?.state, slot?.up, slot?.unresolved], [want, up, unresolved]);
    assert.is(slot?.streams, 3);
  });
}

const checks: readonly [string, string, boolean][] = [
  ["L7OK,2,1,2", "full health", true],
  ["* L7OK,2,1,2", "full health, while the next check is under way", true],
  ["L4OK,2,1,2", "full health over TCP", true],
  ["L7OK,1,1,2", "the check of an earlier life", false],
  ["L7STS,0,1,2", "a failed check", false],
  ["INI,1,1,2", "no check yet", false],
  [",,,", "checks that are off", false],
];
for (const [cells, name, want] of checks) {
  test(`${name} ${want ? "has passed" : "has not passed"}`, () => {
    const text = `${stateHead}${state("s1", 2, 8)}\n${statHead}route_x,s1,0,0,${cells},\n`;
    assert.is(parseServers(text)?.[0]?.passed, want);
  });
}

test("a slot without name or address has none, and an unknown backend has no slots", () => {
  const text = `${stateHead}3 route_x 1 s1 - 0 32 1 1 1 1 0 0 14 0 0 0 - 1 - 0 0 - - 0\n`;
  const [slot] = parseServers(text) ?? [];
  assert.equal([slot?.host, slot?.address, slot?.port], [undefined, undefined, 1]);
  assert.is(parseServers("Can't find backend.\n\n"), undefined);
});

test("sessions are those of clients, not of the command line", () => {
  const text =
    "0x7f7e4c02dbe0: proto=tcpv4 src=127.0.0.1:57792 fe=http be=route_x srv=s1 ts=00 epoch=0\n" +
    "0x7f7e4c02dbe1: proto=tcpv4 src=127.0.0.1:57793 fe=http be=<NONE> srv=<none> ts=00 epoch=0\n" +
    "0x7f7e4c037a20: proto=sockpair src=unix:2 fe=GLOBAL be=<NONE> srv=<none> ts=00 epoch=0\n";
  assert.equal(
    parseSessions(text).map(({ id, backend, slot }) => [id, backend, slot]),
    [
      ["0x7f7e4c02dbe0", "route_x", "s1"],
      ["0x7f7e4c02dbe1", "<NONE>", "<none>"],
    ],
  );
});

test("info is by name", () => {
  assert.equal(parseInfo("Pid: 7\nCurrConns: 2\ndescription: a: b\n\n"), {
    Pid: "7",
    CurrConns: "2",
    description: "a: b",
  });
});

test("a refusal and an empty answer are asked again", async () => {
  const answers = [new SdkError(ErrorCode.Refused, "connect: refused"), "", "Pid: 7\n"];
  const talk = async () => {
    const next = answers.shift() ?? "";
    if (typeof next === "string") return next;
    throw next;
  };
  assert.is(await ask({ talk } as unknown as Agent, "show info"), "Pid: 7\n");
});

test("an agent that is gone is not asked again", async () => {
  let asked = 0;
  const talk = async () => {
    asked += 1;
    throw new SdkError(ErrorCode.Unreachable, "gone");
  };
  const error: unknown = await ask({ talk } as unknown as Agent, "x").catch(
    (thrown: unknown) => thrown,
  );
  assert.instance(error, SdkError);
  assert.is(asked, 1);
});

test.run();
