// A file on a host. Replaced atomically; what was there before comes back when the resource goes.

import { scryptSync } from "node:crypto";
import { ensureFile, type FileSpec, observeFile, undoFile } from "../../host/operations/file.ts";
import { describeDifferences } from "../../host/operations/operation.ts";
import { renderTemplate, undeclaredNames } from "../../host/operations/template.ts";
import { element, f, type Plain } from "../fields.ts";
import { accountText, checkMode, checkPath, modeText, tellInputs, workOf } from "../hosts.ts";
import { type Context, defineResource } from "../resource.ts";

const usual = { mode: "0644", owner: "root", group: "root" } as const;

const inputs = {
  path: f.string({ doc: "The absolute path.", required: true, check: checkPath }),
  content: f.string({
    doc: "The text. With `values`, `{{name}}` in it stands for the value of that name.",
    default: "contentBase64, else nothing",
    onChange: "update",
  }),
  contentBase64: f.string({
    doc: "The bytes as base64, in place of `content`.",
    default: "content",
    onChange: "update",
    check: (value) =>
      Buffer.from(value, "base64").toString("base64").replace(/=+$/, "") ===
      value.replace(/\s+/g, "").replace(/=+$/, "")
        ? undefined
        : "write base64",
  }),
  values: f.map(f.string(element), {
    doc: "Values for the places in `content`, by name. A place without a value is an error.",
    default: "none, and `{{` is text like any other",
    onChange: "update",
  }),
  mode: f.string({
    doc: "As in chmod, in octal digits.",
    default: usual.mode,
    onChange: "update",
    check: checkMode,
  }),
  owner: f.string({ doc: "A user's name or number.", default: usual.owner, onChange: "update" }),
  group: f.string({ doc: "A group's name or number.", default: usual.group, onChange: "update" }),
} as const;
type FileInputs = Plain<typeof inputs>;

function bytesOf({ content, contentBase64, values }: FileInputs): Buffer {
  if (contentBase64 !== undefined) return Buffer.from(contentBase64, "base64");
  return Buffer.from(values ? renderTemplate(content ?? "", values) : (content ?? ""));
}

function specOf(values: FileInputs): FileSpec {
  return {
    path: values.path,
    content: bytesOf(values),
    mode: Number.parseInt(values.mode ?? usual.mode, 8),
    owner: values.owner ?? usual.owner,
    group: values.group ?? usual.group,
  };
}

/** Changes with the content and tells nothing of it: a secret may be short. */
function fingerprintOf(path: string, content: Uint8Array): string {
  return scryptSync(content, path, 8, { N: 4096 }).toString("hex");
}

const outputsOf = (values: FileInputs) => ({
  fingerprint: fingerprintOf(values.path, bytesOf(values)),
});

async function ensure(context: Context, values: FileInputs): Promise<void> {
  const differences = await ensureFile(workOf(context), specOf(values));
  context.log.done(differences.length === 0 ? "as declared" : describeDifferences(differences));
}

function isText(bytes: Uint8Array): boolean {
  return Buffer.from(Buffer.from(bytes).toString("utf8")).equals(bytes) && !bytes.includes(0);
}

/** The content as declared where its bytes are those on the host, else what is on the host. */
function contentInputs(
  declared: FileInputs | undefined,
  bytes: Uint8Array | undefined,
  size: number,
) {
  if (bytes === undefined) return { content: `(${size} bytes, too many to be shown)` };
  const same = declared !== undefined && Buffer.from(bytes).equals(bytesOf(declared));
  if (same) {
    return { content: declared.content, contentBase64: declared.contentBase64 };
  }
  const text = declared ? declared.contentBase64 === undefined : isText(bytes);
  return text
    ? { content: Buffer.from(bytes).toString("utf8"), contentBase64: undefined }
    : { content: undefined, contentBase64: Buffer.from(bytes).toString("base64") };
}

export const file = defineResource({
  name: "File",
  doc: "A file on a host: its bytes, mode and owners. It is replaced atomically; what was at its path before comes back when the resource is deleted, and a file that was not there is removed.",
  inputs,
  outputs: {
    fingerprint: f.string({
      doc: "Changes with the content: a trigger for what must take it up.",
      required: true,
    }),
  },
  check(values) {
    if (values.content !== undefined && values.contentBase64 !== undefined) {
      return [{ property: "contentBase64", reason: "is given, and content is given; give one" }];
    }
    const missing = values.values ? undeclaredNames(values.content ?? "", values.values) : [];
    const known = Object.keys(values.values ?? {})
      .sort()
      .join(", ");
    return missing.map((name) => ({
      property: "content",
      reason: `asks for {{${name}}}, and values has ${known === "" ? "nothing" : `only ${known}`}`,
    }));
  },
  preview: outputsOf,

  async create(context, values) {
    await ensure(context, values);
    return { id: values.path, outputs: outputsOf(values) };
  },

  async read(context, id, known) {
    const declared = known?.inputs;
    const expected = declared && bytesOf(declared);
    const seen = await observeFile(workOf(context), id, expected);
    if (seen.kind !== "file") return undefined;
    const bytes = contentInputs(declared, seen.content, seen.sizeBytes);
    const live = {
      path: id,
      values: declared?.values,
      mode: modeText(declared?.mode, usual.mode, seen.mode),
      owner: accountText(declared?.owner, usual.owner, seen.owner, seen.ownerId),
      group: accountText(declared?.group, usual.group, seen.group, seen.groupId),
    };
    const told = tellInputs<FileInputs>(declared, live, usual);
    const content = Object.fromEntries(
      Object.entries(bytes).filter(([, value]) => value !== undefined),
    );
    const all = { ...told, path: id, ...content };
    const fingerprint = fingerprintOf(id, seen.content ?? Buffer.from(`${seen.sizeBytes}`));
    return { id, inputs: all, outputs: { fingerprint } };
  },

  async update(context, _id, _old, values) {
    await ensure(context, values);
    return outputsOf(values);
  },

  async delete(context, id) {
    const undone = await undoFile(workOf(context, "finishing"), id);
    if (undone === "restored") context.log.info(`put back the ${id} that was there before`);
  },
});
