// When an authority rotates or drops its former one, and when a certificate is issued again.
import fc from "fast-check";
import * as assert from "uvu/assert";
import {
  type FormerAuthority,
  isReissueDue,
  overlapEndsAt,
  planRotation,
  stillTrusted,
} from "../../../sdk/pki/rotation.ts";
import { suite } from "../../support/suite.ts";
import { dayMs, daysAfter } from "./fixture.ts";

const test = suite("pki/rotation");
const start = new Date("2030-01-01T00:00:00.000Z");
const day = (days: number) => daysAfter(start, days);
const iso = (days: number) => day(days).toISOString();
const settings = { renewBeforeDays: 100, overlapDays: 30 };

function former(rotatedOn: number): FormerAuthority {
  return { certificate: `C${rotatedOn}`, crossCertificate: "", rotatedAt: iso(rotatedOn) };
}

const steps: readonly (readonly [string, number, readonly number[], boolean, string])[] = [
  // what, today, days of earlier rotations (latest first), asked, step; it ends on day 1000
  ["nothing to do", 0, [], false, "keep"],
  ["a moment before its date", 899.999, [], false, "keep"],
  ["its date", 900, [], false, "rotate"],
  ["long after its end", 2000, [], false, "rotate"],
  ["asked", 0, [], true, "rotate"],
  ["asked in an overlap", 10, [0], true, "rotate"],
  ["in the overlap", 29.999, [0], false, "keep"],
  ["the end of the overlap", 30, [0], false, "drop:"],
  ["long after it", 300, [0], false, "drop:"],
  ["of two, the older ends", 35, [10, 0], false, "drop:10"],
  ["of two, both end", 300, [10, 0], false, "drop:"],
  ["its date goes before a drop", 900, [0], false, "rotate"],
];
for (const [what, today, rotations, asked, want] of steps) {
  test(`${what}: ${want}`, () => {
    const state = { expiresAt: iso(1000), previous: rotations.map(former) };
    const step = planRotation(state, settings, { now: day(today), asked });
    const left =
      step.kind === "drop" ? `:${step.previous.map((one) => one.certificate.slice(1)).join()}` : "";
    assert.is(step.kind + left, want);
  });
}

test("a shorter or longer overlap counts at once", () => {
  assert.equal(stillTrusted([former(0)], 0, day(0)), []);
  assert.is(stillTrusted([former(0)], 400, day(300)).length, 1);
  assert.is(overlapEndsAt([former(10), former(0)], 30), iso(30), "the oldest goes next");
  assert.is(overlapEndsAt([], 30), "");
});

const dues: readonly (readonly [string, number, number, number, boolean])[] = [
  // what, its end, its authority's end, today, whether it is due; life 365, renewed 120 before
  ["before its date", 365, 3650, 244.9, false],
  ["on its date", 365, 3650, 245, true],
  ["after its end", 365, 3650, 400, true],
  ["it ends with its authority: a new one would not last longer", 365, 365, 300, false],
  ["its authority ends a little later", 365, 366, 300, true],
  ["its authority ended", 365, 365, 400, false],
];
for (const [what, end, authorityEnd, today, want] of dues) {
  test(`${what}: ${want ? "issued again" : "left alone"}`, () => {
    const certificate = { expiresAt: iso(end), authorityExpiresAt: iso(authorityEnd) };
    const due = isReissueDue(certificate, { renewBeforeDays: 120, lifeDays: 365 }, day(today));
    assert.is(due, want);
  });
}

test("a certificate that was just issued is never due", () => {
  const days = fc.integer({ min: 1, max: 5000 });
  fc.assert(
    fc.property(days, days, days, fc.nat(5000), (life, authorityLeft, renewBefore, today) => {
      fc.pre(renewBefore < life);
      const expiresAt = new Date(
        Math.min(day(today).getTime() + life * dayMs, day(today + authorityLeft).getTime()),
      ).toISOString();
      const certificate = { expiresAt, authorityExpiresAt: iso(today + authorityLeft) };
      const settings = { renewBeforeDays: renewBefore, lifeDays: life };
      return !isReissueDue(certificate, settings, day(today));
    }),
  );
});

test("after a rotation and a drop there is nothing to do", () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.array(fc.nat(2000), { maxLength: 4 }), (today, rotations) => {
      const previous = rotations
        .filter((one) => one <= today)
        .sort((a, b) => b - a)
        .map(former);
      const left = stillTrusted(previous, settings.overlapDays, day(today));
      const state = { expiresAt: iso(today + 3650), previous: left };
      return planRotation(state, settings, { now: day(today), asked: false }).kind === "keep";
    }),
  );
});

test.run();
