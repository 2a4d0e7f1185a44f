// The fingerprint of a repository's key, as gpg says it, and keys that are refused.
import * as assert from "uvu/assert";
import { checkKey, keyFingerprints } from "../../../../sdk/host/docker/keyring.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("host/docker/keyring");

// Made by gpg 2.2, which printed these fingerprints.
const fingerprint = "7511CC8BD5399CA3263A78F540355347FE598F2D";
const other = "BB65D20DBD7BEFD5F064A12F3E496C56D8BE0F8C";
const one = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawHPpRYJKwYBBAHaRw8BAQdAUPHm8yHNIyAeL+cDXR8CzVKL0aKINSa3wgLE
wruINmS0IFJlcG9zaXRvcnkgb25lIDxvbmVAZXhhbXBsZS5jb20+iJAEExYIADgW
IQR1EcyL1TmcoyY6ePVANVNH/lmPLQUCawHPpQIbAwULCQgHAgYVCgkICwIEFgID
AQIeAQIXgAAKCRBANVNH/lmPLcjIAP9yzVvYupZbht5IKUawVLxdv3j171I0Hgmq
sHMFjIsc/gEAqrSHNRyXEnzPWaffTWYJItUCUKznewLjLYfnNkM3cQY=
=lxQ1
-----END PGP PUBLIC KEY BLOCK-----
`;
const both = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawHPpRYJKwYBBAHaRw8BAQdAUPHm8yHNIyAeL+cDXR8CzVKL0aKINSa3wgLE
wruINmS0IFJlcG9zaXRvcnkgb25lIDxvbmVAZXhhbXBsZS5jb20+iJAEExYIADgW
IQR1EcyL1TmcoyY6ePVANVNH/lmPLQUCawHPpQIbAwULCQgHAgYVCgkICwIEFgID
AQIeAQIXgAAKCRBANVNH/lmPLcjIAP9yzVvYupZbht5IKUawVLxdv3j171I0Hgmq
sHMFjIsc/gEAqrSHNRyXEnzPWaffTWYJItUCUKznewLjLYfnNkM3cQaYMwRrAc+l
FgkrBgEEAdpHDwEBB0ASTUz7zbcsm/5tmasOAxc4yGVmG0orHBGFTI/QxglYmLQg
UmVwb3NpdG9yeSB0d28gPHR3b0BleGFtcGxlLmNvbT6IkAQTFggAOBYhBLtl0g29
e+/V8GShLz5JbFbYvg+MBQJrAc+lAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheA
AAoJED5JbFbYvg+MZUIA/iEiJEHYqDVJ0/13DUrfve/yynYBkzhXOO158013qY9M
AP9yAPel/dqe8IZs6bRXh+DfMnlc7SIeCSZ1zAoTkwqlBA==
=k3Lv
-----END PGP PUBLIC KEY BLOCK-----
`;

test("the fingerprint is the one that gpg prints", () => {
  assert.equal(keyFingerprints(one), [fingerprint]);
  assert.equal(keyFingerprints(both), [fingerprint, other]);
});

const rules: readonly (readonly [string, string, string, RegExp | undefined])[] = [
  ["the declared key", one, fingerprint, undefined],
  [
    "a fingerprint as people write it",
    one,
    "0x7511 cc8b d539 9ca3 263a 78f5 4035 5347 fe59 8f2d",
    undefined,
  ],
  ["lines that end as on Windows", one.replaceAll("\n", "\r\n"), fingerprint, undefined],
  [
    "another key",
    one,
    other,
    new RegExp(`has the fingerprint ${fingerprint}, and ${other} is declared`),
  ],
  ["a second key beside it, which apt would trust too", both, fingerprint, /has 2 keys/],
  ["a second block behind it, which apt reads too", one + one, fingerprint, /has 2 keys/],
  ["a text that is no key", "hello", fingerprint, /is no OpenPGP key/],
  [
    "a key that was cut",
    one.replace(/\n[^\n]{64}\n[^\n]{64}\n/, "\n"),
    fingerprint,
    /is no OpenPGP key|has the fingerprint/,
  ],
  ["a private key", one.replaceAll("PUBLIC", "PRIVATE"), fingerprint, /is no OpenPGP key/],
];
for (const [name, key, declared, words] of rules) {
  test(`${name} is ${words ? "refused" : "taken"}`, () => {
    const reason = checkKey(key, declared);
    if (words) assert.match(reason ?? "it was taken", words);
    else assert.is(reason, undefined);
  });
}

test("a byte changed anywhere in the key is another key, or none", () => {
  const body = one.split("\n").slice(2, -4).join("");
  for (let at = 4; at < 72; at += 3) {
    const letter = body[at] === "A" ? "B" : "A";
    const changed = one.split("\n");
    const line = 2 + Math.floor(at / 64);
    const text = changed[line] ?? "";
    changed[line] = text.slice(0, at % 64) + letter + text.slice((at % 64) + 1);
    assert.is.not(checkKey(changed.join("\n"), fingerprint), undefined, `at ${at}`);
  }
});

test.run();
