// The connection of a command of @pulumi/command.
import type { Inputs } from "../inputs.ts";
import type { ConnectionSubject } from "../subjects.ts";

export function remoteCommand(inputs: Inputs): ConnectionSubject {
  const connection = inputs.inner("connection");
  const key = connection.present("hostKey");
  return {
    kind: "connection",
    hostKeyChecked: { path: key.path, value: key.value === true },
    password: connection.present("password"),
  };
}
