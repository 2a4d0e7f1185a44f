// Options of what is put into a container: memory file systems, files and secrets. Files go in before
// the start, over the API. Engine API 1.41 to 1.45, POST /containers/create: HostConfig.Tmpfs, and
// PUT /containers/{id}/archive.

import { element, f, type PlainOf } from "../fields.ts";
import { hostOption, option } from "./option.ts";

const fileField = f.object(
  "FileUpload",
  {
    content: f.string({
      doc: "The text of the file; mark it secret where it is. Give this or contentBase64.",
      default: "what contentBase64 says",
    }),
    contentBase64: f.string({
      doc: "The bytes of the file, as base64.",
      default: "what content says",
      check: (value) =>
        /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)
          ? undefined
          : "write base64, with its padding",
    }),
    mode: f.integer({
      doc: "The permission bits, as a number: 0o400.",
      default: "0o444",
      check: (value) => (value >= 0 && value <= 0o7777 ? undefined : "write 0 to 0o7777"),
    }),
    uid: f.integer({ doc: "The owner's number.", default: "0" }),
    gid: f.integer({ doc: "The group's number.", default: "0" }),
  },
  {
    ...element,
    check: ({ content, contentBase64 }) =>
      (content === undefined) === (contentBase64 === undefined)
        ? "give one of content and contentBase64"
        : undefined,
  },
);
export type FileValue = PlainOf<typeof fileField>;

const secretName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

export const storageOptions = {
  tmpfs: hostOption(
    "Tmpfs",
    f.map(f.string({ ...element }), {
      doc: 'File systems in memory by path, with Docker\'s mount options: `{ "/run": "mode=0755,size=16m" }`.',
      default: "none",
      check: (paths) => {
        const bad = Object.keys(paths).find((path) => !path.startsWith("/"));
        return bad === undefined ? undefined : `"${bad}" is not an absolute path`;
      },
    }),
  ),
  files: option(
    f.map(fileField, {
      doc: "Files put into the container before it starts, by absolute path. They live in its own layer and go with it. A refresh reads them back: one that was changed inside the container counts as changed.",
      default: "none",
      check: (files) => {
        const bad = Object.keys(files).find((path) => !/^\/.*[^/]$/.test(path));
        return bad === undefined ? undefined : `"${bad}" is not the absolute path of a file`;
      },
    }),
  ),
  secrets: option(
    f.map(f.string({ ...element, secret: true }), {
      doc: "Secrets as files below /run/secrets, by file name, readable by every process of the container. They lie in the memory of the daemon's host (/dev/shm, behind a folder that only root enters), and are in no image, environment, label or disk. They outlive a restart of the container and of the daemon; after a reboot of the host the container stays stopped until the next update, which puts them back and starts it.",
      default: "none",
      check: (secrets) => {
        const bad = Object.keys(secrets).find((name) => !secretName.test(name));
        return bad === undefined
          ? undefined
          : `"${bad}" is no file name; write letters, digits, _, . or -`;
      },
    }),
  ),
} as const;
