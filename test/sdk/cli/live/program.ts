// The stack of the tests of what runs: a service on this machine's daemon, and a container that is reached
// over SSH, which both talk. As text: it is run by the engine, not by the test.

/** What is nobody's business. */
export const hush = { env: "dwtest-hush-env-hush", file: "dwtest-hush-file-hush" };

const talk =
  "nginx -e stderr -c /etc/dockwright/nginx.conf & trap 'exit 0' TERM; i=0; while :; do i=$((i+1)); echo line $i; echo err $i >&2; sleep 0.2; done";

export const program = `
import * as pulumi from "@pulumi/pulumi";
import { Bridge, Container, debianImages, Image, LocalDaemon, Service, Volume } from "dockwright";
class Machine extends pulumi.ProviderResource {
  constructor(name, args) { super("dockwright", name, args); }
}
const { host, ssh: { privateKey, ...way } } = JSON.parse(process.env.DWTEST_FAR);
const on = new LocalDaemon("local");
const far = { provider: new Machine("far", { host, ssh: { ...way, privateKey: pulumi.secret(privateKey) } }) };
const image = new Image("web", { daemon: on, debian: debianImages.webServer });
const front = new Bridge("front", { daemon: on });
const data = new Volume("data", { daemon: on, delete: true });
const command = ["bash", "-c", ${JSON.stringify(talk)}];
new Service("shop", {
  on, image, replicas: 2, port: 8080, networks: [front], command, stopGraceMs: 0,
  env: { RELEASE: process.env.DWTEST_RELEASE ?? "1" },
  secretEnv: { PASSWORD: pulumi.secret("${hush.env}") },
  secrets: { token: pulumi.secret("${hush.file}") },
  volumes: [{ volume: data, target: "/data" }],
  ports: [{ containerPort: 8080, hostIp: "127.0.0.1" }],
});
new Container("lone", { daemon: far, image, command, stopGraceMs: 0 });
`;

/** A line of `logs --json`. */
export interface Line {
  readonly time: string;
  readonly host: string;
  readonly name: string;
  readonly container: string;
  readonly line: string;
}
