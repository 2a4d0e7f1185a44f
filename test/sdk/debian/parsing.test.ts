import * as assert from "uvu/assert";
import { acquireSettings } from "../../../sdk/debian/apt.ts";
import { buildEnv } from "../../../sdk/debian/bootstrap.ts";
import { scrubLine } from "../../../sdk/debian/process.ts";
import { aptFollower, baseStep } from "../../../sdk/debian/progress.ts";
import { baseArgs, imageArgs, quoteShell } from "../../../sdk/debian/root.ts";
import { parseStatus } from "../../../sdk/debian/status.ts";
import { suite } from "../../support/suite.ts";

const apt = suite("acquireSettings");
apt("takes how to fetch, and nothing else", () => {
  const dump = [
    'APT "";',
    'APT::Architecture "amd64";',
    'Acquire "";',
    'Acquire::http "";',
    'Acquire::http::Proxy "http://u:p@proxy:3128";',
    'Acquire::Retries "5";',
    'Acquire::Check-Valid-Until "false";',
    'Acquire::Languages "";',
    'Acquire::Languages:: "none";',
    'Acquire::IndexTargets::deb::DEP-11::MetaKey "x";',
    'Acquire::GzipIndexes "true";',
    'DPkg::Post-Invoke:: "rm -rf /";',
    'Acquire::https::x::Verify-Peer "false";',
  ].join("\n");
  assert.equal(acquireSettings(dump).trim().split("\n"), [
    'Acquire::http::Proxy "http://u:p@proxy:3128";',
    'Acquire::Retries "5";',
    'Acquire::Check-Valid-Until "false";',
    'Acquire::https::x::Verify-Peer "false";',
  ]);
});
apt("programs of a build see proxies and no secret of the caller", () => {
  const env = buildEnv({
    HOME: "/h",
    https_proxy: "p",
    NO_PROXY: "n",
    PULUMI_CONFIG_PASSPHRASE: "s",
    TMPDIR: "/x",
  });
  assert.equal(Object.keys(env).sort(), [
    "HOME",
    "LC_ALL",
    "NO_PROXY",
    "PATH",
    "SOURCE_DATE_EPOCH",
    "https_proxy",
  ]);
});
apt("a password in an address is not shown", () => {
  assert.is(scrubLine("Err http://me:secret@mirror/x 403"), "Err http://***@mirror/x 403");
});
apt.run();

const root = suite("root arguments");
const folders = { work: "/w", open: "/o", lists: "/l", debs: "/d e", link: true };
const args = {
  spec: { packages: ["b", "a", "b"], setup: ["echo 'x'"] },
  folders,
  arch: "amd64",
  target: "/t",
};
root("packages are sorted, once each, and quoted", () => {
  assert.ok(
    imageArgs(args, "/base.tar").some((arg) => arg.includes("--force-unsafe-io 'a' 'b' 3>&1")),
  );
});
root("setup commands run after files, and before cleaning", () => {
  const list = imageArgs(args, "/base.tar");
  const at = (part: string) => list.findIndex((arg) => arg.includes(part));
  assert.ok(at("extra.tar") < at("echo '\\''x'\\''"));
  assert.ok(at("echo '\\''x'\\''") < at("/var/log"));
});
root("quotes survive the shell", () => assert.is(quoteShell("it's"), `'it'\\''s'`));
root("a slim root keeps licences", () => {
  assert.ok(baseArgs(args).includes("--dpkgopt=path-include=/usr/share/doc/*/copyright"));
  const full = baseArgs({ ...args, spec: { packages: [], slim: false } });
  assert.not.ok(full.some((arg) => arg.startsWith("--dpkgopt")));
});
root("old releases are not merged", () => {
  const merged = (suite: string) =>
    baseArgs({ ...args, spec: { packages: [], suite } })
      .join(" ")
      .includes("merged-usr");
  assert.equal([merged("bookworm"), merged("bullseye")], [true, false]);
});
root("no setting for fetching is an argument", () => {
  assert.not.match(imageArgs(args, "/b").join(" "), /Acquire/);
});
root.run();

const progress = suite("progress");
progress("follows apt: fetched, extracted and configured, each package once", () => {
  const follow = aptFollower();
  const texts = [
    "0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.",
    "dlstatus:1:0.0000:Retrieving file 1 of 2",
    "dlstatus:1:0.0000:Retrieving file 1 of 2",
    "pmstatus:libc6:10.0:Unpacking libc6 (amd64)",
    "pmstatus:libc6:12.0:Unpacking libc6 (amd64)",
    "pmstatus:nginx:amd64:20.0:Unpacking nginx (amd64)",
    "pmstatus:libc6:30.0:Configuring libc6 (amd64)",
    "pmstatus:libc6:30.0:Installed libc6 (amd64)",
    "Setting up libc6",
  ].map((line) => follow(line)?.text);
  assert.equal(texts, [
    undefined,
    "retrieving 1 of 2",
    undefined,
    "extracting 1 of 2: libc6",
    undefined,
    "extracting 2 of 2: nginx",
    "configuring 1 of 2: libc6",
    undefined,
    undefined,
  ]);
});
progress("follows mmdebstrap while it makes the shared root", () => {
  assert.is(baseStep("I: extracting archives...")?.text, "shared root: extracting archives");
  assert.is(baseStep("I: success in 3 seconds"), undefined);
});
progress.run();

const status = suite("parseStatus");
status("has what is installed, by name", () => {
  const text =
    "Package: b\nStatus: install ok installed\nVersion: 1:2.0-1\nDescription: x\n Version: 9\n\n" +
    "Package: a\nStatus: hold ok installed\nVersion: 1\n\n" +
    "Package: c\nStatus: deinstall ok config-files\nVersion: 1\n";
  assert.equal(parseStatus(text), { a: "1", b: "1:2.0-1" });
});
status.run();
