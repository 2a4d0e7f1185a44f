// The fields of an image. One of build, debian and pull says where it comes from.

import { element, f, type Plain, type PlainOf } from "../fields.ts";

export const pullField = f.object(
  "ImagePull",
  {
    ref: f.string({
      doc: "The image's reference. By digest (`registry.example.com/shop@sha256:...`) it is always the same; by tag it is what the registry has when the image is made.",
      required: true,
    }),
    platform: f.string({ doc: "The platform, as `os/arch`.", default: "the daemon's" }),
  },
  { doc: "Takes the image from a registry, with the credentials of Docker's own configuration." },
);

export const buildField = f.object(
  "ImageBuild",
  {
    context: f.string({
      doc: "The folder of the build context, relative to the program. `.dockerignore` is honoured.",
      required: true,
    }),
    dockerfile: f.string({
      doc: "The Dockerfile, relative to the context.",
      default: "Dockerfile",
    }),
    args: f.map(f.string(element), {
      doc: "Build arguments by name. They are public: not for secrets.",
      default: "none",
    }),
    target: f.string({ doc: "The stage to stop at.", default: "the last" }),
    platform: f.string({ doc: "The platform, as `os/arch`.", default: "the daemon's" }),
    builder: f.choice(["buildkit", "classic"], {
      doc: "Which of the daemon's builders.",
      default: "buildkit where the daemon has it",
    }),
  },
  {
    doc: "Builds the image from a Dockerfile. It is built again when the content of the context or one of these changes.",
  },
);

export const debianField = f.object(
  "DebianImage",
  {
    packages: f.list(f.string(element), {
      doc: "The packages to install, by name.",
      required: true,
    }),
    suite: f.string({ doc: "The release.", default: "bookworm" }),
    components: f.list(f.string(element), {
      doc: "The archive's components.",
      default: "those of the machine's own sources, or main",
    }),
    arch: f.string({
      doc: "Debian's word for the processor: `amd64`, `arm64`.",
      default: "the machine's own",
    }),
    slim: f.boolean({
      doc: "Whether documentation, manual pages and translations are left out.",
      default: "true",
    }),
    mirror: f.string({
      doc: "The archive to take packages from.",
      default: "what the machine's own apt uses",
    }),
    extraFiles: f.map(
      f.object(
        "DebianFile",
        {
          content: f.string({
            doc: "The text of the file. Public: not for secrets.",
            required: true,
          }),
          mode: f.integer({ doc: "The permission bits, as a number: 0o755.", default: "0o644" }),
        },
        element,
      ),
      { doc: "Files to add, by absolute path.", default: "none" },
    ),
    setup: f.list(f.string(element), {
      doc: "Shell lines that are run in the root after the packages are in.",
      default: "none",
    }),
    env: f.map(f.string(element), { doc: "Environment variables by name.", default: "PATH alone" }),
    entrypoint: f.list(f.string(element), { doc: "The entry point.", default: "none" }),
    cmd: f.list(f.string(element), { doc: "The command.", default: "none" }),
    user: f.string({ doc: "The user of the process.", default: "root" }),
    workingDir: f.string({ doc: "The working directory.", default: "/" }),
    exposedPorts: f.list(f.string(element), {
      doc: "Ports it listens on: `8080/tcp`.",
      default: "none",
    }),
    stopSignal: f.string({ doc: "The signal that asks the process to end.", default: "SIGTERM" }),
    labels: f.map(f.string(element), { doc: "Labels by name.", default: "none" }),
  },
  {
    doc: "Builds the image from Debian packages, with no registry: the same package versions give the same image.",
  },
);

export const imageFields = {
  repository: f.string({
    doc: "The name, without a tag, of what is built here.",
    default: "PROJECT/STACK/NAME",
  }),
  build: buildField,
  debian: debianField,
  pull: pullField,
  contentHash: f.string({
    doc: "The hash of all that the image is built from.",
    computed: true,
  }),
} as const;

export type ImageInputs = Plain<typeof imageFields>;
export type BuildValue = PlainOf<typeof buildField>;
export type DebianValue = PlainOf<typeof debianField>;
export type PullValue = PlainOf<typeof pullField>;
