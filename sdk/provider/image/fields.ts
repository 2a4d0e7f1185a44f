// The fields of an image. One of build, debian, pull, load, rootfs, commit and copy says where it comes
// from. Credentials and build secrets stand in the state as secrets, and their change changes nothing.

import { parseReference } from "../../docker/reference.ts";
import { connectionFields } from "../config.ts";
import { element, f, type Plain, type PlainOf } from "../fields.ts";

/** What a reference is refused for, as a check says it. */
export function checkReference(value: string): string | undefined {
  try {
    parseReference(value);
    return undefined;
  } catch (error) {
    const { message, fix = "" } = error as Error & { readonly fix?: string };
    return `${message}; ${fix}`;
  }
}

export const authField = f.object(
  "RegistryAuth",
  {
    username: f.string({ doc: "The user.", default: "none: then identityToken is needed" }),
    password: f.string({
      doc: "The password, or the token that stands for one.",
      secret: true,
      default: "none",
    }),
    identityToken: f.string({
      doc: "An identity token, in place of user and password.",
      secret: true,
      default: "none",
    }),
  },
  {
    doc: "Credentials for the registry. Kept as secrets; used only while something is pulled or pushed.",
    default:
      "those of Docker's own configuration (`DOCKER_CONFIG`, else ~/.docker) of the user who runs the update, credential helpers included, looked up each time",
    onChange: "ignore",
    check: ({ username, password, identityToken }) => {
      const named = username !== undefined && password !== undefined;
      const mixed = username !== undefined || password !== undefined;
      return named !== (identityToken !== undefined) && (named || !mixed)
        ? undefined
        : "give username and password, or identityToken alone";
    },
  },
);

export const pullField = f.object(
  "ImagePull",
  {
    ref: f.string({
      doc: "The image's reference. By digest (`registry.example.com/shop@sha256:...`) it is always the same. By tag it is what the registry has now: each preview asks, and a tag that has moved replaces the image.",
      required: true,
      check: checkReference,
    }),
    auth: authField,
    platform: f.string({ doc: "The platform, as `os/arch`.", default: "the daemon's" }),
  },
  { doc: "Takes the image from a registry, by the digest that the preview showed." },
);

export const buildField = f.object(
  "ImageBuild",
  {
    context: f.string({
      doc: "The folder of the build context, relative to the program. `.dockerignore` is honoured.",
      required: true,
    }),
    dockerfile: f.string({
      doc: "The Dockerfile, relative to the context, as the docker CLI has it with a relative path.",
      default: "Dockerfile",
    }),
    args: f.map(f.string(element), {
      doc: "Build arguments by name. They are public: not for secrets.",
      default: "none",
    }),
    target: f.string({ doc: "The stage to stop at.", default: "the last" }),
    platform: f.string({ doc: "The platform, as `os/arch`.", default: "the daemon's" }),
    labels: f.map(f.string(element), { doc: "Labels by name.", default: "none" }),
    secrets: f.map(f.string(element), {
      doc: "Secrets by id, for `RUN --mount=type=secret,id=ID` (BuildKit). They are in no layer. A change of one alone builds nothing: what a build gives must not depend on it.",
      secret: true,
      onChange: "ignore",
      default: "none",
    }),
    noCache: f.boolean({
      doc: "Whether every step is run again.",
      onChange: "ignore",
      default: "false",
    }),
    cacheFrom: f.list(f.string({ doc: "", required: true, check: checkReference }), {
      doc: "Images whose layers may be reused: on the daemon (classic), or in a registry and built with inlineCache (BuildKit), with the credentials of `auths`. A cache that cannot be had is a warning.",
      onChange: "ignore",
      default: "none",
    }),
    inlineCache: f.boolean({
      doc: "Whether the image carries what others need to reuse its layers by cacheFrom (BuildKit).",
      default: "false",
    }),
    refreshBase: f.boolean({
      doc: "Whether the registry is asked for a newer base whenever this is built.",
      onChange: "ignore",
      default: "false",
    }),
    networkMode: f.string({
      doc: "The network of RUN: `none`, `host`, or that of a container (classic).",
      default: "the default bridge",
    }),
    auths: f.map(authField, {
      doc: "Credentials for the registries of base images and caches, by host (`registry.example.com:5000`, `docker.io`).",
      default: "those of Docker's own configuration",
      onChange: "ignore",
    }),
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

const fileChecks = {
  path: (what: string) => f.string({ doc: `${what}, relative to the program.`, required: true }),
} as const;

export const loadField = f.object(
  "ImageLoad",
  {
    path: fileChecks.path("The tar that `docker save` or saveImage wrote, packed with gzip or not"),
    ref: f.string({
      doc: "Which of its images, by reference.",
      default: "its only one",
      check: checkReference,
    }),
  },
  { doc: "Loads the image from a file. It is loaded again when the file's content changes." },
);

export const rootfsField = f.object(
  "ImageRootfs",
  {
    path: fileChecks.path("The tar of a root file system, as `docker export` writes it"),
    changes: f.list(f.string(element), {
      doc: 'Dockerfile instructions for its configuration: `CMD ["nginx"]`, `ENV A=b`.',
      default: "none",
    }),
    platform: f.string({ doc: "The platform, as `os/arch`.", default: "the daemon's" }),
  },
  { doc: "Makes an image of one layer from a file (`docker import`)." },
);

export const commitField = f.object(
  "ImageCommit",
  {
    container: f.string({
      doc: "The container's id or name. By id it is committed again for another container; by name once, until something here changes.",
      required: true,
    }),
    changes: f.list(f.string(element), {
      doc: 'Dockerfile instructions for its configuration: `CMD ["nginx"]`.',
      default: "none",
    }),
    author: f.string({ doc: "Who made it.", default: "none" }),
    comment: f.string({ doc: "What was changed.", default: "none" }),
    pause: f.boolean({
      doc: "Whether the container is paused meanwhile: without it files may be caught half written.",
      default: "true",
    }),
    triggers: f.map(f.string(element), {
      doc: "Values whose change commits again.",
      default: "none",
    }),
  },
  {
    doc: "Makes the image of a container as it is now, without its volumes. For what was prepared by hand or by exec steps: a build can be repeated and reviewed, and notices by itself what has changed; prefer one where a Dockerfile can say it.",
  },
);

export const copyField = f.object(
  "ImageCopy",
  {
    image: f.string({
      doc: "The image on the other daemon: a reference, or an id (`sha256:...`).",
      required: true,
    }),
    from: f.object("DaemonConnection", connectionFields, {
      doc: "How the other daemon is reached, as a provider has it.",
      onChange: "ignore",
      default: "the daemon of the machine that runs the update",
    }),
  },
  {
    doc: "Copies the image from another daemon, through the machine that runs the update and with no registry. Only layers that are missing here are sent; how many bytes these are is said beforehand.",
  },
);

/** The kinds of source, in the order in which they are told of. */
export const sourceNames = ["build", "debian", "pull", "load", "rootfs", "commit", "copy"] as const;

export const imageFields = {
  repository: f.string({
    doc: "The name, without a tag, under which the daemon holds the image. All tags of it are this resource's own.",
    default: "PROJECT/STACK/NAME",
  }),
  build: buildField,
  debian: debianField,
  pull: pullField,
  load: loadField,
  rootfs: rootfsField,
  commit: commitField,
  copy: copyField,
  tags: f.list(f.string({ doc: "", required: true, check: checkReference }), {
    doc: "Further references that the image has on the daemon. One that another image had is moved.",
    onChange: "update",
    default: "none",
  }),
  keep: f.integer({
    doc: "How many former contents of this image stay on the daemon, for a quick way back. Those before them are removed, as far as no container uses them; never an image of anybody else. A destroy removes all.",
    onChange: "update",
    default: "0",
    check: (value) => (value >= 0 && value <= 1000 ? undefined : "write 0 to 1000"),
  }),
  contentHash: f.string({
    doc: "The hash of all that the image is built from.",
    computed: true,
  }),
  digest: f.string({
    doc: "What the preview found: the registry's digest of what is pulled, the id of what is copied.",
    computed: true,
    onChange: "ignore",
  }),
} as const;

export type ImageInputs = Plain<typeof imageFields>;
export type AuthValue = PlainOf<typeof authField>;
export type BuildValue = PlainOf<typeof buildField>;
export type DebianValue = PlainOf<typeof debianField>;
export type PullValue = PlainOf<typeof pullField>;
export type LoadValue = PlainOf<typeof loadField>;
export type RootfsValue = PlainOf<typeof rootfsField>;
export type CommitValue = PlainOf<typeof commitField>;
export type CopyValue = PlainOf<typeof copyField>;
