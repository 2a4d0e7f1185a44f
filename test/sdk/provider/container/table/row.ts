// A row of the table of options: what is declared, what it becomes, and what is seen of it at each
// step of its life. Texts that begin with $ stand for objects that the run makes: networks ($net1,
// $net2, $net3), volumes ($vol1), a container ($holder), a block device (/dev/$disk).
import type { DockerClient } from "../../../../../sdk/docker/client.ts";
import type { Value, ValueMap } from "../../../../../sdk/provider/values.ts";

/** Places as a preview shows them: `env.A` is `update_replace`. */
export type Places = { readonly [place: string]: string };

/** What a hand at the daemon does, and what a refresh then shows. */
export interface Behind {
  readonly act: (
    docker: DockerClient,
    id: string,
    name: (text: string) => string,
  ) => Promise<unknown>;
  readonly places: Places;
}

export interface Row {
  readonly value: Value;
  /** What it adds to the create body. Absent: it acts elsewhere. */
  readonly body?: object;
  /** Options that it needs beside it. */
  readonly with?: ValueMap;
  /** Another value, and what a preview shows of it. Absent: there are only two values. */
  readonly changed?: { readonly value: Value; readonly places: Places };
  /** What taking it away shows. @defaultValue the option itself, `delete_replace` */
  readonly removed?: Places;
  /** Where the API, or a shell, can change it behind the program's back. */
  readonly behind?: Behind;
  /** What an import shows besides. @defaultValue nothing */
  readonly adopted?: Places;
  /** A newer daemon is known to tell it in another way: it is looked at there in every run. */
  readonly differs?: boolean;
  /** The API that it needs: an older daemon is named in a check. */
  readonly api?: string;
  /** What a daemon may say to it whose machine lacks something for it: that is then all of its life. */
  readonly refused?: RegExp;
}

export type Table = { readonly [option: string]: Row };

/** By POST /containers/{id}/update, as `docker update` does it. */
export function updated(body: object, places: Places): Behind {
  return { act: (docker, id) => docker.containers.update(id, body), places };
}

/** By a shell in the container. */
export function shell(line: string, places: Places): Behind {
  return {
    act: async (docker, id) => {
      const cmd = ["/bin/busybox", "sh", "-c", line];
      const { exitCode, stderr } = await docker.exec.run(id, { cmd, user: "0" });
      if (exitCode !== 0) throw new Error(stderr);
    },
    places,
  };
}
