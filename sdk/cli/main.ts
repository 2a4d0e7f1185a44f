#!/usr/bin/env node
// The command `dockwright`. Each verb is loaded when it is called, so that none pays for another.
import { Command } from "commander";
import { version } from "../version.ts";
import { type AuditOptions, loadBundle } from "./bundles.ts";
import { registerConfig } from "./config/register.ts";
import type { DeployOptions } from "./deploy/deploy.ts";
import type { EnvOptions } from "./env.ts";
import type { ImportComposeOptions } from "./import-compose.ts";
import { registerLive } from "./live/register.ts";
import type { NewOptions } from "./new.ts";
import { complain } from "./output.ts";
import type { ReleasesOptions } from "./releases.ts";
import type { RollbackOptions } from "./rollback.ts";

/** Runs a verb; its exit code is the process's, and an error is said with its fix. */
function verb(run: () => Promise<number>): Promise<void> {
  return run().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      complain(error);
      process.exitCode = 1;
    },
  );
}

const program = new Command("dockwright")
  .description(
    "Takes bare machines to running containers, and changes them only by replacing them.",
  )
  .version(version)
  .enablePositionalOptions();

program
  .command("new")
  .description("write a new project; without a template, list those that there are")
  .argument("[template]", "site, wordpress, pool, swarm, ecs or gke")
  .argument("[dir]", "its folder, empty or not there yet (default: one of the project's name)")
  .option("--name <name>", "name of the project (default: that of the folder)")
  .option("--json", "print what was written, and what to run next, as JSON")
  .action((template: string | undefined, dir: string | undefined, options: NewOptions) =>
    verb(async () => (await import("./new.ts")).newProject(template, dir, options)),
  );

program
  .command("setup")
  .description("get the Pulumi engine, its language host and the plugin, where they are missing")
  .action(() => verb(async () => (await import("./setup.ts")).setup()));

program
  .command("doctor")
  .description("say what is there and what is missing, with the command that mends it")
  .option("--json", "print the checks as JSON")
  .action((options: { readonly json?: boolean }) =>
    verb(async () => (await import("./doctor.ts")).doctor(options)),
  );

program
  .command("pulumi")
  .description("run pulumi with the engine, backend and passphrase of this project")
  .argument("[args...]", "arguments of pulumi")
  .helpOption(false)
  .allowUnknownOption()
  .passThroughOptions()
  .action((args: readonly string[]) =>
    verb(async () => (await (await import("./passthrough.ts")).pulumi(args)).code),
  );

program
  .command("recover")
  .description("clear the lock and the unfinished operations that a killed engine left on a stack")
  .option("-s, --stack <name>", "name of the stack (default: the selected one)")
  .action((options: { readonly stack?: string }) =>
    verb(async () => (await import("./recover.ts")).recoverStack(options)),
  );

program
  .command("releases")
  .description("list what the services of a stack ran, the newest first")
  .option("-s, --stack <name>", "name of the stack (default: the selected one)")
  .option("--service <name>", "of this service only")
  .option("--json", "print them as JSON")
  .action((options: ReleasesOptions) =>
    verb(async () => (await import("./releases.ts")).releases(options)),
  );

program
  .command("rollback")
  .description("bring an earlier release of a service back, by an update that is previewed")
  .argument("[release]", "its number (default: the one before that which runs)")
  .option("-s, --stack <name>", "name of the stack (default: the selected one)")
  .option("--service <name>", "the service (default: the only one)")
  .option("-y, --yes", "apply it after the preview, without a question")
  .option("--clear", "end it: the services are again what the program says")
  .action((release: string | undefined, options: RollbackOptions) =>
    verb(async () => (await import("./rollback.ts")).rollback(release, options)),
  );

program
  .command("deploy")
  .description("set new images of services, by digest: preview, policies, update, report")
  .requiredOption("--image <service=ref...>", "SERVICE=REPOSITORY@sha256:DIGEST of each service")
  .option("-s, --stack <name>", "name of the stack (default: the selected one)")
  .option("--policy-pack [folder...]", "judge it by a policy pack (default: that of dockwright)")
  .option("--policy-pack-config <file>", "levels and options of its rules")
  .option("-y, --yes", "apply it after the preview, without a question")
  .option("--preview", "report what it would change, and change nothing")
  .option("--markdown <file>", "write the report for a pull request; - is standard output")
  .option("--json", "print the report as JSON; pulumi speaks on standard error")
  .option("--detailed-exitcode", "exit code 10 where something changed, or would")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action((options: DeployOptions) =>
    verb(async () => (await import("./deploy/deploy.ts")).deploy(options)),
  );

program
  .command("env")
  .description("print the lines that point the docker CLI at a daemon of the stack")
  .argument("[host]", "name of the daemon (default: the only one)")
  .option("-s, --stack <name>", "name of the stack (default: the selected one)")
  .option("--shell <shell>", "sh or fish (default: that of SHELL)")
  .option("--dir <folder>", "folder for ca.pem, cert.pem, key.pem (default: in .dockwright)")
  .option("-u, --unset", "print the lines that take the settings away")
  .action((host: string | undefined, options: EnvOptions) =>
    verb(async () => (await import("./env.ts")).env(host, options)),
  );

program
  .command("audit")
  .description("judge a live host by the rules of the policy pack and of the CIS Docker Benchmark")
  .argument("[host]", "[USER@]HOST as ssh reaches it; local is this machine", "local")
  .option("--json", "print the findings as JSON")
  .option(
    "--fail-on <level>",
    "mandatory or advisory: from which on the exit code is 2",
    "mandatory",
  )
  .option("--config <file>", "options of rules, as for --policy-pack-config")
  .option("--socket <path>", "the daemon's socket on the host", "/var/run/docker.sock")
  .action((host: string, options: AuditOptions) =>
    verb(async () => (await loadBundle("audit")).audit(host, options)),
  );

program
  .command("import")
  .description("write a program from what other tools have")
  .command("compose")
  .description("write a program from Compose files; each key that is not carried over is told")
  .argument(
    "[file...]",
    "the Compose file, and files merged over it; else COMPOSE_FILE; else what is usual here",
  )
  .option("-o, --out <file>", "the program to write; - is standard output", "index.ts")
  .option("--profile <name...>", "profiles that are on (default: COMPOSE_PROFILES)")
  .option("--force", "overwrite the program")
  .option("--json", "print what was written, left out and is asked for as JSON")
  .action((files: readonly string[], options: ImportComposeOptions) =>
    verb(async () => (await import("./import-compose.ts")).importCompose(files, options)),
  );

registerConfig(program, verb);
registerLive(program, verb);

await program.parseAsync();
