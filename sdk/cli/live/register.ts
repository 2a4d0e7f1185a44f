// The verbs that look at what runs and act on it, as the command line has them.
import type { Command } from "commander";
import { loadBundle } from "../bundles.ts";
import type {
  BackupOptions,
  EventsOptions,
  ExecOptions,
  LogsOptions,
  PruneOptions,
  PsOptions,
  RunOptions,
} from "./options.ts";

type Verb = (run: () => Promise<number>) => Promise<void>;

const stackFlags = "-s, --stack <name>";
const stackWords = "name of the stack (default: the selected one)";
const hostWords = "the host, as `dockwright ps` names it (default: the first that has it)";

function registerLooking(program: Command, verb: Verb): void {
  program
    .command("ps")
    .description(
      "list the containers of a stack over all its hosts, and what differs from its state",
    )
    .option(stackFlags, stackWords)
    .option("-a, --all", "also tasks that have ended, and former tasks of a swarm's services")
    .option("--check", "exit with 2 when something runs otherwise than recorded")
    .option("--json", "print them as JSON")
    .action((options: PsOptions) => verb(async () => (await loadBundle("live")).ps(options)));

  program
    .command("logs")
    .description("print the logs of a stack's containers, merged over hosts and replicas")
    .argument("[names...]", "services or containers (default: all)")
    .option(stackFlags, stackWords)
    .option(
      "-f, --follow",
      "go on, also with what takes the place of a container, and after a lost connection",
    )
    .option("--since <moment>", 'from then on: "10m", or "2026-01-31T12:00:00Z"')
    .option("-n, --tail <lines>", "the last lines of each container", "all")
    .option("-t, --timestamps", "with the time of each line")
    .option("--json", "print a JSON object a line")
    .action((names: readonly string[], options: LogsOptions) =>
      verb(async () => (await loadBundle("live")).logs(names, options)),
    );

  program
    .command("events")
    .description("print what happens to the objects of a stack on all its hosts, until Ctrl-C")
    .option(stackFlags, stackWords)
    .option("--since <moment>", 'from then on: "10m", or "2026-01-31T12:00:00Z"')
    .option("--until <moment>", "up to then, and end: a moment, or 0s for now")
    .option("--json", "print a JSON object a line")
    .action((options: EventsOptions) =>
      verb(async () => (await loadBundle("live")).events(options)),
    );
}

function registerActing(program: Command, verb: Verb): void {
  program
    .command("exec")
    .description("run a command in a running container of a service; the exit code is its own")
    .argument("<name>", "service or container")
    .argument("[command...]", "after two dashes: the command and its arguments")
    .option(stackFlags, stackWords)
    .option("--host <name>", hostWords)
    .option("-u, --user <user>", "as this user (default: that of the container)")
    .option("-w, --workdir <folder>", "in this folder (default: that of the container)")
    .option("--no-tty", "no terminal in the container, also where this is one")
    .action((name: string, command: readonly string[], options: ExecOptions) =>
      verb(async () => (await loadBundle("live")).exec(name, command, options)),
    );

  program
    .command("run")
    .description("run a command in a container of its own, with all that a service's have")
    .argument("<service>", "the service")
    .argument("[command...]", "after two dashes: the command and its arguments")
    .option(stackFlags, stackWords)
    .option("--host <name>", hostWords)
    .option("--entrypoint <program>", "in place of the entrypoint")
    .option("-u, --user <user>", "as this user (default: that of the service)")
    .option("-w, --workdir <folder>", "in this folder (default: that of the service)")
    .option("--no-tty", "no terminal in the container, also where this is one")
    .action((service: string, command: readonly string[], options: RunOptions) =>
      verb(async () => (await loadBundle("live")).run(service, command, options)),
    );
}

function registerTidying(program: Command, verb: Verb): void {
  program
    .command("prune")
    .description("show what a stack no longer uses on its hosts, and remove it when agreed")
    .option(stackFlags, stackWords)
    .option("-y, --yes", "remove it without a question")
    .option("--json", "print it as JSON; asks nothing")
    .action((options: PruneOptions) => verb(async () => (await loadBundle("live")).prune(options)));
}

function registerVolumes(program: Command, verb: Verb): void {
  program
    .command("backup")
    .description("write all that is in a volume of the stack to a file of this machine")
    .argument("<volume>", "its name in the program, or its own")
    .argument("<file>", "the file; compressed where its name ends in .gz")
    .option(stackFlags, stackWords)
    .option("--host <name>", "the host that has it, where several do")
    .option(
      "--consistency <way>",
      "running users of it are meanwhile: pause, stop or none",
      "pause",
    )
    .option("--json", "print the file, its size and its hash as JSON")
    .action((volume: string, file: string, options: BackupOptions) =>
      verb(async () => (await loadBundle("live")).backup(volume, file, options)),
    );

  program
    .command("restore")
    .description("make a volume of the stack that is gone of what backup wrote")
    .argument("<volume>", "its name in the program, or its own")
    .argument("<file>", "the file that backup, or a VolumeBackup, wrote")
    .option(stackFlags, stackWords)
    .option("--host <name>", "the host that is to have it, where several do")
    .option("--json", "print what was done as JSON")
    .action((volume: string, file: string, options: BackupOptions) =>
      verb(async () => (await loadBundle("live")).restore(volume, file, options)),
    );
}

export function registerLive(program: Command, verb: Verb): void {
  registerLooking(program, verb);
  registerActing(program, verb);
  registerTidying(program, verb);
  registerVolumes(program, verb);
}
