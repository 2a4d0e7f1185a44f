// A client that changes the daemon of a lab's host and never confirms: run by the tests, to be killed.
// Arguments: the host's first process, its name, the options as JSON, seconds to confirm.
import type { LabHost } from "../../../lab/hosts.ts";
import { apply, machineOf } from "./host.ts";

const [pid = "", name = "", options = "{}", confirm = "45"] = process.argv.slice(2);
const host = { pid: Number(pid), name, path: (file: string) => `/proc/${pid}/root${file}` };
const machine = machineOf(host as LabHost);
await apply(
  machine,
  { options: JSON.parse(options) as object },
  {
    confirmSeconds: Number(confirm),
    probe: () => {
      process.stdout.write("probing\n");
      return new Promise(() => setInterval(() => undefined, 1_000));
    },
  },
);
