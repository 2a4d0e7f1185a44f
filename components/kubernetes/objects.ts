// Objects that are named by what is in them: another content is another object, which stands beside the
// old one until no pod mounts that. A rotated secret or a changed file so is a rollout, and a revert is
// one too.

import { scryptSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { core } from "./sdk.ts";

/** A name by content, of the form that objects have. By scrypt, since a name can be read by anybody. */
export function contentName(name: string, content: { readonly [key: string]: string }): string {
  const sorted = Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = scryptSync(JSON.stringify(sorted), name, 5).toString("hex");
  return `${name.slice(0, 52)}-${hash}`;
}

interface Asked {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: { readonly [name: string]: string };
  /** Texts by key. */
  readonly content: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /** Whether the values are base64. */
  readonly base64?: boolean;
}

const asContent = (content: Asked["content"]) =>
  pulumi.output(content) as unknown as pulumi.Output<{ readonly [key: string]: string }>;

/** A Secret of that content; its name is no secret. */
export function makeSecret(
  resource: string,
  { name, namespace, labels, content, base64 = false }: Asked,
  own: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const values = pulumi.secret(asContent(content));
  const named = pulumi.unsecret(values.apply((all) => contentName(name, all)));
  const data = base64 ? { data: values } : { stringData: values };
  const made = new core.Secret(
    resource,
    { metadata: { name: named, namespace, labels }, immutable: true, type: "Opaque", ...data },
    own,
  );
  return made.metadata.name;
}

/** A file of a service, as an entry of a Secret. */
export interface FileItem {
  readonly path: string;
  /** Its key: keys have no slash. */
  readonly key: string;
  readonly base64: string;
  readonly mode: number | undefined;
}

type Files = {
  readonly [path: string]: {
    readonly content?: string;
    readonly contentBase64?: string;
    readonly mode?: number;
  };
};

/** The files by their paths, each under a key of its own: two paths may come to the same word. */
export function fileItems(files: Files): readonly FileItem[] {
  const used = new Set<string>();
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([path, { content = "", contentBase64, mode }]) => {
    const word = path.replace(/^\//, "").replaceAll(/[^A-Za-z0-9._-]/g, "_");
    let key = word;
    for (let next = 2; used.has(key); next += 1) key = `${word}-${next}`;
    used.add(key);
    return { path, key, mode, base64: contentBase64 ?? Buffer.from(content).toString("base64") };
  });
}

/** The modes of a Secret's entries; nothing where all have the usual one. */
export function modesOf(items: readonly Pick<FileItem, "key" | "mode">[]) {
  if (items.every(({ mode }) => mode === undefined)) return {};
  return { items: items.map(({ key, mode = 0o444 }) => ({ key, path: key, mode })) };
}
