// A virtual machine as a host: who waits for whom, with which keys, and what goes with its disk.
import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import { Daemon } from "../../components/daemon.ts";
import { File } from "../../components/file.ts";
import { QemuMachine } from "../../components/qemumachine.ts";
import { suite } from "../support/suite.ts";

const test = suite("components/QemuMachine");

interface Seen {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
const machine = {
  host: "127.0.0.1",
  sshPort: 20_022,
  loginUser: "admin",
  hostKey: "ssh-ed25519 AAAA",
  privateKey: "PRIVATE",
};

/** What a program registered, and which of it goes with the machine. */
async function register() {
  const seen: Seen[] = [];
  const goesWith = new Map<string, boolean>();
  let vm: QemuMachine | undefined;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        seen.push({ type, name, inputs });
        const ready = { hostKey: "ssh-ed25519 AAAA", fingerprint: "SHA256:x" };
        const told = type.endsWith(":QemuMachine") ? machine : ready;
        return { id: `${name}-id`, state: { ...inputs, ...told } };
      },
      call: () => ({}),
    },
    "harbour",
    "dev",
    false,
  );
  await pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(({ name, opts }) => {
      goesWith.set(name, opts.deletedWith !== undefined && opts.deletedWith === vm);
      return undefined;
    });
    vm = new QemuMachine("vm", { image: { debian: {} }, wait: { timeoutMs: 1000 } });
    vm.provision([{ file: { path: "/a", content: "b" } }]);
    new File("alone", { host: vm, path: "/b", content: "b" });
    new Daemon("docker", { host: vm });
    return Promise.resolve();
  });
  await pulumi.runtime.disconnect();
  return { seen, goesWith };
}

test("its host logs in by the keys that were made with it, and nothing is learned", async () => {
  const { seen } = await register();
  const find = (name: string) => seen.find((one) => one.name === name);
  assert.equal(
    seen.map(({ name }) => name).filter((name) => name.endsWith("-key")),
    [],
  );
  assert.equal(find("vm-ready")?.inputs["ssh"], {
    host: "127.0.0.1",
    port: 20_022,
    user: "admin",
    privateKey: "PRIVATE",
    hostKey: "ssh-ed25519 AAAA",
  });
  assert.not("wait" in (find("vm")?.inputs ?? {}));
});

test("what is on its disk goes with it, and is made anew with a new one", async () => {
  const { goesWith } = await register();
  for (const name of ["vm-file-/a", "alone", "docker-engine", "docker-daemon"])
    assert.is(goesWith.get(name), true, name);
});

test.run();
