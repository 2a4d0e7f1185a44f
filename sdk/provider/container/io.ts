// Options of a container's streams: its terminal, its standard input, and where its log goes.
// Engine API 1.41 to 1.45, POST /containers/create: ContainerConfig, HostConfig.LogConfig.

import { element, f } from "../fields.ts";
import { configOption, option, unlessEmpty } from "./option.ts";

function flag(key: "AttachStdin" | "AttachStdout" | "AttachStderr", stream: string) {
  return configOption(
    key,
    f.boolean({
      doc: `Marks ${stream} as to be attached to. It matters to clients that attach before the start.`,
      default: "false",
    }),
  );
}

const loggingField = f.object(
  "Logging",
  {
    driver: f.string({
      doc: "The driver: `json-file`, `local`, `journald`, `none`, ...",
      default: "the daemon's",
    }),
    options: f.map(f.string(element), {
      doc: 'The driver\'s options, such as `{ "max-size": "10m", "max-file": "3" }`.',
      default: "the daemon's",
    }),
  },
  { doc: "Where the log goes.", default: "what the daemon says (usually json-file, unlimited)" },
);

export const ioOptions = {
  tty: configOption(
    "Tty",
    f.boolean({
      doc: "Gives the process a terminal; its log is then one stream.",
      default: "false",
    }),
  ),
  openStdin: configOption(
    "OpenStdin",
    f.boolean({ doc: "Keeps standard input open although nobody is attached.", default: "false" }),
  ),
  stdinOnce: configOption(
    "StdinOnce",
    f.boolean({ doc: "Closes standard input once the first client has left.", default: "false" }),
  ),
  attachStdin: flag("AttachStdin", "standard input"),
  attachStdout: flag("AttachStdout", "standard output"),
  attachStderr: flag("AttachStderr", "standard error"),
  consoleSize: option(
    f.object(
      "ConsoleSize",
      {
        height: f.integer({ doc: "Rows.", required: true }),
        width: f.integer({ doc: "Columns.", required: true }),
      },
      { doc: "The terminal's first size, in characters. Needs API 1.42.", default: "none" },
    ),
    (body, { height, width }) => {
      body.HostConfig.ConsoleSize = [height, width];
    },
    (container) => {
      const [height = 0, width = 0] = container.HostConfig.ConsoleSize ?? [];
      return height === 0 && width === 0 ? undefined : { height, width };
    },
  ),
  logging: option(
    loggingField,
    (body, { driver, options }) => {
      body.HostConfig.LogConfig = { Type: driver ?? "", Config: options ?? {} };
    },
    (container, _image, declared) => {
      const { Type, Config } = container.HostConfig.LogConfig ?? {};
      const live = Config ?? {};
      if (!declared) {
        const options = unlessEmpty(live);
        // A daemon's own choice cannot be told from one that was made for the container.
        const driver = Type === "json-file" && !options ? undefined : Type;
        return driver ? { driver, ...(options ? { options } : {}) } : undefined;
      }
      // The daemon adds options of its own to those of its default driver.
      const asked = Object.keys(declared.options ?? {});
      const kept = Object.entries(live).filter(([name]) => asked.includes(name));
      return {
        ...(declared.driver === undefined || !Type ? {} : { driver: Type }),
        ...(declared.options ? { options: Object.fromEntries(kept) } : {}),
      };
    },
  ),
} as const;
