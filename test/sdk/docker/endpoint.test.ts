import * as assert from "uvu/assert";
import { describeEndpoint, parseDockerHost } from "../../../sdk/docker/endpoint.ts";
import { unreachable } from "../../../sdk/docker/unreachable.ts";
import { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";

const test = suite("docker: endpoints");
const tls = { ca: "CA", cert: "CERT", key: "hush-key" };

for (const [name, text, want] of [
  ["a unix socket", "unix:///var/run/docker.sock", "unix:///var/run/docker.sock"],
  ["TLS with a port", "tcp://web1.example.com:2376", "tcp://web1.example.com:2376"],
  ["TLS without a port gets Docker's", "tcp://web1", "tcp://web1:2376"],
  ["an IPv6 address in brackets", "tcp://[::1]:2376", "tcp://[::1]:2376"],
  ["a slash at the end", "tcp://10.0.0.1:1234/", "tcp://10.0.0.1:1234"],
] as const) {
  test(`${name} is taken`, () => assert.is(describeEndpoint(parseDockerHost(text, tls)), want));
}

for (const [name, text, materials] of [
  ["plain TCP", "tcp://web1:2375", undefined],
  ["a relative socket path", "unix://docker.sock", undefined],
  ["no socket path", "unix://", undefined],
  ["ssh", "ssh://web1", tls],
  ["http", "http://web1:2376", tls],
  ["nothing", "", undefined],
  ["a port of 0", "tcp://web1:0", tls],
  ["a port above 65535", "tcp://web1:65536", tls],
  ["a path", "tcp://web1:2376/x", tls],
  ["credentials", "tcp://me:you@web1:2376", tls],
  ["a bracketed name", "tcp://[web1]:2376", tls],
  ["white space", "tcp://we b:2376", tls],
] as const) {
  test(`${name} is refused with a fix`, () => {
    try {
      parseDockerHost(text, materials);
    } catch (error) {
      assert.instance(error, SdkError);
      assert.is((error as SdkError).code, "BAD_INPUT");
      assert.ok((error as SdkError).fix);
      return;
    }
    assert.unreachable("it was taken");
  });
}

test("a stream is called by its name", () => {
  const connect = () => Promise.reject(new Error("no"));
  assert.is(describeEndpoint({ kind: "stream", name: "ssh to web1", connect }), "ssh to web1");
});

const unix = parseDockerHost("unix:///d.sock");
const tcp = parseDockerHost("tcp://web1:2376", tls);
for (const [code, endpoint, why] of [
  ["ENOENT", unix, /there is no socket \/d\.sock/],
  ["ECONNREFUSED", unix, /nothing listens on \/d\.sock/],
  ["EACCES", unix, /this user may not open/],
  ["ECONNREFUSED", tcp, /refused/],
  ["ENOTFOUND", tcp, /name cannot be looked up/],
  ["ETIMEDOUT", tcp, /does not answer/],
  ["ERR_TLS_CERT_ALTNAME_INVALID", tcp, /for another name/],
  ["CERT_HAS_EXPIRED", tcp, /has expired/],
  ["SELF_SIGNED_CERT_IN_CHAIN", tcp, /another authority/],
  ["EPROTO", tcp, /does not speak TLS/],
  ["ERR_SSL_WRONG_VERSION_NUMBER", tcp, /does not speak TLS/],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", tcp, /refused this client's certificate/],
  ["EWHATEVER", tcp, /the words/],
] as const) {
  test(`${code} on ${endpoint.kind} says why and what to do, and shows no key`, () => {
    const cause = Object.assign(new Error("the words"), { code });
    const error = unreachable("list containers", endpoint, cause);
    assert.is(error.code, "UNREACHABLE");
    assert.match(error.message, /^cannot list containers: no answer from the Docker daemon at/);
    assert.match(error.message, why);
    assert.ok(error.fix);
    assert.not.ok(JSON.stringify([error.message, error.fix]).includes("hush"));
  });
}
test.run();
